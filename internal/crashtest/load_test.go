package crashtest

import (
	"encoding/json"
	"runtime"
	"strconv"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// load sends events at a rate, of all levels. What a busy machine kept it from
// sending in time it does not make up for.
func (o *outage) load(stop <-chan struct{}) {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for last := time.Now(); ; {
		select {
		case <-tick.C:
		case <-stop:
			return
		}
		now := time.Now()
		for range int(min(now.Sub(last), 200*time.Millisecond) * perSecond / time.Second) {
			o.log()
			o.sent++
		}
		last = now
	}
}

func (o *outage) log() {
	level := syslog.LevelInfo
	switch i := o.sent % 2000; { // in queues of the test's size CRITICAL fits for a minute
	case i == 0:
		level = syslog.LevelCritical
	case i%200 == 1:
		level = syslog.LevelError
	case i%20 == 2:
		level = syslog.LevelWarning
	}
	e := syslog.Log{Type: "OUTAGE", Level: level, Message: strconv.Itoa(o.sent), Actor: syslog.ActorUser, ActorID: "u_1"}
	begin := time.Now()
	err := o.logger.Log(ctx, e, syslog.Metadata{"path": "/api/bookings", "status": 200})
	if took := time.Since(begin); took > time.Millisecond {
		o.calls = append(o.calls, took)
	}
	o.byLevel[level]++
	if err != nil {
		o.refused[level]++
	}
}

// watch looks at memory and at the counters.
func (o *outage) watch(stop <-chan struct{}) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-stop:
			return
		}
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		o.heap = max(o.heap, m.HeapInuse)
		s := o.logger.Stats()
		o.spilled = max(o.spilled, s.Spilled)
		if s.Produced != s.Accepted+s.Refused || s.Accepted != s.Written+s.Duplicate+s.DeadLetter+s.Dropped+s.Queued+s.Spilled {
			o.t.Errorf("the counters do not add up: %+v", s)
		}
	}
}

// rows is how many events of the test are in the database, each of them once.
func (o *outage) rows(also string) (rows int) {
	var ids, numbers int
	require.NoError(o.t, direct(o.t, o.server.DSN()).QueryRow("SELECT count(*), count(DISTINCT id), count(DISTINCT message) FROM system_logs WHERE type = 'OUTAGE'"+also).
		Scan(&rows, &ids, &numbers))
	require.Equal(o.t, rows, ids)
	require.Equal(o.t, rows, numbers)
	return rows
}

// told adds up what the log tells of its own holes.
func (o *outage) told() byLevel {
	out := byLevel{}
	found, err := direct(o.t, o.server.DSN()).Query("SELECT metadata FROM system_logs WHERE type = $1", syslog.TypeEventsDropped)
	require.NoError(o.t, err)
	defer found.Close()
	for found.Next() {
		var text []byte
		var fields struct {
			Lost uint64  `json:"lost"`
			Full byLevel `json:"queue_full"`
		}
		require.NoError(o.t, found.Scan(&text))
		require.NoError(o.t, json.Unmarshal(text, &fields))
		require.Equal(o.t, fields.Lost, sum(fields.Full), "%s", text)
		for level, n := range fields.Full {
			out[level] += n
		}
	}
	require.NoError(o.t, found.Err())
	return out
}
