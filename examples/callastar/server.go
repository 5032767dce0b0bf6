package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
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
	if err := a.pretend(ctx, w, o.demo.rows); err != nil {
		return errors.Join(err, l.Close(), within(ctx, a.shutdown))
	}
	if err := guide(w, "http://"+l.Addr().String(), o.demo); err != nil {
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
		WriteTimeout:      a.writeTimeout, // live tails and exports set their own
		IdleTimeout:       time.Minute,
	}
	server.RegisterOnShutdown(a.admin.EndTails) // which would be waited for
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	ctx, stop := context.WithCancel(ctx)
	var invented sync.WaitGroup
	if a.demo.rate > 0 {
		invented.Go(func() { a.traffic(ctx, a.demo.rate) })
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		err = within(ctx, server.Shutdown)
		if served := <-failed; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	}
	stop()
	invented.Wait()
	return errors.Join(err, within(ctx, a.shutdown))
}

// within gives an ending its time, although ctx has ended.
func within(ctx context.Context, end func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return end(ctx)
}
