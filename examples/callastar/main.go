// Callastar is a small marketplace for calls with creators: an HTTP service with
// tables of its own in an SQLite database, and its activity log beside them.
//
//	go run ./examples/callastar          # serves, and prints what to try
//	go run ./examples/callastar -check   # drives itself once and ends
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8080", "`address` to listen on")
	db := flag.String("db", "", "`path` of the database; default: a fresh one in a temporary folder")
	check := flag.Bool("check", false, "start on a free port, go once through everything, and end")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := start(ctx, *addr, *db, *check); err != nil {
		fmt.Fprintln(os.Stderr, "callastar:", err)
		os.Exit(1)
	}
}

// start serves until ctx ends, on a database of its own unless one is given.
func start(ctx context.Context, addr, db string, check bool) error {
	if db == "" {
		dir, err := os.MkdirTemp("", "callastar-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		db = filepath.Join(dir, "callastar.db")
	}
	o := options{
		db: db, stripeSecret: cmp.Or(os.Getenv("STRIPE_WEBHOOK_SECRET"), demoStripeSecret), cronSecret: cmp.Or(os.Getenv("CRON_SECRET"), demoCronSecret),
	}
	if check {
		return selfCheck(ctx, os.Stdout, o)
	}
	return serve(ctx, os.Stdout, addr, o)
}
