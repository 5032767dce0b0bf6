package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// What a tail does when nothing happens, and how long it lives.
const (
	tailBeat   = 15 * time.Second // a comment, so that nobody in between thinks it dead
	tailRecall = 4                // beats until Authorize is asked again
	tailLife   = 60               // beats until it ends, for the client to come again
	tailRetry  = 3000             // ms after which a client does
	tailBatch  = 200              // events that are sent at a time
	tailKnown  = 8192             // events that are not sent twice while it reads from the store
)

// tail serves GET …/tail: a stream of server-sent events, one for each event that comes
// into the log, as JSON or as a row of the page. Its ids, given back as Last-Event-ID, have
// the stream go on where it was.
func (h *Handler) tail(w http.ResponseWriter, r *http.Request, _ Principal) error {
	if p := withinSite(r); p != nil {
		return p
	}
	t, err := h.newTail(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	w.Header().Set("X-Accel-Buffering", "no") // for proxies that would collect the stream first
	if r.Method == http.MethodHead {
		return nil
	}
	select {
	case h.tails <- struct{}{}:
		defer func() { <-h.tails }()
	default:
		return &problem{status: http.StatusTooManyRequests, key: "tails", retryAfter: int(tailBeat / time.Second)}
	}
	if err := h.feed.join(); err != nil {
		return asProblem(r.Context(), err)
	}
	defer h.feed.leave()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(h.ended, cancel)()
	t.begin()
	t.out = newStream(w)
	defer t.out.end()
	t.run(ctx, r)
	return nil
}

// EndTails ends every live tail, and those to come: clients are told that it is over. An
// http.Server's Shutdown waits for them otherwise: server.RegisterOnShutdown(h.EndTails).
func (h *Handler) EndTails() { h.endTails() }

// tail is one reader of the feed.
type tail struct {
	h      *Handler
	filter syslog.Filter
	chosen func(*syslog.Log) bool
	out    *stream
	rows   *tailRows // where events come as rows of the page, nil elsewhere

	// What was sent last: the number in a feed, and the furthest position, behind which
	// the store is read where the feed does not have it any more.
	epoch string
	last  uint64
	at    syslog.Position
	floor syslog.Position // where it began: what lies before was sent to the client earlier
	sent  *recent

	number uint64 // the next one in the feed
	behind bool   // the store is read first
	lost   uint64 // events of the pipeline, when it was looked at last
	beat   <-chan time.Time
	beats  int
}

// newTail reads a request.
func (h *Handler) newTail(r *http.Request) (*tail, error) {
	g := read(r.URL.RawQuery, with("since", "lastEventId", "format")...)
	s := g.selection()
	now := h.now()
	t := &tail{h: h, filter: s.filter(g.v, now), sent: newRecent(tailKnown)}
	for field, given := range map[string]string{"endDate": s.EndDate, "asOf": s.AsOf} {
		if given != "" {
			g.v.add(field, "tail_open")
		}
	}
	resume, from, since := r.Header.Get("Last-Event-ID"), "Last-Event-ID", g.get("since")
	if resume == "" {
		resume, from = g.get("lastEventId"), "lastEventId"
	}
	if resume != "" && !t.resume(resume) {
		g.v.add(from, "want_event_id")
	}
	switch g.get("format") {
	case "", "json":
	case "html":
		t.rows = h.newTailRows(r, s, g.v)
	default:
		g.v.add("format", "want_tail_format")
	}
	if p := g.v.problem(); p != nil {
		return nil, p
	}
	f, err := t.filter.Normalize()
	if err != nil {
		return nil, asProblem(r.Context(), err)
	}
	t.filter, t.chosen = f, f.Matcher()
	if resume == "" && since != "" {
		ctx, cancel := h.limited(r.Context())
		defer cancel()
		l, err := h.logger.Get(ctx, since)
		if err != nil {
			return nil, asProblem(ctx, err)
		}
		t.at = position(l, 0)
	}
	return t, nil
}

// id is what a client gives back: a feed, a number in it, and a position.
func (t *tail) id() string {
	return fmt.Sprintf("%s.%d.%s", t.epoch, t.last, t.at.Cursor(syslog.Asc))
}

func (t *tail) resume(id string) bool {
	parts := strings.Split(id, ".")
	if len(parts) != 3 {
		return false
	}
	n, err := strconv.ParseUint(parts[1], 10, 64)
	at, wrong := syslog.Query{Order: syslog.Asc, Cursor: parts[2]}.After()
	if err != nil || wrong != nil || at == nil {
		return false
	}
	t.epoch, t.last, t.at = parts[0], n, syslog.Position{CreatedAt: at.CreatedAt, ID: at.ID}
	return true
}

// begin finds the place: in the feed, where that has it, or in the store.
func (t *tail) begin() {
	epoch, next := t.h.feed.next()
	switch {
	case t.at.ID == "": // from now on
		t.number, t.at = next, from(t.h.now())
	case t.last > 0 && t.epoch == epoch && t.last < next:
		t.number = t.last + 1
	default:
		t.number, t.behind = next, true
	}
	t.epoch, t.last, t.floor = epoch, 0, t.at
	stats := t.h.logger.Stats()
	t.lost = stats.Dropped + stats.Refused
}

// run sends until the client leaves, may not any more, or has had it for long enough.
func (t *tail) run(ctx context.Context, r *http.Request) {
	beat := time.NewTicker(tailBeat)
	defer beat.Stop()
	if t.out.send("retry: "+strconv.Itoa(tailRetry)+"\n\n") != nil {
		return
	}
	t.beat = beat.C
	for {
		if t.behind {
			if err := t.catchUp(ctx, r); err != nil {
				if errors.Is(err, errDenied) {
					t.end("denied")
					return
				}
				if ctx.Err() == nil && !errors.Is(err, errGone) {
					t.h.opts.Logger.ErrorContext(ctx, "syslog/admin: live tail ended: cannot read the store", "error", err)
				}
				return
			}
		}
		items, ok, running, changed := t.h.feed.read(t.number, tailBatch)
		if !ok { // it was too slow
			_, t.number = t.h.feed.next()
			t.behind = true
			continue
		}
		for _, l := range items {
			if t.number++; t.sent.add(&l) && t.chosen(&l) {
				t.last = t.number - 1
				t.event(l)
			}
		}
		t.tellLosses()
		if t.out.flush() != nil {
			return
		}
		if len(items) > 0 && ctx.Err() == nil {
			continue
		}
		if !running || ctx.Err() != nil {
			t.end("over")
			return
		}
		select {
		case <-changed:
		case <-ctx.Done():
		case <-beat.C:
			if !t.may(r) {
				t.end("denied")
				return
			}
			if t.beats >= tailLife || t.out.send(": \n\n") != nil {
				return
			}
		}
	}
}

// event sends one, and remembers how far that is.
func (t *tail) event(l syslog.Log) {
	at := position(l, 0)
	if now := t.h.now(); at.CreatedAt.After(now) { // by a clock that is ahead, which others are not to wait for
		at = from(now)
	}
	if comparePositions(at, t.at) > 0 {
		t.at = at
	}
	if l = t.h.shown(l); t.rows == nil {
		t.out.event(t.id(), "log", l)
		return
	}
	row, err := t.rows.of(l)
	if err != nil { // a template of the package's own
		t.h.opts.Logger.Error("syslog/admin: live tail: cannot render an event", "error", err)
		return
	}
	t.out.event(t.id(), "log", row)
}

// Why a tail ends that reads from the store.
var (
	errGone   = errors.New("client has gone away")
	errDenied = errors.New("client may not any more")
)

// may counts a beat, and asks from time to time whether the client may still listen.
func (t *tail) may(r *http.Request) bool {
	if t.beats++; t.beats%tailRecall != 0 {
		return true
	}
	who, refused := t.h.authorized(r)
	return refused == nil && who.Perms.Has(PermView)
}

// catchUp reads from the store what came behind the furthest position, and some time
// before, of which it knows what was sent.
func (t *tail) catchUp(ctx context.Context, r *http.Request) error {
	start := t.floor
	if earlier := from(t.sent.since(t.at.CreatedAt, settle)); comparePositions(earlier, start) > 0 {
		start = earlier
	}
	q := syslog.Query{Filter: t.filter, Order: syslog.Asc, Limit: tailBatch, Count: syslog.CountNone, Cursor: start.Cursor(syslog.Asc)}
	t.last = 0 // the number of what is read here is not known
	for {
		limited, cancel := t.h.limited(ctx)
		page, err := t.h.logger.Query(limited, q)
		cancel()
		if err != nil {
			return err
		}
		for _, l := range page.Logs {
			if t.sent.add(&l) {
				t.event(l)
			}
		}
		if t.out.flush() != nil {
			return errGone
		}
		if q.Cursor = page.Pagination.NextCursor; q.Cursor == "" {
			t.behind = false
			return nil
		}
		select {
		case <-t.beat:
			switch {
			case !t.may(r):
				return errDenied
			case t.beats >= tailLife:
				return errGone // for it to come again
			}
		default:
		}
	}
}

// tellLosses says when the pipeline has lost events, which no tail can have.
func (t *tail) tellLosses() {
	stats := t.h.logger.Stats()
	if lost := stats.Dropped + stats.Refused; lost > t.lost {
		t.out.event("", "dropped", map[string]uint64{"dropped": lost - t.lost})
		t.lost = lost
	}
}

func (t *tail) end(reason string) {
	t.out.event("", "end", map[string]string{"reason": reason})
	_ = t.out.flush() // who has gone away does not hear it
}
