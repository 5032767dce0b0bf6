package syslog_test

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

type panicJSON struct{}

func (panicJSON) MarshalJSON() ([]byte, error) { panic("boom") }

func TestNothingInAnEventCanHurt(t *testing.T) {
	cyclic := map[string]any{}
	cyclic["self"] = cyclic
	huge := strings.Repeat("é", 2<<20) // 4 MiB
	for name, c := range map[string]struct {
		log    syslog.Log
		detail syslog.Detail
		mark   string
	}{
		"NUL":            {syslog.Log{Type: "A\x00", Message: "a\x00b", ActorID: "\x00"}, nil, "_encodeError"},
		"UTF-8":          {syslog.Log{Type: "T", Message: "a\xffb\xed\xa0\x80"}, nil, "_encodeError"},
		"cyclic":         {syslog.Log{}, syslog.Metadata(cyclic), "_truncated"},
		"channel":        {syslog.Log{}, syslog.Metadata{"c": make(chan int)}, "_encodeError"},
		"NaN":            {syslog.Log{}, syslog.Metadata{"n": math.NaN(), "i": math.Inf(1)}, "_encodeError"},
		"panicking":      {syslog.Log{}, syslog.Metadata{"p": panicJSON{}}, "_encodeError"},
		"huge message":   {syslog.Log{Message: huge}, nil, "_truncated"},
		"huge type":      {syslog.Log{Type: huge, ActorID: huge}, nil, "_truncated"},
		"huge metadata":  {syslog.Log{}, syslog.Metadata{"h": huge, "small": 1}, "_truncated"},
		"level":          {syslog.Log{Level: 3}, nil, "_level"},
		"actor":          {syslog.Log{Actor: "no one"}, nil, "_actor"},
		"id":             {syslog.Log{ID: strings.Repeat("x", 65)}, nil, "_id"},
		"year":           {syslog.Log{CreatedAt: time.Date(99999, 1, 1, 0, 0, 0, 0, time.UTC)}, nil, "_createdAt"},
		"not an object":  {syslog.Log{Metadata: json.RawMessage(`[1,2]`)}, nil, "_encodeError"},
		"not JSON":       {syslog.Log{Metadata: json.RawMessage(`{"a":`)}, nil, "_encodeError"},
		"huge mixed":     {syslog.Log{Message: "\xff" + huge + "\xff", Metadata: json.RawMessage(`{"a":"` + huge + `"}`)}, syslog.Metadata{"b": huge}, "_truncated"},
		"big number":     {syslog.Log{Metadata: json.RawMessage(`{"a":1e999999}`)}, nil, "_encodeError"},
		"lone surrogate": {syslog.Log{Metadata: json.RawMessage(`{"a":"\ud800"}`)}, nil, "_encodeError"},
	} {
		t.Run(name, func(t *testing.T) {
			st := &memory{}
			l := open(t, st, syslog.Config{})
			cancelled, cancel := context.WithCancel(ctx())
			cancel()
			require.NoError(t, l.Log(cancelled, c.log, c.detail))
			require.NoError(t, l.Flush(ctx()))
			require.Len(t, st.all(), 1)
			g := st.all()[0]
			require.Contains(t, string(g.Metadata), c.mark)
			wellFormed(t, g)
			if c.log.Level == 3 {
				require.Equal(t, syslog.LevelError, g.Level)
			}
			if c.log.Actor != "" {
				require.Equal(t, syslog.ActorSystem, g.Actor)
				require.Contains(t, string(g.Metadata), `"no one"`)
			}
			if c.log.Type == "" {
				require.Equal(t, "UNSPECIFIED", g.Type)
			}
		})
	}
}

