package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestRun(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, run(&out, pgtest.New(t)))
	for _, want := range []string{
		"20000 events: recorded in", "cleanup: 3 deleted so far", "cleaned up: 1 INFO, 1 WARNING, 1 ERROR",
		"usr_7 did 40 things", "Booking bk_19507 created",
	} {
		require.Contains(t, out.String(), want)
	}
}
