// Package requestctx puts what a service knows of an HTTP request into its context, so
// that every event that is logged for the request has it in its metadata:
//
//	requestId  the id of the request, which the answer's X-Request-Id says, too
//	ip         the address of the client
//	userAgent  what the client says that it is, up to 256 bytes
//	method     of the request
//	route      the pattern of net/http's ServeMux that matches, as "POST /bookings/{id}"
//	traceId    of the W3C header traceparent
//
// It is a middleware:
//
//	wrap, err := requestctx.New(&requestctx.Options{TrustedProxies: []string{"10.0.0.0/8"}})
//	if err != nil {
//		return err
//	}
//	server.Handler = wrap(mux)
//
// Addresses and user agents are personal data: leave out with Options.Leave what you have
// no reason to keep.
package requestctx

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// The fields.
const (
	RequestID = "requestId"
	IP        = "ip"
	UserAgent = "userAgent"
	Method    = "method"
	Route     = "route"
	TraceID   = "traceId"
)

// fields are all of them.
var fields = []string{RequestID, IP, UserAgent, Method, Route, TraceID}

// maxAgent is how much of a user agent is kept, in bytes, and maxRequestID how long an
// id may be that is taken over.
const (
	maxAgent     = 256
	maxRequestID = 128
)

// Options are the settings of [New]. The zero value trusts nobody.
type Options struct {
	// TrustedProxies are the addresses and networks of the service's own proxies, as
	// "10.0.0.0/8", "2001:db8::/32" or "192.0.2.1". From them, and from nobody else,
	// X-Forwarded-For and X-Request-Id are believed: anybody can send these.
	TrustedProxies []string
	// Leave lists fields that are not wanted.
	Leave []string
	// Route says by which route a request will be served, "" if that is not known. Default:
	// the pattern of the http.ServeMux that the middleware is put around, or is within. With
	// something in between, or with another router, ask it here:
	//
	//	Route: func(r *http.Request) string { _, pattern := mux.Handler(r); return pattern },
	Route func(r *http.Request) string
}

// New returns a middleware. The error says which option is wrong. A nil opts is the zero
// value.
func New(opts *Options) (func(http.Handler) http.Handler, error) {
	var m middleware
	if opts == nil {
		opts = &Options{}
	}
	var errs []error
	for i, text := range opts.TrustedProxies {
		p, err := parsePrefix(text)
		if err != nil {
			errs = append(errs, fmt.Errorf("TrustedProxies[%d] is %.60q: want an address or a network as 10.0.0.0/8", i, text))
		}
		m.trusted = append(m.trusted, p)
	}
	for i, name := range opts.Leave {
		if !slices.Contains(fields, name) {
			errs = append(errs, fmt.Errorf("Leave[%d] is %.40q: want one of %s", i, name, strings.Join(fields, ", ")))
		}
	}
	m.leave, m.route = slices.Clone(opts.Leave), opts.Route
	if len(errs) > 0 {
		return nil, fmt.Errorf("requestctx: invalid Options: %w", errors.Join(errs...))
	}
	return m.wrap, nil
}

type middleware struct {
	trusted []netip.Prefix
	leave   []string
	route   func(*http.Request) string
}

func (m *middleware) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		peer := m.peer(r)
		id := m.requestID(r, peer)
		w.Header().Set("X-Request-Id", id)
		var as []slog.Attr
		add := func(name string, v slog.Value, known bool) {
			if known && !slices.Contains(m.leave, name) {
				as = append(as, slog.Attr{Key: name, Value: v})
			}
		}
		ip := m.client(r, peer)
		agent := cut(r.UserAgent(), maxAgent)
		trace, traced := traceID(r)
		add(RequestID, slog.StringValue(id), true)
		add(IP, slog.StringValue(ip.String()), ip.IsValid())
		add(UserAgent, slog.StringValue(agent), agent != "")
		add(Method, slog.StringValue(r.Method), true)
		pattern := m.pattern(r, next)
		add(Route, slog.StringValue(pattern), pattern != "")
		add(TraceID, slog.StringValue(trace), traced)
		ctx := context.WithValue(syslog.WithAttrs(r.Context(), as...), idKey{}, id)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// pattern is what a request will be served by, as far as it is known before.
func (m *middleware) pattern(r *http.Request, next http.Handler) string {
	if m.route != nil {
		return m.route(r)
	}
	if mux, ok := next.(interface {
		Handler(*http.Request) (http.Handler, string)
	}); ok {
		_, pattern := mux.Handler(r)
		return pattern
	}
	return r.Pattern
}

type idKey struct{}

// ID is the id of the request that a context belongs to, "" without one.
func ID(ctx context.Context) string {
	id, _ := ctx.Value(idKey{}).(string)
	return id
}

// requestID is what a proxy of our own has given the request, or a new one.
func (m *middleware) requestID(r *http.Request, peer netip.Addr) string {
	if given := r.Header.Get("X-Request-Id"); m.trusts(peer) && fitsID(given) {
		return given
	}
	return rand.Text()
}

func fitsID(id string) bool {
	return id != "" && len(id) <= maxRequestID && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !strings.ContainsRune("-_.:/+=", c)
	})
}

// cut is the beginning of a text, in whole characters.
func cut(s string, most int) string {
	if len(s) > most {
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "")
}
