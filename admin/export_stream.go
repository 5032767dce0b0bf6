package admin

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/callastar/syslog"
)

// exporting is an export under way.
type exporting struct {
	h         *Handler
	ctx       context.Context
	q         syslog.Query // of the next page
	most      int          // events
	n         int          // events so far
	truncated bool         // there are more than most
}

// read reads up to limit events more, when it is its turn among the large reads: it has a
// place only while it reads, since a client may be slow. The time that a read may take is that
// of a page, not of the export.
func (x *exporting) read(limit int) (page syslog.Page, err error) {
	if !x.q.From.IsZero() && x.q.From.After(x.q.To) { // all of it lies in the future
		return page, nil
	}
	select {
	case x.h.places <- struct{}{}:
		defer func() { <-x.h.places }()
	case <-x.ctx.Done():
		return page, asProblem(x.ctx, x.ctx.Err())
	}
	ctx, cancel := x.h.limited(x.ctx)
	defer cancel()
	x.q.Limit = limit
	if page, err = x.h.logger.Query(ctx, x.q); err != nil {
		return page, asProblem(ctx, err)
	}
	x.q.Cursor = page.Pagination.NextCursor
	return page, nil
}

// stream writes a page and those behind it.
func (x *exporting) stream(w http.ResponseWriter, as exportFormat, page syslog.Page) (err error) {
	to := patient{w, http.NewResponseController(w)}
	buf := bufio.NewWriterSize(to, piece)
	enc := as.encoder(buf)
	enc.begin()
	for {
		for _, l := range page.Logs {
			if err := enc.event(x.h.shown(l)); err != nil {
				return err
			}
			x.n++
		}
		more := page.Pagination.HasMore
		x.truncated = more && x.n >= x.most
		if !more || x.truncated {
			enc.end()
			return errors.Join(buf.Flush(), to.flush(), to.within(patience)) // net/http writes the end
		}
		if err := errors.Join(buf.Flush(), to.flush()); err != nil {
			return err
		}
		if page, err = x.read(min(syslog.MaxLimit, x.most-x.n)); err != nil {
			return err
		}
	}
}

// A client has patience to take a piece of so many bytes: one that has stopped reading
// does not keep others from their turn. The time that a server gives to a whole answer
// does not hold for an export.
const (
	patience = 30 * time.Second
	piece    = 64 << 10
)

// patient writes to a client, piece by piece.
type patient struct {
	w  http.ResponseWriter
	rc *http.ResponseController
}

func (p patient) Write(b []byte) (n int, err error) {
	for part := range slices.Chunk(b, piece) {
		if err := p.within(patience); err != nil {
			return n, err
		}
		did, err := p.w.Write(part)
		if n += did; err != nil {
			return n, err
		}
	}
	return n, p.within(0)
}

// flush has net/http send what it holds back.
func (p patient) flush() error {
	if err := p.within(patience); err != nil {
		return err
	}
	return errors.Join(supported(p.rc.Flush()), p.within(0))
}

// within sets the time by which writes must be done: 0 is none, while nothing is written.
func (p patient) within(d time.Duration) error {
	var deadline time.Time
	if d > 0 {
		deadline = time.Now().Add(d)
	}
	return supported(p.rc.SetWriteDeadline(deadline))
}

// supported leaves out that a host's ResponseWriter cannot do something.
func supported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
