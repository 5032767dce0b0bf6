// Package syslogtest is for the tests of programs that log: a recorder that
// shows what was logged, and a store in memory that fails and hangs as told.
//
//	logger, rec := syslogtest.New(t, nil)
//	approvePayout(logger, "po_1")
//	rec.RequireLogged(t, "PAYOUT_APPROVED")
//
// Nothing here sleeps or polls, and nothing but the standard library is needed.
package syslogtest
