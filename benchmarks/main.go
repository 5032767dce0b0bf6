// Command benchmarks compares the library with what a service could use instead,
// and with what it might have been: all sides of a comparison in one run, taking
// turns. README.md says how to run it and how to read what it prints.
package main

import (
	"cmp"
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
	"time"
)

// comparison is what a run measures.
type comparison struct {
	name, about string
	rows        int // by default
	run         func(ctx context.Context, b *bench) error
}

// comparisons are all there are: a new one is a file and a line here.
var comparisons = []comparison{
	{"enqueue", "a call with five fields, against loggers that write JSON to nowhere and queues that hand it over", 1_000_000, compareEnqueue},
	{"postgres", "logger to committed rows in PostgreSQL, against psql, GORM and pgx", 200_000, comparePostgres},
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
	results := flags.String("out", "", "a file to put the results into as well, in place of those of the same name there")
	only := flags.String("only", "", "a regular expression: only sides with such a name")
	flags.Usage = func() {
		fmt.Fprintln(progress, "usage: go run . [flags] NAME, with NAME one of")
		for _, c := range comparisons {
			fmt.Fprintf(progress, "  %-10s %s; %d rows\n", c.name, c.about, c.rows)
		}
		fmt.Fprintf(progress, "  %-10s all of them\n", everything)
		flags.PrintDefaults()
	}
	name, err := parse(flags, args)
	if err != nil {
		return err
	}
	chosen := slices.DeleteFunc(slices.Clone(comparisons), func(c comparison) bool { return name != everything && c.name != name })
	if len(chosen) == 0 || *rounds < 1 || *rows < 0 {
		flags.Usage()
		return fmt.Errorf("no comparison %q, or not so many rounds or rows", name)
	}
	var sides *regexp.Regexp
	if *only != "" {
		if sides, err = regexp.Compile(*only); err != nil {
			return err
		}
	}
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
	for _, c := range chosen {
		b := &bench{rows: cmp.Or(*rows, c.rows), rounds: *rounds, only: sides, report: newReport(), progress: progress}
		if err := b.run(ctx, c, out, *results); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// everything is the name of all comparisons.
const everything = "all"

// run runs a comparison, and writes what it measured.
func (b *bench) run(ctx context.Context, c comparison, out io.Writer, results string) (err error) {
	if b.dir, err = os.MkdirTemp("", "syslog-bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	fmt.Fprintf(out, "%s: %s\n%d rows, %d rounds\n", c.name, c.about, b.rows, b.rounds)
	if err := c.run(ctx, b); err != nil {
		return err
	}
	if results != "" {
		text, err := b.section(c, time.Now())
		if err == nil {
			err = replaceSection(results, c.name, text)
		}
		if err != nil {
			return err
		}
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
