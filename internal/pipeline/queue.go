// Package pipeline takes events from callers that must never wait and gives
// them to a destination that may be slow, hang or be away. It knows frames and
// batches; what is in them, and where they go, is the caller's.
//
// A Queue has any number of producers, who touch nothing but memory under a
// short lock, and one worker, which owns the destination. Every event is
// counted where it is: the equations of Stats hold at every moment.
package pipeline

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/spill"
)

// Levels is how many levels of importance frames have, 0 the least important.
const Levels = frame.Levels

// top is the level whose losses are shown as they happen.
const top = Levels - 1

// room is the share of a queue, in percent, that each level may fill: what
// matters is shed last.
var room = [Levels]int64{75, 85, 95, 100}

const (
	// chunkSize is what the queue grows by: large enough for allocation not to
	// be felt, small enough for what a half-read chunk keeps alive. It starts at
	// minChunk and doubles. A frame above largeFrame has a chunk of its own, so
	// that little of a chunk is left empty.
	chunkSize  = 64 << 10
	minChunk   = 4 << 10
	largeFrame = chunkSize / 4
	// batchBytes bounds a batch of large events.
	batchBytes = 4 << 20
)

// Reasons for which an event is refused or dropped.
const (
	QueueFull = iota // no room for its level
	Closed           // after Close
	Rejected         // the destination failed for good
	Abandoned        // the destination was given up
	SpillFull        // the oldest on disk, when that was full
	Damaged          // on disk, and cannot be read any more
	Reasons
)

// ReasonNames are the reasons as they are shown to people and programs.
var ReasonNames = [Reasons]string{"queue_full", "closed", "rejected", "abandoned", "spill_full", "spill_damaged"}

// Config sets up a Queue. Every field is required but the callbacks.
type Config struct {
	MaxEvents      int
	MaxBytes       int64
	BatchSize      int
	FlushInterval  time.Duration
	AttemptTimeout time.Duration
	MinBackoff     time.Duration // the upper end of the first pause after a failure
	MaxBackoff     time.Duration

	// Disk keeps what memory or an outage cannot hold; nil is none. The queue
	// closes it. Recovered is what was found there: it is delivered first.
	Disk      *spill.Log
	Recovered spill.Recovery
	// Journal has everything on disk before it is delivered. Without, only what
	// has waited for two times SpillAfter goes there, or what fills half of memory.
	Journal    bool
	SpillAfter time.Duration

	// Deliver writes a batch and says how many of its events were new, also if it
	// fails. Only the worker calls it.
	Deliver func(ctx context.Context, b Batch) (written int, err error)
	// OnLoss is called when an event was refused or dropped, on the goroutine
	// that saw it: it must not wait.
	OnLoss func()
	// OnTop is called with the frame of an event of the highest level that was
	// lost, on the goroutine that saw it: it must not wait, nor keep the frame.
	OnTop func(f []byte)
	// Reject is called by the worker with an event that the destination refuses for
	// good. It reports whether it has set the event aside.
	Reject func(f []byte, err error) bool
	// OnSpill is called when keeping events on disk fails, or works again: it must
	// not wait.
	OnSpill func(err error)
	// OnError is called by the worker after an attempt that is made again, with whether a person
	// has to change something for the next one to succeed: it must not wait.
	OnError func(text string, attempt int, misconfigured bool)
	// OnWell is called by the worker when an attempt succeeds after ones that failed,
	// with how long they did: it must not wait.
	OnWell func(after time.Duration)
	// Report is called by the worker once there is room again after a loss. It
	// returns the frame of an event that tells what was lost since the last
	// report, or nil.
	Report func(lost Losses) []byte
}

// Losses counts lost events by reason and level.
type Losses [Reasons][Levels]uint64

// Total adds up all reasons and levels.
func (l *Losses) Total() (n uint64) {
	for _, byLevel := range l {
		for _, c := range byLevel {
			n += c
		}
	}
	return n
}

// Minus subtracts what was known before.
func (l *Losses) Minus(old *Losses) (diff Losses) {
	for r := range l {
		for lv := range l[r] {
			diff[r][lv] = l[r][lv] - old[r][lv]
		}
	}
	return diff
}

// chunk holds frames back to back. Bytes do not change as long as the chunk is in the
// queue, so the worker reads them while producers append behind.
type chunk struct {
	buf  []byte
	read int // what the worker has taken
	n    int // frames behind read
}

