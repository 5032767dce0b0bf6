// Callastar is a small marketplace for calls with creators: an HTTP service with
// tables of its own in an SQLite database, and its activity log beside them.
//
//	go run ./examples/callastar                       # serves, and prints what to try
//	go run ./examples/callastar -demo-rows 1000000    # the same, over a large log
//	go run ./examples/callastar -demo=false           # the same, over an empty one
//	go run ./examples/callastar -check                # drives itself once and ends
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
	invent := flag.Bool("demo", true, "invent people who book and pay, and things that go wrong")
	var d demoOptions
	flag.IntVar(&d.rows, "demo-rows", 4000, "`number` of invented events of the last 30 days, where the log is empty")
	flag.Float64Var(&d.rate, "demo-rate", 3, "invented `events` a second")
	flag.Parse()
	if d.rows < 0 || d.rate < 0 {
		fmt.Fprintln(os.Stderr, "callastar: -demo-rows and -demo-rate: want 0 or more")
		os.Exit(2)
	}
	if !*invent {
		d = demoOptions{}
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := start(ctx, *addr, *db, *check, d); err != nil {
		fmt.Fprintln(os.Stderr, "callastar:", err)
		os.Exit(1)
	}
}

// start serves until ctx ends, on a database of its own unless one is given.
func start(ctx context.Context, addr, db string, check bool, d demoOptions) error {
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
	o.demo = d
	return serve(ctx, os.Stdout, addr, o)
}
