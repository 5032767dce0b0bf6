package main

import (
	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

func openStore(string) (syslog.Store, error) { return syslogtest.NewStore(), nil }
