package main

import (
	"context"
	"log/slog"

	"github.com/callastar/syslog"
)

const (
	ourAttrs    = "logger, Attrs"
	ourMetadata = "logger, Metadata"
	ourHelper   = "logger, a helper with Attrs"
)

var ourCalls = []string{ourAttrs, ourMetadata, ourHelper}

// What every call logs, beside a number.
const (
	callType     = "BOOKING_CONFIRMED"
	callActor    = "usr_00031"
	callMessage  = "Booking confirmed by its creator"
	callBooking  = "bk_3k7f9q2m"
	callPrice    = 49.9
	callCurrency = "EUR"
	callIP       = "203.0.113.9"
)

// discard is a store, or a sink, that forgets what it is given.
type discard struct{ syslog.Store }

func (discard) Write(context.Context, []syslog.Log) error { return nil }
func (discard) Close(context.Context) error               { return nil }

// openLogger opens a logger as users do, with the default configuration.
func openLogger(call func(l *syslog.Logger, i int)) (running, error) {
	l, err := syslog.New(discard{}, nil)
	return running{
		call:   func(i int) { call(l, i) },
		settle: func(int) error { return l.Flush(context.Background()) },
		end: func(total int) (int, error) {
			err := l.Close()
			return total - int(l.Stats().Written), err
		},
	}, err
}

func loggerAttrs(l *syslog.Logger, i int) {
	l.Info(context.Background(), callType, syslog.User(callActor), callMessage, syslog.Attrs(
		slog.String("bookingId", callBooking), slog.Float64("price", callPrice), slog.String("currency", callCurrency),
		slog.Int("attempt", i), slog.String("ip", callIP)))
}

func loggerMetadata(l *syslog.Logger, i int) {
	l.Info(context.Background(), callType, syslog.User(callActor), callMessage, syslog.Metadata{
		"bookingId": callBooking, "price": callPrice, "currency": callCurrency, "attempt": i, "ip": callIP})
}

func loggerHelper(l *syslog.Logger, i int) {
	l.UserAction(context.Background(), "BOOKING_CONFIRMED", callActor, callMessage, syslog.Attrs(
		slog.String("bookingId", callBooking), slog.Float64("price", callPrice), slog.String("currency", callCurrency),
		slog.Int("attempt", i), slog.String("ip", callIP)))
}