// Queue is the way to one destination. All methods may be called concurrently.
type Queue struct {
	cfg       Config
	maxEvents [Levels]int
	maxBytes  [Levels]int64
	heavy     int64 // bytes, likewise
	mostBatch int   // most events of a batch
	batchSize int64 // about the most bytes of one

	wake    chan struct{}      // one slot: there is something for the worker to see
	done    chan struct{}      // closed when the worker has ended
	spiller *spiller           // nil without a disk
	closing chan struct{}      // closed by Close
	base    context.Context    // of deliveries; ends with Abandon
	abandon context.CancelFunc // ends base

	born      time.Time
	lastLoss  atomic.Int64 // nanoseconds since born; 0 is never
	firstLoss atomic.Int64 // the same

	mu        sync.Mutex
	batch     int // most events of a batch now
	enough    int // events for which the worker does not wait for more
	chunks    []chunk
	nextChunk int
	spare     []byte   // for a chunk of chunkSize
	empty     [][]byte // chunks that the worker has emptied and not given back yet
	stocking  bool     // somebody gets one
	pending   int      // events in chunks
	flying    flight
	disk      onDisk
	bytes     int64 // in memory
	closed    bool
	ended     bool   // nothing comes back from the disk any more
	urgent    uint64 // deliver without delay up to this event
	freed     chan struct{}
	waiters   []waiter
	c         counters
	flushed   uint64 // of c.dropped, what a Flush has returned
	reported  Losses
	lastTold  time.Time
	failing   int  // attempts that have failed since one succeeded
	misconfig bool // the last one did, until a person changes something

	failingSince time.Time

	// stored is how many events of the worker's batch were new in attempts that
	// failed: they come again, and are no duplicates then. At most all of it, most,
	// whatever a destination says. The worker's own.
	stored, most int
}

type counters struct {
	produced, accepted                      uint64
	written, duplicate, deadLetter, dropped uint64
	lost                                    Losses
	lastError, lastLoss                     string
}

// flight is the batch that the worker holds.
type flight struct {
	batch Batch
	n     int          // events of it that are not finished
	bytes int64        // of these
	first uint64       // number of the first of these
	parts []spill.Part // where these are on disk, if they are
}

// New starts a queue and its worker, which runs until Close and the last event,
// or Abandon.
func New(cfg Config) *Queue {
	q := &Queue{
		cfg: cfg, wake: make(chan struct{}, 1), done: make(chan struct{}), closing: make(chan struct{}),
		nextChunk: minChunk, born: time.Now(),
	}
	for lv := range room {
		q.maxEvents[lv] = int(max(int64(cfg.MaxEvents)*room[lv]/100, 1))
		q.maxBytes[lv] = cfg.MaxBytes * room[lv] / 100
	}
	q.enough = min(cfg.BatchSize, q.maxEvents[0]/2+1)
	q.heavy = min(batchBytes, q.maxBytes[0]/2)
	q.mostBatch, q.batchSize = cfg.BatchSize, batchBytes
	if cfg.Disk != nil { // what is being delivered must leave room for what is on its way to the disk
		q.mostBatch, q.batchSize = q.enough, min(q.heavy, cfg.Disk.MaxBatch()) // and fit there itself
	}
	q.batch = q.mostBatch
	q.base, q.abandon = context.WithCancel(context.Background())
	if cfg.Disk != nil {
		q.recovered()
		q.spiller = newSpiller(q)
		go q.spiller.run()
	}
	go q.work()
	return q
}

// Result says what became of a pushed event.
type Result int

// The results of a push.
const (
	Accepted Result = iota
	Full
	IsClosed
)

// Push copies a frame into the queue, if there is room for its level.
func (q *Queue) Push(f []byte) Result {
	lv := frame.Level(f)
	q.lock()
	q.c.produced++
	switch {
	case q.closed:
		q.c.lost[Closed][lv]++
		q.mu.Unlock()
		q.lossOf(f)
		return IsClosed
	case !q.hasRoom(lv, len(f)):
		q.c.lost[QueueFull][lv]++
		q.mu.Unlock()
		q.lossOf(f)
		return Full
	}
	wake := q.add(f)
	spill := q.spiller != nil && q.spiller.ask()
	stock := q.spare == nil && q.nextChunk == chunkSize && !q.stocking
	if stock {
		q.stocking = true
	}
	q.mu.Unlock()
	if wake {
		q.poke()
	}
	if stock {
		q.stock()
	}
	if spill {
		q.spiller.poke()
	}
	return Accepted
}

// lock is mu.Lock for who comes often. Another caller holds the lock for as long as it
// takes to copy a frame, and a Mutex that is taken pauses for a hundred times that: with
// two callers at a time a call takes an eighth less by this, with one it makes no
// difference. Behind the worker, which holds it for longer once a batch, the Mutex waits.
func (q *Queue) lock() {
	for range 100 {
		if q.mu.TryLock() {
			return
		}
	}
	q.mu.Lock()
}

