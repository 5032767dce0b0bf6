package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog"
	"github.com/rs/zerolog/diode"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log"
	sdk "go.opentelemetry.io/otel/sdk/log"
)

// counter is where lines go: it counts them, so that one can wait for all.
type counter struct{ n atomic.Int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n.Add(1)
	return len(p), nil
}

// await waits until as many events have arrived, or are lost, as were logged.
func await(total int, arrived, lost *atomic.Int64) error {
	for arrived.Load()+lost.Load() < int64(total) {
		time.Sleep(50 * time.Microsecond)
	}
	return nil
}

// openDiode is zerolog behind its ring, which drops what it has no room for. It has
// room for as many events as our queue; polling is as in its documentation.
func openDiode() (running, error) {
	var lost atomic.Int64
	out := &counter{}
	w := diode.NewWriter(out, syslog.DefaultQueueSize, 10*time.Millisecond, func(missed int) { lost.Add(int64(missed)) })
	return running{
		call:   toZerolog(w),
		settle: func(total int) error { return await(total, &out.n, &lost) },
		end:    func(int) (int, error) { err := w.Close(); return int(lost.Load()), err },
	}, nil
}

// exporter of OpenTelemetry that forgets what it is given.
type exporter struct{ got int }

func (e *exporter) Export(_ context.Context, records []sdk.Record) error {
	e.got += len(records)
	return nil
}
func (*exporter) Shutdown(context.Context) error   { return nil }
func (*exporter) ForceFlush(context.Context) error { return nil }

// openOTel is OpenTelemetry's log SDK with its batch processor. Queue and batches are
// as large as ours, names are not compared with one another, which its documentation
// says is faster, and the clock is read once; the rest is the default.
func openOTel() (running, error) {
	out := &exporter{}
	p := sdk.NewLoggerProvider(sdk.WithAllowKeyDuplication(), sdk.WithProcessor(sdk.NewBatchProcessor(out,
		sdk.WithMaxQueueSize(syslog.DefaultQueueSize), sdk.WithExportMaxBatchSize(syslog.DefaultBatchSize))))
	l := p.Logger("benchmark")
	call := func(i int) {
		var r log.Record
		now := time.Now()
		r.SetTimestamp(now)
		r.SetObservedTimestamp(now)
		r.SetSeverity(log.SeverityInfo)
		r.SetBody(attribute.StringValue(callMessage))
		r.AddAttributes(attribute.String("type", callType), attribute.String("actor", "USER"), attribute.String("actorId", callActor),
			attribute.String("bookingId", callBooking), attribute.Float64("price", callPrice), attribute.String("currency", callCurrency),
			attribute.Int("attempt", i), attribute.String("ip", callIP))
		l.Emit(context.Background(), r)
	}
	return running{
		call:   call,
		settle: func(int) error { return p.ForceFlush(context.Background()) },
		end: func(total int) (int, error) {
			err := p.Shutdown(context.Background())
			return total - out.got, err
		},
	}, nil
}

// entry is what a channel by hand would carry: nothing of it is encoded.
type entry struct {
	level, typ, actor, actorID, message string
	at                                  time.Time
	bookingID, currency, ip             string
	price                               float64
	attempt                             int
}

// openChannel is a channel with a goroutine that forgets what it gets, which is what
// many services begin with. It drops what it has no room for.
func openChannel() (running, error) {
	ch := make(chan entry, syslog.DefaultQueueSize)
	var got, lost atomic.Int64
	go func() {
		for range ch {
			got.Add(1)
		}
	}()
	call := func(i int) {
		e := entry{"INFO", callType, "USER", callActor, callMessage, time.Now(), callBooking, callCurrency, callIP, callPrice, i}
		select {
		case ch <- e:
		default:
			lost.Add(1)
		}
	}
	return running{
		call:   call,
		settle: func(total int) error { return await(total, &got, &lost) },
		end:    func(int) (int, error) { close(ch); return int(lost.Load()), nil },
	}, nil
}
