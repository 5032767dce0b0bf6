package demo

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

var end = time.Date(2026, 11, 22, 18, 4, 11, 0, time.UTC)

// TestHistory: as many events as asked for, in order, within the days, all of them valid,
// and the same for the same seed.
func TestHistory(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 100, 4000, 12_000} {
		logs := slices.Collect(History(7, n, end))
		require.Len(t, logs, n)
		ids := map[string]bool{}
		for i, l := range logs {
			require.True(t, json.Valid(l.Metadata))
			require.True(t, l.Level.Valid() && l.Actor.Valid(), "%v", l)
			require.True(t, l.CreatedAt.Before(end) && !l.CreatedAt.Before(end.Add(-Days*24*time.Hour)))
			if i > 0 {
				require.False(t, l.CreatedAt.Before(logs[i-1].CreatedAt))
				require.Less(t, logs[i-1].ID, l.ID)
			}
			ids[l.ID] = true
		}
		require.Len(t, ids, n)
		require.Equal(t, logs, slices.Collect(History(7, n, end)))
	}
	require.NotEqual(t, slices.Collect(History(7, 10, end)), slices.Collect(History(8, 10, end)))
	for range History(7, 4000, end) {
		break
	}
}

// TestHistoryHasAShape: nights are quiet, every level is there, and some hours are bad.
func TestHistoryHasAShape(t *testing.T) {
	t.Parallel()
	levels, types := map[syslog.LogLevel]int{}, map[string]int{}
	perHour, wrong := map[int]int{}, map[time.Time]int{}
	for l := range History(7, 4000, end) {
		levels[l.Level]++
		types[l.Type]++
		perHour[l.CreatedAt.In(paris).Hour()]++
		if l.Level >= syslog.LevelError {
			wrong[l.CreatedAt.Truncate(time.Hour)]++
		}
	}
	require.Greater(t, perHour[20], 3*perHour[4])
	require.Greater(t, len(types), 20)
	for _, l := range syslog.Levels() {
		require.Positive(t, levels[l], l)
	}
	require.Less(t, levels[syslog.LevelCritical], 60)
	require.Less(t, levels[syslog.LevelError], 800)
	worst := 0
	for _, n := range wrong {
		worst = max(worst, n)
	}
	require.Greater(t, worst, 10, "no hour was bad")
}

func TestEventsGoOn(t *testing.T) {
	t.Parallel()
	g := New(1)
	var all time.Duration
	for range 1000 {
		require.Empty(t, g.Event(end).ID)
		all += g.Pause(4)
	}
	require.InDelta(t, 250, all.Seconds(), 40)
}
