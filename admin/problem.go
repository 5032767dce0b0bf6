package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/callastar/syslog"
)

// problem is an answer that says what is wrong.
type problem struct {
	status  int
	key     string // of the catalog, and the code for programs
	details []detail
	allow   string // the header of a 405
	// retryAfter is the header of a 429, in seconds.
	retryAfter   int
	currentCount *int64 // of a 409: how many events there are now
	cause        error  // for the host's log
}

// detail is what is wrong with one field.
type detail struct {
	field, key string
	args       []any
}

func (p *problem) Error() string {
	if p.cause != nil {
		return p.key + ": " + p.cause.Error()
	}
	return p.key
}

func failed(status int, key string) *problem { return &problem{status: status, key: key} }

// invalid collects what is wrong with the fields of a request.
type invalid struct{ details []detail }

func (v *invalid) add(field, key string, args ...any) {
	v.details = append(v.details, detail{field, key, args})
}

// problem is nil where nothing is wrong.
func (v *invalid) problem() *problem {
	if len(v.details) == 0 {
		return nil
	}
	slices.SortStableFunc(v.details, func(a, b detail) int { return cmpField(a.field, b.field) })
	return &problem{status: http.StatusBadRequest, key: "invalid", details: v.details}
}

func cmpField(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// asProblem is the answer to an error of the log's.
func asProblem(ctx context.Context, err error) *problem {
	var p *problem
	switch {
	case errors.As(err, &p):
		return p
	case errors.Is(err, syslog.ErrInvalidCursor):
		return &problem{status: http.StatusBadRequest, key: "invalid", details: []detail{{"cursor", "want_cursor", nil}}}
	case errors.Is(err, syslog.ErrInvalidQuery):
		return &problem{status: http.StatusBadRequest, key: "invalid", cause: err}
	case errors.Is(err, syslog.ErrEmptyFilter):
		return failed(http.StatusBadRequest, "empty_filter")
	case errors.Is(err, syslog.ErrCleanupRunning):
		return failed(http.StatusConflict, "cleanup_running")
	case errors.Is(err, syslog.ErrNotFound):
		return failed(http.StatusNotFound, "no_event")
	case errors.Is(err, errors.ErrUnsupported):
		return &problem{status: http.StatusNotImplemented, key: "unsupported", cause: err}
	case errors.Is(ctx.Err(), context.Canceled):
		return &problem{status: http.StatusServiceUnavailable, key: "unavailable", cause: err}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &problem{status: http.StatusGatewayTimeout, key: "timeout", cause: err}
	case errors.Is(err, syslog.ErrNoStore), errors.Is(err, syslog.ErrClosed):
		return &problem{status: http.StatusServiceUnavailable, key: "unavailable", cause: err}
	}
	return &problem{status: http.StatusInternalServerError, key: "internal", cause: err}
}

// message is the text of a detail.
func (d detail) message(c catalog) string {
	return fmt.Sprintf("%s: %s", d.field, c.say(d.key, d.args...))
}
