package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// hide scrubs everything.
func hide(syslog.Log) (string, json.RawMessage, error) {
	return "é [erased] '%s'", json.RawMessage(`{"n": 12345678901234567890.1230, "s": "\"\\ é", "_syslogActor": "x"}`), nil
}

// testAnonymize changes an actor's events, and nothing else of them, and none of others.
func testAnonymize(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Anonymizer)
	if !ok {
		return
	}
	long := strings.Repeat("é", 128)
	logs := events(1300, func(i int, l *syslog.Log) {
		l.Level, l.Type = syslog.Levels()[i%4], "T é"
		l.Actor = []syslog.LogActor{syslog.ActorUser, "BOT", syslog.ActorSystem}[i%3]
		l.ActorID = []string{"usr_1", "usr_12", "", "USR_1", "%", `a'b"\/?$1`, long}[i%7]
		l.Metadata = []json.RawMessage{nil, json.RawMessage(`{"actorId": "usr_1"}`), json.RawMessage(`{"_syslogActor": "ADMIN", "n": 1}`)}[i%5%3]
	})
	write(t, st, logs...)
	read := func() map[string]syslog.Log {
		all := map[string]syslog.Log{}
		for l, err := range st.All(ctx, syslog.Filter{}) {
			require.NoError(t, err)
			all[l.ID] = l
		}
		require.Len(t, all, len(logs))
		return all
	}
	want := read()
	anonymize := func(f syslog.Filter, scrub syslog.Scrub, changed func(l *syslog.Log)) {
		t.Helper()
		expected := int64(0)
		for id, l := range want {
			if f.Matcher()(&l) {
				expected++
				changed(&l)
				l.ActorID = ""
				want[id] = l
			}
		}
		n, err := a.Anonymize(ctx, f, scrub)
		require.NoError(t, err)
		require.Equal(t, expected, n)
		for id, l := range read() {
			require.Equal(t, string(want[id].Metadata) == "", string(l.Metadata) == "")
			if l.Metadata != nil {
				require.Equal(t, compact(t, want[id].Metadata), compact(t, l.Metadata))
			}
			l.Metadata = want[id].Metadata
			require.Equal(t, want[id], l)
		}
		n, err = a.Anonymize(ctx, f, scrub)
		require.NoError(t, err)
		require.Zero(t, n, "again")
	}
	hidden := func(l *syslog.Log) { l.Message, l.Metadata, _ = hide(*l) }
	anonymize(syslog.Filter{ActorID: "usr_1", Levels: []syslog.LogLevel{syslog.LevelError}, To: event(700).CreatedAt}, hide, hidden)
	anonymize(syslog.Filter{ActorID: "usr_1"}, hide, hidden)
	anonymize(syslog.Filter{ActorID: "usr_12", Search: "É"}, func(l syslog.Log) (string, json.RawMessage, error) { return l.Message, nil, nil }, func(l *syslog.Log) { l.Metadata = nil })
	for _, id := range []string{"%", `a'b"\/?$1`, long, "nobody"} {
		anonymize(syslog.Filter{ActorID: id}, func(l syslog.Log) (string, json.RawMessage, error) { return "", l.Metadata, nil }, func(l *syslog.Log) { l.Message = "" })
	}
	require.Positive(t, total(t, st, syslog.Filter{ActorID: "USR_1"}), "of another case, another actor")
	require.Positive(t, total(t, st, syslog.Filter{Actors: []syslog.LogActor{"BOT"}, Search: "[ERASED]"}), "they are found as they are now")
	for _, f := range []syslog.Filter{{}, {Type: "T"}} {
		_, err := a.Anonymize(ctx, f, hide)
		require.ErrorIs(t, err, syslog.ErrEmptyFilter)
	}
	_, err := a.Anonymize(ctx, syslog.Filter{ActorID: "x", Levels: []syslog.LogLevel{3}}, hide)
	require.ErrorIs(t, err, syslog.ErrInvalidQuery)
	var none context.Context
	_, err = a.Anonymize(none, syslog.Filter{ActorID: "nobody"}, hide)
	require.NoError(t, err)
}

// compact is JSON with sorted keys, and numbers as they are written.
func compact(t *testing.T, text json.RawMessage) string {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(string(text)))
	dec.UseNumber()
	var v any
	require.NoError(t, dec.Decode(&v), "%s", text)
	out, err := json.Marshal(v)
	require.NoError(t, err)
	return string(out)
}

// testAnonymizeEnds midway, by its context, by scrub, or not at all where events vanish.
func testAnonymizeEnds(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Anonymizer)
	if !ok {
		return
	}
	const all = 1200
	write(t, st, events(all, func(_ int, l *syslog.Log) { l.ActorID = "usr_1" })...)
	f := syslog.Filter{ActorID: "usr_1"}
	left := int64(all)
	gone, cancel := context.WithCancel(ctx)
	defer cancel()
	seen := 0
	n, err := a.Anonymize(gone, f, func(l syslog.Log) (string, json.RawMessage, error) {
		if seen++; seen == 700 {
			cancel()
		}
		return hide(l)
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Positive(t, n)
	require.Less(t, n, left)
	left -= n
	require.Equal(t, left, total(t, st, f), "what was changed is reported")
	n, err = a.Anonymize(gone, f, hide)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, n)

	refused := errors.New("refused")
	seen = 0
	n, err = a.Anonymize(ctx, f, func(l syslog.Log) (string, json.RawMessage, error) {
		if seen++; seen == 20 {
			return "", nil, refused
		}
		return hide(l)
	})
	require.ErrorIs(t, err, refused)
	require.Less(t, n, int64(20))
	left -= n
	require.Equal(t, left, total(t, st, f))

	n, err = a.Anonymize(ctx, f, func(l syslog.Log) (string, json.RawMessage, error) {
		if l.ID == event(all-1).ID {
			n, err := st.Delete(ctx, syslog.Filter{ActorID: "usr_1", From: l.CreatedAt})
			require.NoError(t, err)
			require.EqualValues(t, 1, n)
		}
		return hide(l)
	})
	require.NoError(t, err)
	require.Equal(t, left-1, n, "one that has vanished is not counted")
	require.Zero(t, total(t, st, f))
	require.EqualValues(t, all-1, total(t, st, syslog.Filter{}))
}

// testAnonymizeTimes: of two events of one ID, where there can be, the one that f chooses.
func testAnonymizeTimes(t *testing.T, st syslog.Store) {
	a, ok := st.(syslog.Anonymizer)
	if !ok {
		return
	}
	first, second := event(1), event(1)
	second.CreatedAt = first.CreatedAt.Add(time.Millisecond)
	first.ActorID, second.ActorID = "usr_1", "usr_1"
	write(t, st, first)
	write(t, st, second)
	n, err := a.Anonymize(ctx, syslog.Filter{ActorID: "usr_1", From: second.CreatedAt}, hide)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.EqualValues(t, 1, total(t, st, syslog.Filter{ActorID: "usr_1", To: first.CreatedAt}))
	require.EqualValues(t, 1, total(t, st, syslog.Filter{Search: "[erased]", From: second.CreatedAt}))
}
