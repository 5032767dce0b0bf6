package syslog_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestAllocationBudget(t *testing.T) {
	if raceEnabled {
		t.Log("the race detector allocates; the budget is checked by the run without it")
		return
	}
	for _, cfg := range []syslog.Config{{}, {SpillDir: t.TempDir()}, {SpillDir: t.TempDir(), Durability: syslog.Journal}} {
		cfg.QueueSize, cfg.QueueBytes = 1_000_000, 1<<30
		budget(t, open(t, discard{}, cfg))
	}
}

func budget(t *testing.T, l *syslog.Logger) {
	userID := "usr_00031"
	inRequest := syslog.WithAttrs(context.WithoutCancel(ctx()), slog.String("requestId", "r1"), slog.String("ip", "203.0.113.9"))
	meta := syslog.Metadata{"ip": "203.0.113.9", "attempt": 3, "ok": true, "ratio": 0.5, "amount": 1250}
	for name, c := range map[string]struct {
		budget float64
		call   func()
	}{
		"attrs": {0, func() {
			l.Info(ctx(), "USER_LOGIN", syslog.User(userID), "signed in", syslog.Attrs(
				slog.String("ip", "203.0.113.9"), slog.Int("attempt", 3), slog.Bool("ok", true),
				slog.Float64("ratio", 0.5), slog.Int64("amount", 1250)))
		}},
		"attrs of a context": {0, func() {
			l.Info(inRequest, "USER_LOGIN", syslog.User(userID), "signed in", syslog.Attrs(slog.Int("attempt", 3)))
		}},
		"metadata":        {1, func() { l.Info(ctx(), "USER_LOGIN", syslog.User(userID), "signed in", meta) }},
		"helper":          {0, func() { l.Booking(ctx(), syslog.BookingCreated, "bk_1", userID, "cr_1") }},
		"helper at level": {0, func() { l.UserAction(ctx(), "X", userID, "m", syslog.AtLevel(syslog.LevelError)) }},
	} {
		t.Run(name, func(t *testing.T) {
			require.LessOrEqual(t, testing.AllocsPerRun(5000, c.call), c.budget)
		})
	}
}

func BenchmarkCall(b *testing.B) {
	for _, c := range []string{"attrs", "metadata", "helper"} {
		b.Run(c, func(b *testing.B) {
			l := open(b, discard{}, syslog.Config{QueueSize: 1_000_000, QueueBytes: 1 << 30})
			meta := syslog.Metadata{"ip": "203.0.113.9", "attempt": 3, "ok": true, "ratio": 0.5, "amount": 1250}
			b.ReportAllocs()
			for b.Loop() {
				switch c {
				case "attrs":
					l.Info(ctx(), "USER_LOGIN", syslog.User("usr_00031"), "signed in", syslog.Attrs(
						slog.String("ip", "203.0.113.9"), slog.Int("attempt", 3), slog.Bool("ok", true),
						slog.Float64("ratio", 0.5), slog.Int64("amount", 1250)))
				case "metadata":
					l.Info(ctx(), "USER_LOGIN", syslog.User("usr_00031"), "signed in", meta)
				case "helper":
					l.Booking(ctx(), syslog.BookingCreated, "bk_1", "usr_00031", "cr_1")
				}
			}
			b.StopTimer()
			s := l.Stats()
			b.ReportMetric(float64(s.Refused)/float64(s.Produced), "refused")
		})
	}
}
