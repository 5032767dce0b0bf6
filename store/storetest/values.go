package storetest

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// testValues takes what the fields of an event can hold to its ends.
func testValues(t *testing.T, st syslog.Store) {
	zone := time.FixedZone("east", 5*3600+1800)
	for i, change := range []func(l *syslog.Log){
		func(l *syslog.Log) { l.Metadata = []byte(`{}`) },
		func(l *syslog.Log) { l.Metadata = []byte(`{"a":null,"":"","é\u0001":[[],{}],"s":"\u0001\"\\"}`) },
		func(l *syslog.Log) { l.Metadata = []byte(`{"s":"` + strings.Repeat("é", 512<<10-8) + `"}`) },
		func(l *syslog.Log) { l.ActorID = strings.Repeat("é", 128) },
		func(l *syslog.Log) { l.ActorID = " 'usr' \t" },
		func(l *syslog.Log) { l.Type = strings.Repeat("🙂", syslog.MaxType/4) },
		func(l *syslog.Log) { l.Actor = syslog.LogActor("A" + strings.Repeat("_", 31)) },
		func(l *syslog.Log) { l.ID = strings.Repeat("z", 64) },
		func(l *syslog.Log) { l.Message = "\u202Eשלום\u202C e\u0301 \U0010FFFF \uFFFD" },
		func(l *syslog.Log) { l.Message = " \r\n\t\v\x1b[31m\x7f\u2028 " },
		func(l *syslog.Log) { l.Message = strings.Repeat("\U0001F642", syslog.MaxMessage/4) },
		func(l *syslog.Log) { l.CreatedAt = time.Date(1900, 1, 1, 0, 0, 0, 1e6, time.UTC) },
		func(l *syslog.Log) { l.CreatedAt = time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC) },
		func(l *syslog.Log) { l.CreatedAt = time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.UTC) },
		func(l *syslog.Log) { l.CreatedAt = time.Date(2024, 3, 31, 2, 30, 0, 123_999_999, zone) },
	} {
		l := event(i)
		change(&l)
		write(t, st, l)
		moment := time.UnixMilli(l.CreatedAt.UnixMilli()).UTC()
		found := query(t, st, syslog.Query{Filter: syslog.Filter{From: moment, To: moment}}).Logs
		require.Len(t, found, 1, "event %d", i)
		got := found[0]
		require.Equal(t, time.UTC, got.CreatedAt.Location())
		require.True(t, moment.Equal(got.CreatedAt), "event %d: %v is whole milliseconds of %v", i, got.CreatedAt, l.CreatedAt)
		require.Equal(t, l.Metadata == nil, got.Metadata == nil, "event %d: no metadata is not {}", i)
		require.Equal(t, exact(t, l.Metadata), exact(t, got.Metadata), "event %d", i)
		l.Metadata, got.Metadata, l.CreatedAt = nil, nil, moment
		require.Equal(t, l, got, "event %d", i)
	}
}

// testDigits keeps numbers as they are written, where a float64 would not.
func testDigits(t *testing.T, st syslog.Store) {
	for i, n := range []string{
		"12345678901234567890.10", "0", "-0.5", "9007199254740993", "18446744073709551616", "1.10", "100.00",
		"0.1000000000000000055511151231257827", "-" + strings.Repeat("9", 200),
	} {
		l := event(i)
		l.Metadata = []byte(`{"n":` + n + `,"deep":[{"n":` + n + `}]}`)
		write(t, st, l)
		got := query(t, st, syslog.Query{Limit: 1}).Logs[0]
		require.Equal(t, l.ID, got.ID)
		require.Equal(t, exact(t, l.Metadata), exact(t, got.Metadata), "every digit of %s", n)
	}
}

// exact is the value of metadata, with numbers as they are written.
func exact(t *testing.T, metadata []byte) any {
	if metadata == nil {
		return nil
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(metadata))
	d.UseNumber()
	require.NoError(t, d.Decode(&v))
	require.False(t, d.More())
	return v
}

// testNilContext: a mistake of the host's ends nothing.
func testNilContext(t *testing.T, st syslog.Store) {
	var none context.Context
	require.NoError(t, st.Write(none, events(3, nil)))
	p, err := st.Query(none, syslog.Query{})
	require.NoError(t, err)
	require.Len(t, p.Logs, 3)
	for _, err := range st.All(none, syslog.Filter{}) {
		require.NoError(t, err)
	}
	n, err := st.Delete(none, syslog.Filter{Type: "T"})
	require.NoError(t, err)
	require.EqualValues(t, 3, n)
	_, err = st.Cleanup(none, syslog.DefaultRetention(), day)
	require.NoError(t, err)
}
