package admin

import (
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// TestSpeeds are since somebody looked last, and never over a moment.
func TestSpeeds(t *testing.T) {
	at := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	counts := func(store, sink uint64) syslog.Stats {
		return syslog.Stats{Written: store - 1, Duplicate: 1, Sinks: map[string]syslog.SinkStats{"mail": {Written: sink}}}
	}
	w := pace{}
	w.before = newWrittenAt(at, counts(100, 0))
	w.since = w.before
	for _, c := range []struct {
		after       time.Duration
		store, sink uint64
		perSecond   [2]float64
		over        time.Duration
	}{
		{0, 100, 0, [2]float64{0, 0}, time.Second},
		{10 * time.Second, 120, 5, [2]float64{2, .5}, 10 * time.Second},
		{time.Minute, 160, 30, [2]float64{1, .5}, time.Minute},
		{90 * time.Second, 190, 30, [2]float64{1, 1. / 3}, 90 * time.Second}, // too early for the one of a minute ago
		{121 * time.Second, 282, 30, [2]float64{2, 0}, 61 * time.Second},
		{time.Hour, 282, 30, [2]float64{0, 0}, time.Hour - 121*time.Second},
	} {
		got, over := w.speeds(newWrittenAt(at.Add(c.after), counts(c.store, c.sink)))
		require.Equal(t, c.over, over)
		require.Equal(t, map[string]float64{"": c.perSecond[0], "mail": c.perSecond[1]}, got, c.after)
	}
	en, fr := ours.voices["en"], ours.voices["fr"]
	for x, want := range map[float64][2]string{0: {"0", "0"}, .04: {"< 0.1", "< 0,1"}, .05: {"0.1", "0,1"}, 2.34: {"2.3", "2,3"}, 12345.6: {"12,346", "12\u202f346"}} {
		require.Equal(t, want, [2]string{en.speed(x), fr.speed(x)}, x)
	}
}
