package main

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

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
	for _, args := range [][]string{{}, {"nothing"}, {"-rounds", "0", "postgres"}, {"-rows", "-1", "postgres"}, {"-only", "(", "postgres"}, {"postgres", "indexes"}} {
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
