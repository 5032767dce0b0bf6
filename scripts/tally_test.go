package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestARunIsJudged(t *testing.T) {
	t.Parallel()
	const (
		pass = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
		fail = `{"Action":"fail","Package":"p","Test":"TestB"}` + "\n"
		skip = `{"Action":"skip","Package":"p","Test":"TestC"}` + "\n"
	)
	for name, c := range map[string]struct {
		events                  string
		passed, failed, skipped int
		good                    bool
	}{
		"passes":                   {pass + pass + `{"Action":"pass","Package":"p"}`, 2, 0, 0, true},
		"a package without tests":  {pass + `{"Action":"skip","Package":"q"}`, 1, 0, 0, true},
		"a skipped test":           {pass + skip, 1, 0, 1, false},
		"a failed test":            {pass + fail + `{"Action":"fail","Package":"p"}`, 1, 1, 0, false},
		"a package alone":          {pass + `{"Action":"fail","Package":"p"}`, 1, 1, 0, false},
		"a package beside another": {fail + `{"Action":"fail","Package":"p"}` + "\n" + `{"Action":"fail","Package":"q"}`, 0, 2, 0, false},
		"only packages":            {`{"Action":"pass","Package":"p"}`, 0, 0, 0, false},
		"nothing":                  {"", 0, 0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := read(strings.NewReader(c.events))
			require.NoError(t, err)
			require.Equal(t, []int{c.passed, c.failed, c.skipped}, []int{got.passed, got.failed, len(got.skips)})
			require.Equal(t, c.good, got.good())
		})
	}
}

func TestARunThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	_, err := read(strings.NewReader(`{"Action":"pass","Package":"p","Test":"TestA"}` + "\npanic: half a line"))
	require.ErrorContains(t, err, "half a line")
	_, err = count(t.TempDir() + "/no such run")
	require.Error(t, err)
}

func TestWhatFailedIsShown(t *testing.T) {
	t.Parallel()
	got, err := read(strings.NewReader(`{"Action":"output","Package":"p","Test":"TestA","Output":"fine\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"wrong\n"}
{"Action":"fail","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"waiting\n"}
{"Action":"build-output","ImportPath":"q","Output":"q.go:1: undefined: x\n"}
{"Action":"build-fail","ImportPath":"q"}
`))
	require.NoError(t, err)
	require.Equal(t, "wrong\nq.go:1: undefined: x\n== did not end: p TestC\nwaiting\n", got.output())
}
