package syslog_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestAttrsOfAContext: every way to record has them, and what the call says wins.
func TestAttrsOfAContext(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	outer := syslog.WithAttrs(nil, slog.String("requestId", "r1"), slog.String("ip", "203.0.113.9"), slog.String("password", "x")) //nolint:staticcheck // what a host may do
	inner := syslog.WithAttrs(outer, slog.String("ip", "203.0.113.10"), slog.Group("user", "id", 7))
	require.Equal(t, outer, syslog.WithAttrs(outer))

	l.Info(inner, "A", syslog.System(), "m", syslog.Attrs(slog.String("requestId", "own")))
	l.Booking(outer, syslog.BookingCreated, "bk_1", "u", "c")
	require.NoError(t, l.Log(outer, syslog.Log{Type: "L", Metadata: []byte(`{"ip":"own"}`)}))
	require.NoError(t, l.Commit(outer, syslog.Log{Type: "C"}))
	slog.New(l.Handler()).InfoContext(outer, "handled", "n", 1)
	l.Info(context.Background(), "B", syslog.System(), "m")
	require.NoError(t, l.Flush(context.Background()))
	got := map[string]string{}
	for _, e := range st.all() {
		got[e.Type] = string(e.Metadata)
	}
	require.JSONEq(t, `{"requestId":"own","ip":"203.0.113.10","password":"[REDACTED]","user":{"id":7}}`, got["A"])
	require.JSONEq(t, `{"requestId":"r1","ip":"203.0.113.9","password":"[REDACTED]","bookingId":"bk_1","creatorId":"c"}`, got["BOOKING_CREATED"])
	require.JSONEq(t, `{"requestId":"r1","ip":"own","password":"[REDACTED]"}`, got["L"])
	require.JSONEq(t, `{"requestId":"r1","ip":"203.0.113.9","password":"[REDACTED]"}`, got["C"])
	require.Empty(t, got["B"])
}

// TestTwoBranchesOfAContext do not see one another's fields.
func TestTwoBranchesOfAContext(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	parent := syslog.WithAttrs(context.Background(), slog.Int("p", 0))
	for i := range 3 {
		l.Info(syslog.WithAttrs(parent, slog.Int("i", i)), "T", syslog.System(), "m")
	}
	require.NoError(t, l.Flush(context.Background()))
	for i, e := range st.all() {
		require.JSONEq(t, `{"p":0,"i":`+string(rune('0'+i))+`}`, string(e.Metadata))
	}
}

// badContext is one of a host's whose methods panic.
type badContext struct{}

func (badContext) Deadline() (time.Time, bool) { panic("Deadline") }
func (badContext) Done() <-chan struct{}       { panic("Done") }
func (badContext) Err() error                  { return errors.New("bad") }
func (badContext) Value(any) any               { panic("Value") }

func TestAContextThatPanics(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	l.Info(badContext{}, "T", syslog.System(), "m")
	l.Info((*nilContext)(nil), "T", syslog.System(), "m")
	require.NoError(t, l.Flush(context.Background()))
	require.Len(t, st.all(), 2)
}

type nilContext struct{ context.Context }
