package sink_test

import (
	"context"
	"fmt"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink"
)

// Only what went wrong with payouts reaches the finance team.
func ExampleFilter() {
	finance := sink.Func(func(_ context.Context, logs []syslog.Log) error {
		for _, l := range logs {
			fmt.Println(l.Level, l.Message)
		}
		return nil
	})
	payouts := sink.Filter(finance, func(l syslog.Log) bool {
		return l.Type == "PAYOUT_FAILED" || l.Type == "PAYOUT_REJECTED"
	})

	// In a program: syslog.Config{Sinks: []syslog.SinkConfig{{Name: "finance", Sink: payouts}}}
	_ = payouts.Write(context.Background(), []syslog.Log{
		{ID: "1", Type: "PAYOUT_PAID", Message: "Payout po_1 paid"},
		{ID: "2", Type: "PAYOUT_FAILED", Level: syslog.LevelError, Message: "Payout po_2 failed"},
	})
	// Output: ERROR Payout po_2 failed
}
