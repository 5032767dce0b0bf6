package syslog_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestLevels(t *testing.T) {
	require.Equal(t, []syslog.LogLevel{0, 4, 8, 12}, syslog.Levels())
	for _, l := range syslog.Levels() {
		got, err := syslog.ParseLevel("  "[2:] + l.String())
		require.NoError(t, err)
		require.Equal(t, l, got)
		b, err := json.Marshal(l)
		require.NoError(t, err)
		require.Equal(t, `"`+l.String()+`"`, string(b))
		v, err := l.Value()
		require.NoError(t, err)
		var back syslog.LogLevel
		require.NoError(t, back.Scan(v))
		require.NoError(t, back.Scan([]byte(l.String())))
		require.Equal(t, l, back)
	}
	l, err := syslog.ParseLevel("critical")
	require.NoError(t, err)
	require.Equal(t, syslog.LevelCritical, l)
	_, err = syslog.ParseLevel("DEBUG")
	require.ErrorIs(t, err, syslog.ErrInvalidLevel)
	_, err = json.Marshal(syslog.LogLevel(3))
	require.ErrorIs(t, err, syslog.ErrInvalidLevel)
	require.ErrorIs(t, l.Scan(3), syslog.ErrInvalidLevel)
	require.Equal(t, "LogLevel(3)", syslog.LogLevel(3).String())
}

func TestActors(t *testing.T) {
	require.Len(t, syslog.Actors(), 5)
	a, err := syslog.ParseActor("partner_2")
	require.NoError(t, err)
	require.EqualValues(t, "PARTNER_2", a)
	for _, bad := range []string{"", "2X", "_X", "A B", "É", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456"} {
		_, err := syslog.ParseActor(bad)
		require.ErrorIs(t, err, syslog.ErrInvalidActor, bad)
	}
}

func TestLogAsJSON(t *testing.T) {
	at := time.Date(2024, 1, 15, 10, 30, 0, 5e6, time.UTC)
	g := syslog.Log{ID: "i", Type: "T", Actor: syslog.ActorUser, Message: "m", CreatedAt: at}
	b, err := json.Marshal(g)
	require.NoError(t, err)
	require.Equal(t, `{"id":"i","level":"INFO","type":"T","actor":"USER","actorId":null,"message":"m","metadata":null,"createdAt":"2024-01-15T10:30:00.005Z"}`, string(b))
	g.ActorID, g.Metadata = "u", json.RawMessage(`{"a":1.10}`)
	b, err = json.Marshal(g)
	require.NoError(t, err)
	require.Contains(t, string(b), `"actorId":"u","message":"m","metadata":{"a":1.10}`)
	var back syslog.Log
	require.NoError(t, json.Unmarshal(b, &back))
	require.Equal(t, g, back)
}

func TestCleanupStatsAsJSON(t *testing.T) {
	s := syslog.CleanupStats{Policy: syslog.DefaultRetention(), DurationMs: 3}
	s.Add(syslog.LevelInfo, 2)
	b, err := json.Marshal(s)
	require.NoError(t, err)
	require.Equal(t, `{"infoDeleted":2,"warningDeleted":0,"errorDeleted":0,"totalDeleted":2,"durationMs":3}`, string(b))
	s.Policy = syslog.RetentionPolicy{syslog.LevelCritical: time.Hour}
	b, err = json.Marshal(s)
	require.NoError(t, err)
	require.Contains(t, string(b), `"criticalDeleted":0`)
}

func FuzzCursor(f *testing.F) {
	f.Add(syslog.Position{CreatedAt: time.UnixMilli(5), ID: "x", Rows: 3}.Cursor(syslog.Asc), 1)
	f.Fuzz(func(t *testing.T, cursor string, order int) {
		q := syslog.Query{Cursor: cursor, Order: syslog.Order(order)}
		p, err := q.After()
		if err != nil {
			require.ErrorIs(t, err, syslog.ErrInvalidCursor)
			require.ErrorIs(t, err, syslog.ErrInvalidQuery)
		} else if p != nil {
			again := syslog.Query{Cursor: p.Cursor(q.Order), Order: q.Order}
			q, err := again.After()
			require.NoError(t, err)
			require.Equal(t, p, q)
		}
	})
}
