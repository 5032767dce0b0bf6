package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// grace is how long requests, and then events, may take at the end.
const grace = 10 * time.Second

// serve runs the service until ctx ends.
func serve(ctx context.Context, w io.Writer, addr string, o options) error {
	a, err := newApp(o)
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return errors.Join(err, a.shutdown(ctx))
	}
	if err := guide(w, "http://"+l.Addr().String()); err != nil {
		return errors.Join(err, l.Close(), a.shutdown(ctx))
	}
	if err := a.serveOn(ctx, l); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, "Stopped; every event is stored.")
	return err
}

// serveOn serves until ctx ends, and then stops in the order that loses nothing:
// the requests, the events they logged, the database.
func (a *app) serveOn(ctx context.Context, l net.Listener) error {
	server := &http.Server{
		Handler:           a.routes(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      15 * time.Second,
		IdleTimeout:       time.Minute,
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = within(ctx, server.Shutdown)
		if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	}
	return errors.Join(err, within(ctx, a.shutdown))
}

// within gives an ending its time, although ctx has ended.
func within(ctx context.Context, end func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return end(ctx)
}
