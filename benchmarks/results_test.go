package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASectionReplacesTheOneOfItsName(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	require.NoError(t, os.WriteFile(path, []byte("# Results\n\nRead the ratios.\n"), 0o644))
	for _, put := range []struct{ name, text, want string }{
		{"a", "## a\nold\n", "# Results\n\nRead the ratios.\n\n## a\nold\n"},
		{"ab", "## ab\nother\n", "# Results\n\nRead the ratios.\n\n## a\nold\n\n## ab\nother\n"},
		{"a", "## a\nnew\n", "# Results\n\nRead the ratios.\n\n## a\nnew\n\n## ab\nother\n"},
		{"ab", "## ab\nlast\n", "# Results\n\nRead the ratios.\n\n## a\nnew\n\n## ab\nlast\n"},
	} {
		require.NoError(t, replaceSection(path, put.name, put.text))
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, put.want, string(got))
	}
}

func TestResultsAreWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	require.NoError(t, run(t.Context(), []string{"-rows", "100", "-rounds", "1", "-out", path, "enqueue"}, io.Discard, io.Discard))
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(got), "## enqueue\n"), string(got))
	require.Contains(t, string(got), "| logger, Attrs / zerolog | ")
}

func TestAllGoalsAreInOneTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "RESULTS.md")
	require.NoError(t, os.WriteFile(path, []byte("# Results\n\n"+summaryStart+"old\n"+summaryEnd+"\nRead the ratios.\n"), 0o644))
	put := func(name string, rows ...string) {
		require.NoError(t, replaceSection(path, name, "## "+name+"\n\n"+strings.Join(rows, "\n")+"\n"))
	}
	put("a", "| x / y | 1.50 | 1.40 to 1.60 | ≥ 1.4 met |", "| z | 5 | 4 to 6 |")
	put("b", "| SQLite: page, p95, ms | 0.5 | 0.4 to 0.6 | ≤ 9.99 met |", "| SQLite: count, p95, ms | 2.5 | 2 to 3 | ≤ 9.99 met |",
		"| SQLite: search, p95, ms | 20 | 19 to 21 | ≤ 9.99 MISSED |")
	put("a", "| x / y | 1.30 | 1.20 to 1.40 | ≥ 1.4 MISSED |")
	got, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Contains(t, string(got), "# Results\n\n"+summaryStart+`| | what | median | rounds | goal |
|---|---|--:|--:|---|
| [a](#a) | x / y | 1.30 | 1.20 to 1.40 | ≥ 1.4 MISSED |
| [b](#b) | SQLite: 2 questions, ms | 0.5 to 2.5 | | ≤ 9.99 met |
| [b](#b) | SQLite: search, p95, ms | 20 | 19 to 21 | ≤ 9.99 MISSED |
`+summaryEnd+"\nRead the ratios.\n\n## a\n")
}

func TestAGoalOfEveryRoundIsMissedByOne(t *testing.T) {
	r := newReport()
	for round, v := range []float64{1, 1, 1.8} {
		r.add(round, "alive", "bytes", v)
	}
	r.never("alive", 1.2)
	require.Equal(t, "≤ 1.2 in every round MISSED", r.goals["alive"].verdict(r.byName["alive"].values()))
}
