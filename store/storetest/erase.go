package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// testDeleteChosen deletes by each field alone and by several, and looks at what
// is left.
func testDeleteChosen(t *testing.T, st syslog.Store) {
	r := rand.New(rand.NewPCG(19, 23))
	logs := randomEvents(r, 80)
	filters := singles(r, logs[r.IntN(len(logs))])
	for range 8 {
		filters = append(filters, randomFilter(r, logs[r.IntN(len(logs))], 3))
	}
	for i, f := range filters {
		if f.IsZero() { // of an event without actorId
			continue
		}
		write(t, st, logs...)
		gone := chosen(f, logs)
		var want []string
		for _, id := range chosen(syslog.Filter{}, logs) {
			if !slices.Contains(gone, id) {
				want = append(want, id)
			}
		}
		n, err := st.Delete(ctx, f)
		require.NoError(t, err)
		require.EqualValues(t, len(gone), n, "filter %d: %+q", i, f)
		require.ElementsMatch(t, want, ids(query(t, st, syslog.Query{Limit: syslog.MaxLimit}).Logs), "filter %d: %+q", i, f)
		n, err = st.Delete(ctx, f)
		require.NoError(t, err)
		require.Zero(t, n, "again")
	}
}

// testDeleteRefused deletes nothing that a wrong filter chooses.
func testDeleteRefused(t *testing.T, st syslog.Store) {
	write(t, st, events(5, nil)...)
	for name, f := range map[string]syslog.Filter{
		"level": {Levels: []syslog.LogLevel{syslog.LevelInfo, 3}}, "actor": {Actors: []syslog.LogActor{syslog.ActorSystem, "system"}},
		"bounds": {From: day.Add(time.Hour), To: day},
	} {
		n, err := st.Delete(ctx, f)
		require.ErrorIs(t, err, syslog.ErrInvalidQuery, name)
		require.Zero(t, n)
	}
	_, err := st.Delete(ctx, syslog.Filter{Levels: []syslog.LogLevel{}, Actors: []syslog.LogActor{}})
	require.ErrorIs(t, err, syslog.ErrEmptyFilter, "empty lists are no condition")
	require.EqualValues(t, 5, total(t, st, syslog.Filter{}))
}

// testCleanupLevels applies an age to each level and, in turn, to none but one.
func testCleanupLevels(t *testing.T, st syslog.Store) {
	const hour = time.Hour
	now := day.AddDate(0, 0, 7)
	var logs []syslog.Log
	for i, level := range syslog.Levels() {
		for j, age := range []time.Duration{hour - time.Millisecond, hour, hour + time.Millisecond, 48 * hour, -hour} {
			l := event(0)
			l.ID, l.Level, l.CreatedAt = fmt.Sprintf("id_%d_%d", i, j), level, now.Add(-age)
			logs = append(logs, l)
		}
	}
	kept := func(p syslog.RetentionPolicy) (left int64, s syslog.CleanupStats) {
		write(t, st, logs...)
		given := len(p)
		s, err := st.Cleanup(ctx, p, now.In(time.FixedZone("x", -3600)))
		require.NoError(t, err)
		require.Len(t, p, given)
		require.Equal(t, s.TotalDeleted, s.InfoDeleted+s.WarningDeleted+s.ErrorDeleted+s.CriticalDeleted)
		require.GreaterOrEqual(t, s.DurationMs, int64(0))
		require.Len(t, s.Policy, given, "the policy that was applied")
		left = total(t, st, syslog.Filter{})
		require.EqualValues(t, len(logs), left+s.TotalDeleted)
		return left, s
	}
	for _, level := range syslog.Levels() {
		_, s := kept(syslog.RetentionPolicy{level: hour})
		require.EqualValues(t, 2, s.TotalDeleted, "%v: as old as the age is kept, a millisecond more is not", level)
		require.EqualValues(t, 3, total(t, st, syslog.Filter{Levels: []syslog.LogLevel{level}}))
	}
	_, s := kept(syslog.RetentionPolicy{syslog.LevelInfo: hour, syslog.LevelWarning: 48 * hour, syslog.LevelError: 24 * hour, syslog.LevelCritical: hour + time.Nanosecond})
	require.Equal(t, [...]int64{2, 0, 1, 2}, [...]int64{s.InfoDeleted, s.WarningDeleted, s.ErrorDeleted, s.CriticalDeleted})
	for _, p := range []syslog.RetentionPolicy{nil, {}, {syslog.LevelInfo: syslog.Forever}, {syslog.LevelInfo: syslog.Forever - 1}} {
		left, _ := kept(p)
		require.EqualValues(t, len(logs), left)
	}
	for _, age := range []time.Duration{0, -time.Hour} {
		s, err := st.Cleanup(ctx, syslog.RetentionPolicy{syslog.LevelWarning: hour, syslog.LevelInfo: age}, now)
		var wrong *syslog.ConfigError
		require.True(t, errors.As(err, &wrong), "%v", err)
		require.Zero(t, s.TotalDeleted)
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	s, err := st.Cleanup(gone, syslog.RetentionPolicy{syslog.LevelInfo: hour}, now)
	require.ErrorIs(t, err, context.Canceled)
	require.Zero(t, s.TotalDeleted)
	require.EqualValues(t, len(logs), total(t, st, syslog.Filter{}))
}
