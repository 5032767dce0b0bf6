package main

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMain is the main of a child that a test starts.
func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// line is how a program reads a result.
var line = regexp.MustCompile(`^[^\t]+\t[0-9.]+\t[^\t]*\t([0-9.]+\t[^\t]+|-\t-)$`)

// TestEachComparisonRuns says that they run and that what they print can be read.
// The figures of so few rows say nothing.
func TestEachComparisonRuns(t *testing.T) {
	for _, c := range comparisons {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, run(t.Context(), []string{"-rows", "500", "-rounds", "1", c.name}, &out, io.Discard))
			_, lines, found := strings.Cut(out.String(), "\nname\tvalue\tunit\tratio\tagainst\n")
			require.True(t, found, out.String())
			ratios := 0
			for l := range strings.Lines(lines) {
				require.Regexp(t, line, strings.TrimSuffix(l, "\n"))
				if !strings.HasSuffix(l, "\t-\n") {
					ratios++
				}
			}
			require.Positive(t, ratios)
			if strings.Contains(out.String(), "\nskipped: ") {
				require.Equal(t, "prisma", c.name)
				requireNoPrisma(t)
			}
		})
	}
}

func TestAWrongCallIsRefused(t *testing.T) {
	for _, args := range [][]string{{}, {"nothing"}, {"-rounds", "0", "postgres"}, {"-rows", "-1", "postgres"}, {"-only", "(", "postgres"}, {"postgres", "indexes"}, {"-large", "postgres"}, {"-large", "-rows", "5", "indexes"}} {
		require.Error(t, run(t.Context(), args, io.Discard, io.Discard), args)
	}
}

func TestRatiosAreOfTheSameRound(t *testing.T) {
	r := newReport()
	for round, v := range []float64{10, 20, 90} { // the machine is faster from round to round
		r.add(round, "ours", "rows/s", v)
		r.add(round, "theirs", "rows/s", v/2)
	}
	r.add(3, "ours", "rows/s", 1000) // without the other
	r.compare("ours", "theirs", 1.9, 0)
	r.compare("theirs", "ours", 0.9, 0)
	r.compare("ours", "nobody", 1, 0)
	var out bytes.Buffer
	require.NoError(t, r.print(&out))
	require.Contains(t, out.String(), "ours\t55.0\trows/s\t2.000\ttheirs\n")
	require.Contains(t, out.String(), "theirs\t10.0\trows/s\t0.500\tours\n")
	require.Contains(t, out.String(), "≥ 1.9 met")
	require.Contains(t, out.String(), "≥ 0.9 MISSED")
	require.NotContains(t, out.String(), "nobody")
}

func TestAMeasureHasAGoalOfItsOwn(t *testing.T) {
	r := newReport()
	for round, v := range []float64{1, 3, 8} {
		r.add(round, "page", "ms", v)
	}
	r.add(allRounds, "deep page, all rounds", "ms", 12)
	r.expect("page", 0, 3)
	r.expect("deep page, all rounds", 0, 10)
	r.compare("deep page, all rounds", "page", 0, 0) // of other rounds: there is no ratio
	var out bytes.Buffer
	require.NoError(t, r.print(&out))
	require.Regexp(t, `3\.000 +1\.000 +8\.000 +3 +≤ 3 met +ms +page\n`, out.String())
	require.Regexp(t, `12\.0 +12\.0 +12\.0 +1 +≤ 10 MISSED +ms +deep page, all rounds\n`, out.String())
	require.NotContains(t, out.String(), "deep page, all rounds / page")
}

func TestPercentileIsARank(t *testing.T) {
	v := make([]float64, 200)
	for i := range v {
		v[i] = float64(i + 1)
	}
	require.Equal(t, []float64{1, 100, 198, 200}, []float64{percentile(v, 0), percentile(v, 0.5), percentile(v, 0.99), percentile(v, 1)})
	require.Equal(t, 95.0, percentile(v[:95], 0.99), "of a few it is the largest")
	require.Equal(t, 29.0, percentile(v[:100], 0.29))
	require.Equal(t, 1.0, percentile(v[:1], 0.5))
}
