package main

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/callastar/syslog"
	phuslu "github.com/phuslu/log"
	"github.com/rs/zerolog"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

const byZerolog = "zerolog"

// callers are all, ours first. Those that write JSON write the same names and
// values, each by the way that its documentation calls the fast one.
func callers() []caller {
	ours := func(call func(*syslog.Logger, int)) func() (running, error) {
		return func() (running, error) { return openLogger(call) }
	}
	all := []caller{{ourAttrs, ours(loggerAttrs)}, {ourMetadata, ours(loggerMetadata)}, {ourHelper, ours(loggerHelper)}}
	for _, j := range jsonCallers {
		all = append(all, caller{j.name, func() (running, error) { return running{call: j.to(io.Discard)}, nil }})
	}
	return append(all,
		caller{"zerolog, its diode", openDiode},
		caller{"OpenTelemetry, batch processor", openOTel},
		caller{"channel of structs", openChannel},
		caller{"time.Now", func() (running, error) { return running{call: readClock}, nil }},
	)
}

func readClock(int) {
	if time.Now().IsZero() {
		panic("no clock")
	}
}

// jsonCallers write a line of JSON an event, on the goroutine that calls.
var jsonCallers = []struct {
	name string
	to   func(w io.Writer) func(i int)
}{
	{"log/slog", toSlog},
	{"zap", toZap},
	{byZerolog, toZerolog},
	{"zerolog, Fields(map)", toZerologMap},
	{"phuslu/log", toPhuslu},
}

// toSlog uses LogAttrs, the most efficient output method.
func toSlog(w io.Writer) func(int) {
	l := slog.New(slog.NewJSONHandler(w, nil))
	return func(i int) {
		l.LogAttrs(context.Background(), slog.LevelInfo, callMessage,
			slog.String("type", callType), slog.String("actor", "USER"), slog.String("actorId", callActor),
			slog.String("bookingId", callBooking), slog.Float64("price", callPrice), slog.String("currency", callCurrency),
			slog.Int("attempt", i), slog.String("ip", callIP))
	}
}

// toZap is the production encoder without caller and sampling, which costs and saves.
// The time is a whole number, as in zap's own benchmarks: faster than its default.
func toZap(w io.Writer) func(int) {
	cfg := zap.NewProductionEncoderConfig()
	cfg.EncodeTime = zapcore.EpochNanosTimeEncoder
	l := zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(cfg), zapcore.AddSync(w), zap.InfoLevel))
	return func(i int) {
		l.Info(callMessage,
			zap.String("type", callType), zap.String("actor", "USER"), zap.String("actorId", callActor),
			zap.String("bookingId", callBooking), zap.Float64("price", callPrice), zap.String("currency", callCurrency),
			zap.Int("attempt", i), zap.String("ip", callIP))
	}
}

func toZerolog(w io.Writer) func(int) {
	zerolog.TimeFieldFormat = zerolog.TimeFormatUnixMs // faster than text
	l := zerolog.New(w).With().Timestamp().Logger()
	return func(i int) {
		l.Info().Str("type", callType).Str("actor", "USER").Str("actorId", callActor).
			Str("bookingId", callBooking).Float64("price", callPrice).Str("currency", callCurrency).
			Int("attempt", i).Str("ip", callIP).Msg(callMessage)
	}
}

func toZerologMap(w io.Writer) func(int) {
	zerolog.TimeFieldFormat = zerolog.TimeFormatUnixMs
	l := zerolog.New(w).With().Timestamp().Logger()
	return func(i int) {
		l.Info().Str("type", callType).Str("actor", "USER").Str("actorId", callActor).Fields(map[string]any{
			"bookingId": callBooking, "price": callPrice, "currency": callCurrency, "attempt": i, "ip": callIP}).Msg(callMessage)
	}
}

func toPhuslu(w io.Writer) func(int) {
	l := phuslu.Logger{Level: phuslu.InfoLevel, TimeFormat: phuslu.TimeFormatUnixMs, Writer: phuslu.IOWriter{Writer: w}}
	return func(i int) {
		l.Info().Str("type", callType).Str("actor", "USER").Str("actorId", callActor).
			Str("bookingId", callBooking).Float64("price", callPrice).Str("currency", callCurrency).
			Int("attempt", i).Str("ip", callIP).Msg(callMessage)
	}
}
