package jsonl_test

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink/jsonl"
)

// Containers collect what a program writes to its standard output.
func ExampleNew() {
	lines := jsonl.New(os.Stdout)

	// In a program: syslog.Config{Sinks: []syslog.SinkConfig{{Name: "stdout", Sink: lines}}}
	_ = lines.Write(context.Background(), []syslog.Log{{
		ID: "1", Type: "PAYOUT_APPROVED", Actor: syslog.ActorCreator, ActorID: "cr_7",
		Message: "Payout po_1 approved", Metadata: json.RawMessage(`{"amount": 12.50}`),
		CreatedAt: time.Date(2024, 1, 31, 12, 0, 0, 0, time.UTC),
	}})
	// Output: {"id":"1","level":"INFO","type":"PAYOUT_APPROVED","actor":"CREATOR","actorId":"cr_7","message":"Payout po_1 approved","metadata":{"amount":12.50},"createdAt":"2024-01-31T12:00:00Z"}
}
