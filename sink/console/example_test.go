package console_test

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink/console"
)

// During development events are shown as well as stored.
func ExampleNew() {
	screen := console.New(os.Stdout, nil)

	// In a program: syslog.Config{Sinks: []syslog.SinkConfig{{Name: "console", Sink: screen}}}
	_ = screen.Write(context.Background(), []syslog.Log{{
		ID: "1", Type: "PAYOUT_APPROVED", Actor: syslog.ActorCreator, ActorID: "cr_7",
		Message: "Payout po_1 approved\x1b[2J", Metadata: json.RawMessage(`{"amount": 12.50}`),
		CreatedAt: time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC),
	}})
	// Output: 2024-01-31T12:00:00.000Z  INFO      PAYOUT_APPROVED           CREATOR cr_7          Payout po_1 approved\u001b[2J             {"amount":12.50}
}
