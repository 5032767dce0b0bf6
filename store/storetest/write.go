package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func testRoundTrip(t *testing.T, st syslog.Store) {
	full := syslog.Log{
		ID: "full", Level: syslog.LevelCritical, Type: "PAYMENT_FAILED", Actor: "PARTNER_2", ActorID: "usr_1",
		Message: "Échec 🙂 'quoted' \"twice\"\n\ttab \\ back", Metadata: []byte(`{"n":12345678901234567890.10,"s":"é\n\"","o":{"a":[1,null,true]}}`),
		CreatedAt: time.Date(2024, 1, 15, 10, 30, 0, 123e6, time.UTC),
	}
	bare := syslog.Log{ID: "bare", Type: "T", Actor: syslog.ActorGuest, CreatedAt: time.Date(1969, 12, 31, 23, 59, 59, 999e6, time.UTC)}
	write(t, st, full, bare)
	got := query(t, st, syslog.Query{}).Logs
	require.Len(t, got, 2)
	require.JSONEq(t, string(full.Metadata), string(got[0].Metadata))
	require.Contains(t, string(got[0].Metadata), "12345678901234567890.10", "numbers keep every digit")
	got[0].Metadata = full.Metadata
	require.Equal(t, full, got[0])
	require.Equal(t, bare, got[1], "no metadata is nil, and no actorId is empty")
	for _, level := range syslog.Levels() {
		l := event(int(level))
		l.Level = level
		write(t, st, l)
		require.Equal(t, l, query(t, st, syslog.Query{Filter: syslog.Filter{From: l.CreatedAt, To: l.CreatedAt}}).Logs[0])
	}
}

func testIdempotent(t *testing.T, st syslog.Store, timeInKey bool) {
	first := event(1)
	again, twice := first, event(2)
	again.Message = "changed"
	if !timeInKey {
		again.CreatedAt = day.Add(time.Hour)
	}
	write(t, st, first)
	if c, ok := st.(syslog.CountingSink); ok {
		n, err := c.WriteCount(ctx, []syslog.Log{again, twice, twice, event(3)})
		require.NoError(t, err)
		require.Equal(t, 2, n)
	} else {
		write(t, st, again, twice, twice, event(3))
	}
	write(t, st, again, twice)
	got := query(t, st, syslog.Query{Order: syslog.Asc}).Logs
	require.Equal(t, []syslog.Log{first, twice, event(3)}, got, "the first one stays")
}

func testSliceIsNotKept(t *testing.T, st syslog.Store) {
	logs := events(10, nil)
	write(t, st, logs...)
	clear(logs)
	require.Equal(t, events(10, nil), query(t, st, syslog.Query{Order: syslog.Asc}).Logs)
}

func testLargeBatch(t *testing.T, st syslog.Store) {
	long := strings.Repeat("é", 8<<10)
	logs := events(5000, func(i int, l *syslog.Log) {
		if i%500 == 0 {
			l.Message = long
		}
	})
	write(t, st, logs...)
	require.EqualValues(t, len(logs), total(t, st, syslog.Filter{}))
	require.EqualValues(t, 10, total(t, st, syslog.Filter{Search: "éé"}))
}

func testClose(t *testing.T, st syslog.Store) {
	write(t, st, event(1))
	require.NoError(t, st.Close(ctx))
	require.NoError(t, st.Close(ctx), "twice")
	require.Error(t, st.Write(ctx, []syslog.Log{event(2)}))
	_, err := st.Query(ctx, syslog.Query{})
	require.Error(t, err)
	_, err = st.Delete(ctx, syslog.Filter{Type: "T"})
	require.Error(t, err)
	_, err = st.Cleanup(ctx, syslog.DefaultRetention(), day)
	require.Error(t, err)
	failed := false
	for _, err := range st.All(ctx, syslog.Filter{}) {
		failed = err != nil
	}
	require.True(t, failed)
	if g, ok := st.(syslog.Getter); ok {
		_, err = g.Get(ctx, event(1).ID)
		require.ErrorIs(t, err, syslog.ErrClosed)
	}
	if a, ok := st.(syslog.Anonymizer); ok {
		_, err = a.Anonymize(ctx, syslog.Filter{ActorID: "usr_1"}, hide)
		require.ErrorIs(t, err, syslog.ErrClosed)
	}
}
