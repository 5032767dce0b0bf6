// Command benchmarks compares the library with what a service could use instead,
// and with what it might have been: all sides of a comparison in one run, taking
// turns. README.md says how to run it and how to read what it prints.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"
)

// comparison is what a run measures.
type comparison struct {
	name, about string
	rows        int // by default
	large       int // with -large; 0 is none
	run         func(ctx context.Context, b *bench) error
}

// comparisons are all there are: a new one is a file and a line here.
var comparisons = []comparison{
	{"enqueue", "a call with five fields, against loggers that write JSON to nowhere and queues that hand it over", 1_000_000, 0, compareEnqueue},
	{"postgres", "logger to committed rows in PostgreSQL, against psql, GORM and pgx", 200_000, 0, comparePostgres},
	{"sqlite", "logger to committed rows in SQLite, against the driver, the shell and GORM", 200_000, 0, compareSQLite},
	{"prisma", "logger to committed rows in PostgreSQL, against the stack that this library comes from", 200_000, 0, comparePrisma},
	{"indexes", "candidates of index sets: what inserts pay, what queries gain", 1_000_000, 5_000_000, compareIndexes},
	{"query", "pages, searches and counts, against the original's on its table", 1_000_000, 5_000_000, compareQuery},
	{"cleanup", "what writers feel of a cleanup of 30 % of the table", 1_000_000, 0, compareCleanup},
	{"memory", "what a process grows by while its store is away, as fast as it can call; rows are the most calls", 0, 0, compareMemory},
	{"latency", "the longest calls, whatever the store does", 10_000_000, 0, compareLatency},
}

// bench is one run of a comparison.
type bench struct {
	*options
	rows     int
	dir      string // for files of the run
	report   *report
	progress io.Writer
}

func main() {
	if spec := os.Getenv(childEnv); spec != "" {
		if err := child(spec, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM) // the server and its files go, too
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	opts, chosen, err := parse(args, progress)
	if err != nil {
		return err
	}
	if opts.profile != "" {
		f, err := os.Create(opts.profile)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	for _, c := range chosen {
		b := &bench{options: opts, rows: opts.rowsOf(c), report: newReport(), progress: progress}
		if err := b.run(ctx, c, out); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// run runs a comparison, and writes what it measured.
func (b *bench) run(ctx context.Context, c comparison, out io.Writer) (err error) {
	if b.dir, err = os.MkdirTemp("", "syslog-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	fmt.Fprintf(out, "%s: %s%s; %s\n", c.name, c.about, ofRows(b.rows), rounds(b.rounds))
	if err := c.run(ctx, b); err != nil {
		return err
	}
	if b.results != "" {
		text, err := b.section(c, time.Now())
		if err == nil {
			err = replaceSection(b.results, c.name, text)
		}
		if err != nil {
			return err
		}
	}
	return b.report.print(out)
}

func ofRows(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("; %d rows", n)
}
