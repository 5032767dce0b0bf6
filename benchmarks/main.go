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
	"regexp"
	"runtime/pprof"
	"slices"
)

// comparison is what a run measures.
type comparison struct {
	name, about string
	rows        int // by default
	run         func(ctx context.Context, b *bench) error
}

// comparisons are all there are: a new one is a file and a line here.
var comparisons = []comparison{
	{"postgres", "logger to committed rows in PostgreSQL, against psql, GORM and pgx", 200_000, comparePostgres},
	{"sqlite", "logger to committed rows in SQLite, against the driver, the shell and GORM", 200_000, compareSQLite},
	{"prisma", "logger to committed rows in PostgreSQL, against the stack that this library comes from", 200_000, comparePrisma},
	{"indexes", "candidates of index sets: what inserts pay, what queries gain", 1_000_000, compareIndexes},
	{"cleanup", "what writers feel of a cleanup of 30 % of the table", 1_000_000, compareCleanup},
}

// bench is one run of a comparison.
type bench struct {
	rows, rounds int
	only         *regexp.Regexp // sides; nil is all
	dir          string         // for files of the run
	report       *report
	progress     io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	flags.SetOutput(progress)
	rounds := flags.Int("rounds", 5, "how often each side takes its turn")
	rows := flags.Int("rows", 0, "rows of the table; 0 is the comparison's own number")
	profile := flags.String("cpuprofile", "", "a file for the profile of this process, without the server")
	only := flags.String("only", "", "a regular expression: only sides with such a name")
	flags.Usage = func() {
		fmt.Fprintln(progress, "usage: go run . [flags] NAME, with NAME one of")
		for _, c := range comparisons {
			fmt.Fprintf(progress, "  %-10s %s; %d rows\n", c.name, c.about, c.rows)
		}
		flags.PrintDefaults()
	}
	name, err := parse(flags, args)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(comparisons, func(c comparison) bool { return c.name == name })
	if at < 0 || *rounds < 1 || *rows < 0 {
		flags.Usage()
		return fmt.Errorf("no comparison %q, or not so many rounds or rows", name)
	}
	c := comparisons[at]
	b := &bench{rows: c.rows, rounds: *rounds, report: newReport(), progress: progress}
	if *rows > 0 {
		b.rows = *rows
	}
	if *only != "" {
		if b.only, err = regexp.Compile(*only); err != nil {
			return err
		}
	}
	if b.dir, err = os.MkdirTemp("", "syslog-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Fprintf(out, "%s: %s\n%d rows, %d rounds\n", c.name, c.about, b.rows, b.rounds)
	if err := c.run(ctx, b); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return b.report.print(out)
}

// parse takes flags before and behind the name.
func parse(flags *flag.FlagSet, args []string) (name string, err error) {
	for len(args) > 0 {
		if err := flags.Parse(args); err != nil {
			return "", err
		}
		if args = flags.Args(); len(args) > 0 {
			if name != "" {
				return "", fmt.Errorf("one comparison at a time: %q, %q", name, args[0])
			}
			name, args = args[0], args[1:]
		}
	}
	return name, nil
}
