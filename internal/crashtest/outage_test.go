package crashtest

import (
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
)

const (
	perSecond  = 20_000
	outageTime = 20 * time.Second // of each of three kinds
	outageMem  = 16 << 20
)

func TestServerAwayForAMinute(t *testing.T) {
	t.Parallel()
	t.Run("with a spill directory nothing is lost", func(t *testing.T) {
		t.Parallel()
		o := newOutage(t, syslog.Config{SpillDir: t.TempDir(), QueueBytes: outageMem})
		o.run()
		require.Empty(t, o.lost)
		require.Empty(t, o.refused)
		require.Less(t, o.heap, uint64(8*outageMem), "of all tests of this process that run beside this one")
		require.Equal(t, o.sent, o.rows(""))
	})
	t.Run("without one all losses are told of, by level", func(t *testing.T) {
		t.Parallel()
		o := newOutage(t, syslog.Config{QueueSize: 40_000, QueueBytes: outageMem})
		o.run()
		require.Equal(t, o.refused, o.lost, "what callers were told")
		require.Equal(t, o.refused, o.dropped, "what OnDrop was told")
		require.Equal(t, o.refused, o.told(), "what the log itself tells")
		require.NotContains(t, o.refused, syslog.LevelCritical)
		share := func(l syslog.LogLevel) float64 { return float64(o.refused[l]) / float64(o.byLevel[l]) }
		require.Greater(t, share(syslog.LevelInfo), 0.5)
		require.Greater(t, share(syslog.LevelInfo), share(syslog.LevelWarning))
		require.Greater(t, share(syslog.LevelWarning), share(syslog.LevelError))
		require.Equal(t, o.sent, o.rows("")+int(sum(o.refused)))
		for level, n := range o.byLevel {
			require.Equal(t, int(n-o.refused[level]), o.rows(" AND level = '"+level.String()+"'"), level)
		}
	})
}

type byLevel map[syslog.LogLevel]uint64

func sum(m byLevel) (n uint64) {
	for _, c := range m {
		n += c
	}
	return n
}

// outage is a load on a logger before a server that is away for a while.
type outage struct {
	t       *testing.T
	server  *pgtest.Server
	logger  *syslog.Logger
	calls   []time.Duration // those above a millisecond
	sent    int
	byLevel byLevel // sent
	refused byLevel // by what Log returned
	lost    byLevel // by Stats
	heap    uint64  // the most
	spilled uint64  // the most

	mu      sync.Mutex
	dropped byLevel // by OnDrop
}

func newOutage(t *testing.T, cfg syslog.Config) *outage {
	o := &outage{t: t, server: pgtest.Start(t), byLevel: byLevel{}, refused: byLevel{}, dropped: byLevel{}}
	cfg.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	cfg.OnDrop = func(d syslog.Drop) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.dropped[d.Level] += d.Count
	}
	st, err := postgres.Open(ctx, o.server.DSN())
	require.NoError(t, err)
	o.logger, err = syslog.New(st, &cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = o.logger.Close() }) // again, where the test got to its end
	return o
}

// run takes the server away under load, and waits until everything is delivered.
func (o *outage) run() {
	begin := time.Now()
	stop := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { o.load(stop) })
	all.Go(func() { o.watch(stop) })
	end := sync.OnceFunc(func() { close(stop); all.Wait() })
	defer end()
	o.progress()
	for _, kind := range []struct{ away, back func() }{
		{o.server.Stop, o.server.Start}, {o.server.Pause, o.server.Resume}, {o.server.Kill, o.server.Start},
	} {
		kind.away()
		time.Sleep(outageTime)
		kind.back()
		o.progress()
	}
	end()
	sending := time.Since(begin)
	var s syslog.Stats
	await(o.t, "all is delivered, also what tells of losses", func() bool {
		require.NoError(o.t, o.logger.Flush(ctx))
		s = conserved(o.t, o.logger)
		return s.Queued+s.Spilled == 0
	})
	require.Zero(o.t, s.Dropped+s.DeadLetter, "%+v", s)
	o.lost = byLevel(s.DroppedByLevel)
	require.NoError(o.t, o.logger.Close())

	slices.Sort(o.calls)
	longest := time.Duration(0)
	if len(o.calls) > 0 {
		longest = o.calls[len(o.calls)-1]
	}
	require.Less(o.t, longest, 2*time.Second, "a call waited")
	o.t.Logf("%d events in %v (%.0f a second), all there %v later; longest call %v, %d above 1 ms; heap %d MiB; spilled %d at most; refused %v of %v; %d came twice",
		o.sent, sending, float64(o.sent)/sending.Seconds(), time.Since(begin)-sending, longest, len(o.calls), o.heap>>20, o.spilled, o.refused, o.byLevel, s.Duplicate)
}

// progress waits until the server takes events.
func (o *outage) progress() {
	stored := func() uint64 { s := o.logger.Stats(); return s.Written + s.Duplicate }
	before := stored()
	await(o.t, "events are stored again", func() bool { return stored() > before })
}
