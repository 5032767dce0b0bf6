package syslog

import (
	"context"
	"log/slog"
	"slices"
)

// WithAttrs returns a context whose events carry these fields in their metadata, beside
// those that parent carries already: what is logged for a request has its id, say,
// without each call naming it. Fields of the call itself win over them, and of the same
// name the ones added last. A nil parent is one without end.
//
// Package requestctx does so for HTTP requests.
func WithAttrs(parent context.Context, as ...slog.Attr) context.Context {
	parent = background(parent)
	if len(as) == 0 {
		return parent
	}
	before := attrsOf(parent)
	return context.WithValue(parent, attrsKey{}, append(slices.Clip(before), as...))
}

type attrsKey struct{}

// attrsOf are the fields that a context carries. It is the host's, and its methods may
// panic.
func attrsOf(ctx context.Context) (as attrs) {
	if ctx == nil || ctx == context.Background() {
		return nil
	}
	return valueOf(ctx)
}

func valueOf(ctx context.Context) (as attrs) {
	defer func() { _ = recover() }()
	as, _ = ctx.Value(attrsKey{}).(attrs)
	return as
}
