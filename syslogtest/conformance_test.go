package syslogtest_test

import (
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/storetest"
	"github.com/callastar/syslog/syslogtest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(*testing.T) syslog.Store { return syslogtest.NewStore() })
}
