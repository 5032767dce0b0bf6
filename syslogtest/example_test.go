package syslogtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// ApprovePayout stands for the code under test.
func ApprovePayout(ctx context.Context, logger *syslog.Logger, id, creator string) {
	logger.PayoutEvent(ctx, syslog.PayoutApproved, id, creator, 12.50, "EUR")
}

// A test looks at what the code under test has logged.
func ExampleNew() {
	test := func(t *testing.T) {
		logger, rec := syslogtest.New(t, nil)

		ApprovePayout(t.Context(), logger, "po_1", "cr_7")

		l := rec.RequireLogged(t, "PAYOUT_APPROVED")
		if l.ActorID != "cr_7" {
			t.Errorf("approved for %s", l.ActorID)
		}
	}
	_ = test // in a program: func TestApprovePayout(t *testing.T)
}

// A store in memory that fails as told, and a logger that tries again.
func ExampleStore() {
	ctx := context.Background()
	st := syslogtest.NewStore()
	st.FailWrites(errors.New("connection refused"), 1)
	logger, err := syslog.New(st, &syslog.Config{Logger: quiet})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer logger.Close()

	ApprovePayout(ctx, logger, "po_1", "cr_7")
	fmt.Println(logger.Flush(ctx))
	for _, l := range st.Logs() {
		fmt.Println(l.Level, l.Type, l.ActorID)
	}
	// Output:
	// <nil>
	// INFO PAYOUT_APPROVED cr_7
}
