package sink_test

import (
	"context"
	"fmt"
	"os"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink"
	"github.com/callastar/syslog/sink/jsonl"
)

// Everything goes to one place, what is grave to another one as well.
func ExampleTee() {
	pager := sink.Func(func(_ context.Context, logs []syslog.Log) error {
		fmt.Println("page somebody:", logs[0].Message)
		return nil
	})
	both := sink.Tee(jsonl.New(os.Stdout), sink.MinLevel(pager, syslog.LevelCritical))

	_ = both.Write(context.Background(), []syslog.Log{
		{ID: "1", Level: syslog.LevelCritical, Type: "SYSTEM_DISK", Actor: syslog.ActorSystem, Message: "Disk full"},
	})
	// Output:
	// {"id":"1","level":"CRITICAL","type":"SYSTEM_DISK","actor":"SYSTEM","actorId":null,"message":"Disk full","metadata":null,"createdAt":"0001-01-01T00:00:00Z"}
	// page somebody: Disk full
}