// PushWait pushes an event that somebody waits for. Where there is no room it
// waits for some, until ctx ends. The channel yields what became of the event,
// once: nil when it is stored.
func (q *Queue) PushWait(ctx context.Context, f []byte) (<-chan error, Result) {
	lv := frame.Level(f)
	q.mu.Lock()
	for !q.closed && !q.hasRoom(lv, len(f)) && ctx.Err() == nil {
		if q.freed == nil {
			q.freed = make(chan struct{})
		}
		freed := q.freed
		q.urgent = q.c.accepted
		q.mu.Unlock()
		q.poke()
		select {
		case <-freed:
		case <-ctx.Done():
		}
		q.mu.Lock()
	}
	q.c.produced++
	if q.closed || !q.hasRoom(lv, len(f)) {
		res, reason := Full, QueueFull
		if q.closed {
			res, reason = IsClosed, Closed
		}
		q.c.lost[reason][lv]++
		q.mu.Unlock()
		q.lossOf(f)
		return nil, res
	}
	q.add(f)
	spill := q.spiller != nil && q.spiller.ask()
	ch := make(chan error, 1)
	q.waiters = append(q.waiters, waiter{seq: q.c.accepted, ch: ch})
	q.urgent = q.c.accepted
	q.mu.Unlock()
	q.poke()
	if spill {
		q.spiller.poke()
	}
	return ch, Accepted
}

// Forget is for who does not wait any more for what a PushWait's channel yields.
func (q *Queue) Forget(ch <-chan error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if i := slices.IndexFunc(q.waiters, func(w waiter) bool { return w.ch == ch }); i >= 0 {
		q.waiters = slices.Delete(q.waiters, i, i+1)
	}
}

// hasRoom reports whether an event fits. An empty queue takes any one event, so
// that none is too large for ever, and so does one with no more in memory than what
// is being delivered, and is on disk, too: else an outage might leave the disk unused.
func (q *Queue) hasRoom(lv, size int) bool {
	n := q.inMemory()
	return n == 0 || n < q.maxEvents[lv] && q.bytes+int64(size) <= q.maxBytes[lv] || n == q.flying.n && len(q.flying.parts) > 0
}

// inMemory is how many events are in memory.
func (q *Queue) inMemory() int { return q.pending + q.disk.moving.n + q.disk.readyN + q.flying.n }

// add appends a frame and reports whether the worker has to know.
func (q *Queue) add(f []byte) bool {
	last := len(q.chunks) - 1
	if last < 0 || cap(q.chunks[last].buf)-len(q.chunks[last].buf) < len(f) {
		q.chunks = append(q.chunks, chunk{buf: q.room(len(f))})
		last++
	}
	c := &q.chunks[last]
	c.buf = append(c.buf, f...)
	c.n++
	q.c.accepted++
	q.pending++
	before := q.bytes
	q.bytes += int64(len(f))
	n := q.pending + q.disk.readyN
	return q.pending == 1 || n == q.enough || before < q.heavy && q.bytes >= q.heavy
}

// room is the memory of the next chunk, for a frame of a size.
func (q *Queue) room(size int) []byte {
	if size > largeFrame {
		q.nextChunk = minChunk
		return make([]byte, 0, size)
	}
	n := max(q.nextChunk, size)
	q.nextChunk = min(2*q.nextChunk, chunkSize)
	if n < chunkSize {
		return make([]byte, 0, n)
	}
	b := q.spare
	if q.spare = nil; b == nil {
		b = newChunk()
	}
	return b
}

// stock gets the memory of a chunk before it is needed: that may take long, and nobody
// is to wait for the lock meanwhile.
func (q *Queue) stock() {
	b := newChunk()
	q.mu.Lock()
	q.spare, q.stocking = b, false
	q.mu.Unlock()
}

// chunkPool has memory of chunks, of any queue. Fresh memory is what costs a caller
// most beside its own work: it is in no cache, often not even mapped.
var chunkPool = sync.Pool{New: func() any { return new([chunkSize]byte) }}

func newChunk() []byte { return chunkPool.Get().(*[chunkSize]byte)[:0] }

func (q *Queue) poke() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Closed reports whether Close was called.
func (q *Queue) Closed() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.closed
}

func (q *Queue) loss() {
	at := max(int64(time.Since(q.born)), 1)
	q.lastLoss.Store(at)
	q.firstLoss.CompareAndSwap(0, at)
	if q.cfg.OnLoss != nil {
		q.cfg.OnLoss()
	}
}

// lossOf tells of the loss of one event.
func (q *Queue) lossOf(f []byte) {
	q.loss()
	if q.cfg.OnTop != nil && frame.Level(f) == top {
		q.cfg.OnTop(f)
	}
}

// Close refuses new events. The worker ends once the queue is empty.
func (q *Queue) Close() {
	q.mu.Lock()
	if !q.closed {
		close(q.closing)
	}
	q.closed = true
	q.roomier()
	q.mu.Unlock()
	q.poke()
}

// Abandon gives up the destination: what is in memory only is dropped and counted,
// and the delivery under way is cancelled. What is on disk stays there.
func (q *Queue) Abandon() {
	q.Close()
	q.abandon()
}

// Done is closed when the worker has ended: no delivery follows.
func (q *Queue) Done() <-chan struct{} { return q.done }
