package syslog_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestEveryWrongFieldAtOnce(t *testing.T) {
	s := &memory{}
	_, err := syslog.New(s, &syslog.Config{
		MinLevel: 3, QueueSize: -1, QueueBytes: 1, BatchSize: 1 << 30, FlushInterval: -time.Second, MaxMetadata: 2 << 20,
		SpillMaxBytes: 5, Durability: 9, SpillSync: -1, DeadLetterMax: 1, DeadLetterFile: os.TempDir(), Redact: []string{"--"},
		Sinks:     []syslog.SinkConfig{{Name: "a", Sink: s}, {Name: "a", Sink: (*memory)(nil)}, {MinLevel: 1}},
		Retention: syslog.RetentionPolicy{syslog.LevelInfo: 0, 7: time.Hour},
	})
	var bad *syslog.ConfigError
	require.ErrorAs(t, err, &bad)
	var fields []string
	for _, f := range bad.Fields {
		fields = append(fields, f.Field)
		require.NotEmpty(t, f.Want)
		require.ErrorContains(t, err, f.Field)
	}
	require.ElementsMatch(t, []string{
		"MinLevel", "QueueSize", "QueueBytes", "BatchSize", "FlushInterval", "MaxMetadata", "SpillDir",
		"SpillMaxBytes", "Durability", "SpillSync", "DeadLetterMax", "DeadLetterFile", "Redact[0]",
		"Sinks[1].Name", "Sinks[1].Sink", "Sinks[2].Name", "Sinks[2].Sink", "Sinks[2].MinLevel", "Retention[INFO]", "Retention[LogLevel(7)]",
	}, fields)
	require.ErrorContains(t, err, "1 to 50000")
	require.Zero(t, s.closed, "a store that was not taken over stays open")
	_, err = syslog.New((*memory)(nil), nil)
	require.ErrorAs(t, err, &bad)
}

func TestConfigIsCopied(t *testing.T) {
	st := &memory{}
	names := []string{"iban"}
	l := open(t, st, syslog.Config{Redact: names})
	names[0] = "other"
	l.Info(ctx(), "T", syslog.System(), "m", syslog.Metadata{"userIban": "FR76", "password": "x", "other": 1})
	require.NoError(t, l.Flush(ctx()))
	require.JSONEq(t, `{"userIban":"[REDACTED]","password":"[REDACTED]","other":1}`, string(st.all()[0].Metadata))

	l = open(t, st, syslog.Config{NoDefaultRedaction: true})
	l.Info(ctx(), "T", syslog.System(), "m", syslog.Metadata{"password": "x"})
	require.NoError(t, l.Flush(ctx()))
	require.JSONEq(t, `{"password":"x"}`, string(st.all()[1].Metadata))
}

func TestClockAndIDs(t *testing.T) {
	st := &memory{}
	at := time.Date(2024, 1, 15, 10, 30, 0, 123_456_789, time.FixedZone("x", 3600))
	l := open(t, st, syslog.Config{Now: func() time.Time { return at }})
	for range 1000 {
		l.Info(ctx(), "T", syslog.System(), "m")
	}
	require.NoError(t, l.Log(ctx(), syslog.Log{ID: "mine", CreatedAt: at.Add(-time.Hour)}))
	require.NoError(t, l.Log(ctx(), syslog.Log{ID: "mine", CreatedAt: at.Add(-time.Hour)}))
	require.NoError(t, l.Flush(ctx()))
	logs := st.all()
	require.Len(t, logs, 1001)
	require.EqualValues(t, 1, l.Stats().Duplicate)
	want := time.Date(2024, 1, 15, 9, 30, 0, 123e6, time.UTC)
	for i, g := range logs[:1000] {
		require.Equal(t, want, g.CreatedAt)
		require.Len(t, g.ID, 26)
		if i > 0 {
			require.Greater(t, g.ID, logs[i-1].ID)
		}
	}
	require.Equal(t, "mine", logs[1000].ID)
}

func TestRetentionInDays(t *testing.T) {
	var out lines
	logger := slog.New(slog.NewTextHandler(&out, nil))
	open(t, &memory{}, syslog.Config{Logger: logger})
	open(t, &memory{}, syslog.Config{Logger: logger, Retention: syslog.RetentionPolicy{
		syslog.LevelInfo: time.Minute, syslog.LevelWarning: 24 * time.Hour, syslog.LevelCritical: syslog.Forever,
	}})
	require.Empty(t, out.String())
	open(t, &memory{}, syslog.Config{Logger: logger, Retention: syslog.RetentionPolicy{syslog.LevelInfo: 30, syslog.LevelError: 90 * 24 * time.Hour, syslog.LevelCritical: 59 * time.Second}})
	require.Equal(t, 2, strings.Count(out.String(), "\n"), out.String())
	require.Contains(t, out.String(), "events=CRITICAL age=59s")
	require.Contains(t, out.String(), `events=INFO age=30ns hint="a day is 24*time.Hour"`)
}

func TestSpillSettingsThatContradictEachOther(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for want, cfg := range map[string]syslog.Config{
		"since Durability asks for one":  {Durability: syslog.Journal},
		"since SpillMaxBytes":            {SpillMaxBytes: 1 << 30},
		"since SpillDir is set":          {SpillDir: t.TempDir(), Durability: syslog.Memory},
		"is a file":                      {SpillDir: filepath.Join(file, "below")},
		"file is a file":                 {SpillDir: file},
		"SpillMaxBytes is 1048575: want": {SpillDir: t.TempDir(), SpillMaxBytes: 1<<20 - 1},
	} {
		_, err := syslog.New(discard{}, &cfg)
		var bad *syslog.ConfigError
		require.ErrorAs(t, err, &bad, want)
		require.ErrorContains(t, err, want)
	}
}
