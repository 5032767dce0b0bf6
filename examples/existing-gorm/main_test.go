package main

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(&out, filepath.Join(t.TempDir(), "app.db")))
	require.Equal(t, `booking  bk_1 of usr_ada
event    INFO    BOOKING_CREATED  USER usr_ada: Booking bk_1 created
event    ERROR   API_ERROR        USER usr_bob: API error at /api/bookings
`, out.String(), "the booking that was rolled back left something")
}
