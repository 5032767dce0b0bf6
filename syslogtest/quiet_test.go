package syslogtest_test

import "log/slog"

// quiet hides the diagnostics of loggers that are to fail.
var quiet = slog.New(slog.DiscardHandler)
