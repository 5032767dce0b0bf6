package admin

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSpread(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	moment := func(text string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", text)
		require.NoError(t, err)
		return at
	}
	for _, c := range []struct {
		from, to    string
		most        int
		loc         *time.Location
		step        string
		first, last string // edges
		spans       int
	}{
		{"2024-01-15 00:00", "2024-01-15 23:59", 96, time.UTC, "15m", "2024-01-15 00:00", "2024-01-16 00:00", 96},
		{"2024-01-15 00:07", "2024-01-15 23:59", 24, time.UTC, "1h", "2024-01-15 00:00", "2024-01-16 00:00", 24},
		{"2024-01-15 00:00", "2024-01-21 22:00", 7, paris, "1d", "2024-01-14 23:00", "2024-01-21 23:00", 7},
		{"2024-03-30 23:00", "2024-03-31 21:59", 23, paris, "1h", "2024-03-30 23:00", "2024-03-31 22:00", 23}, // the day that has 23 hours
		{"2024-10-26 22:00", "2024-10-27 22:59", 25, paris, "1h", "2024-10-26 22:00", "2024-10-27 23:00", 25}, // and the one with 25
		{"2024-10-26 22:00", "2024-10-28 22:59", 12, paris, "6h", "2024-10-26 22:00", "2024-10-28 23:00", 8},  // 6 hours on the clock
		{"2024-03-25 12:00", "2024-04-03 12:00", 10, paris, "1d", "2024-03-24 23:00", "2024-04-03 22:00", 10},
		{"2024-01-17 00:00", "2024-03-05 00:00", 10, time.UTC, "1w", "2024-01-15 00:00", "2024-03-11 00:00", 8}, // from a Monday
		{"2024-01-17 00:00", "2024-12-31 00:00", 12, time.UTC, "1mo", "2024-01-01 00:00", "2025-01-01 00:00", 12},
		{"2024-02-17 00:00", "2025-12-31 00:00", 10, time.UTC, "3mo", "2024-01-01 00:00", "2026-01-01 00:00", 8},
		{"1970-01-01 00:00", "2026-12-31 00:00", 10, time.UTC, "10y", "1970-01-01 00:00", "2030-01-01 00:00", 6},
		{"0001-01-01 00:01", "9999-12-31 23:59", 120, time.UTC, "100y", "0000-01-01 00:00", "10000-01-01 00:00", 100},
		{"0001-01-01 00:01", "9999-12-31 23:59", 1, time.UTC, "10000y", "0000-01-01 00:00", "10000-01-01 00:00", 1},
		{"2024-01-15 00:00", "2024-01-15 00:00", 96, time.UTC, "1s", "2024-01-15 00:00", "2024-01-15 00:00", 1},
	} {
		step, edges := spread(moment(c.from), moment(c.to), c.most, c.loc)
		require.Equal(t, c.step, step.name, c)
		require.Len(t, edges, c.spans+1, c)
		require.Equal(t, c.first, edges[0].UTC().Format("2006-01-02 15:04"), c)
		require.Contains(t, edges[c.spans].UTC().Format("2006-01-02 15:04"), c.last, c)
	}
}

// TestSpreadCovers: whatever the period and the clocks, the spans follow one another, cover
// it, and are as many as asked for at most.
func TestSpreadCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	zones := []string{"UTC", "Europe/Paris", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Tehran", "Africa/Monrovia"}
	for range 3000 {
		loc, err := time.LoadLocation(zones[r.IntN(len(zones))])
		require.NoError(t, err)
		from := time.UnixMilli(r.Int64N(4e12) - 1e12)
		to := from.Add(time.Duration(r.Int64N(int64(1) << (10 + r.IntN(53)))))
		most := 1 + r.IntN(120)
		step, edges := spread(from, to, most, loc)
		require.NotNil(t, edges, "%v %v %d %v", from, to, most, loc)
		require.LessOrEqual(t, len(edges)-1, most)
		require.False(t, edges[0].After(from), "%v %v %v %v", step.name, from, edges[0], loc)
		require.True(t, edges[len(edges)-1].After(to))
		for i := 1; i < len(edges); i++ {
			require.True(t, edges[i].After(edges[i-1]))
			require.False(t, i < len(edges)-1 && edges[i].After(to), "no span is behind the end")
		}
		if len(edges) > 2 {
			require.True(t, edges[1].After(from), "no span is before the beginning: %v %v %v %v", step.name, from, edges[:2], loc)
		}
	}
}
