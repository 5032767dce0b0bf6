package vars_test

import (
	"fmt"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/metrics/vars"
)

// A program that has expvar's page shows Stats on it.
func ExamplePublish() {
	var logger *syslog.Logger // from syslog.New

	if err := vars.Publish("activity", logger); err != nil {
		fmt.Println(err)
	}
}