// wellFormed checks what every stored event is, whatever it was made of.
func wellFormed(t testing.TB, g syslog.Log) {
	t.Helper()
	require.True(t, g.Level.Valid())
	require.True(t, g.Actor.Valid())
	require.NotEmpty(t, g.ID)
	require.LessOrEqual(t, len(g.ID), 64)
	require.NotEmpty(t, g.Type)
	require.LessOrEqual(t, len(g.Type), syslog.MaxType)
	require.LessOrEqual(t, len(g.ActorID), syslog.MaxActorID)
	require.LessOrEqual(t, len(g.Message), syslog.MaxMessage)
	require.LessOrEqual(t, len(g.Metadata), syslog.DefaultMaxMetadata)
	for _, s := range []string{g.ID, g.Type, g.ActorID, g.Message, string(g.Metadata)} {
		require.True(t, utf8.ValidString(s) && !strings.Contains(s, "\x00"))
	}
	if g.Metadata != nil {
		var m map[string]any
		require.NoError(t, json.Unmarshal(g.Metadata, &m))
	}
	require.Equal(t, time.UTC, g.CreatedAt.Location())
	require.Zero(t, g.CreatedAt.Nanosecond()%int(time.Millisecond))
	b, err := json.Marshal(g)
	require.NoError(t, err)
	require.True(t, json.Valid(b))
}

func FuzzEvent(f *testing.F) {
	f.Add("T", "USER", "u", "m", `{"a":1}`, "k", "v", int64(0), 0)
	f.Add("\x00", "x", "\xff", strings.Repeat("é", 80), `{"a":1e500,"a":2}`, "password", "\xed\xa0\x80", int64(-1), 5)
	l, err := syslog.New(discard{}, &syslog.Config{Logger: quiet(), QueueSize: 1})
	require.NoError(f, err)
	f.Cleanup(func() { _ = l.Close() })
	f.Fuzz(func(t *testing.T, typ, actor, id, message, meta, key, val string, at int64, level int) {
		e := syslog.Log{ID: id, Type: typ, Level: syslog.LogLevel(level), Actor: syslog.LogActor(actor), ActorID: id,
			Message: message, Metadata: json.RawMessage(meta), CreatedAt: time.Unix(at, 0)}
		g := syslog.Normalize(e)
		wellFormed(t, g)
		again := syslog.Normalize(g)
		require.Equal(t, g, again, "normalising twice is normalising once")
		_ = l.Log(ctx(), e, syslog.Metadata{key: val}, syslog.AtLevel(syslog.LogLevel(level)))
	})
}

func TestMetadataMayChangeAfterTheCall(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	m := syslog.Metadata{"n": 0, "list": []any{1}}
	var wg sync.WaitGroup
	for i := range 100 {
		l.Info(ctx(), "T", syslog.System(), "m", m)
		m["n"] = i
		m["list"].([]any)[0] = i
	}
	wg.Wait()
	require.NoError(t, l.Flush(ctx()))
	require.Len(t, st.all(), 100)
}

func TestNilAndClosedLoggers(t *testing.T) {
	var none *syslog.Logger
	for _, c := range calls() {
		c.run(none)
	}
	require.ErrorIs(t, none.Log(ctx(), syslog.Log{}), syslog.ErrClosed)
	require.ErrorIs(t, none.Commit(ctx(), syslog.Log{}), syslog.ErrClosed)
	require.NoError(t, none.Flush(ctx()))
	require.NoError(t, none.Close())
	require.Equal(t, syslog.Stats{}, none.Stats())
	_, err := none.Query(ctx(), syslog.Query{})
	require.ErrorIs(t, err, syslog.ErrNoStore)
	_, err = none.Cleanup(ctx())
	require.ErrorIs(t, err, syslog.ErrNoStore)
	require.False(t, none.Handler().Enabled(ctx(), 8))

	st := &memory{}
	l := open(t, st, syslog.Config{})
	require.NoError(t, l.Close())
	for _, c := range calls() {
		c.run(l)
	}
	require.ErrorIs(t, l.Log(ctx(), syslog.Log{}), syslog.ErrClosed)
	require.ErrorIs(t, l.Commit(ctx(), syslog.Log{}), syslog.ErrClosed)
	require.EqualValues(t, len(calls())+2, l.Stats().Refused)
	require.Empty(t, st.all())
	require.Equal(t, 1, st.closed)
}
