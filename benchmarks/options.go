package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"time"
)

// everything is the name of all comparisons.
const everything = "all"

// options are what the command line says.
type options struct {
	rounds      int
	only        *regexp.Regexp // sides; nil is all
	results     string         // a file
	profile     string         // a file
	away        time.Duration  // of the store, in memory
	heapProfile string         // of children

	setRows int
	large   bool
}

// rowsOf is the number of rows of a comparison.
func (o *options) rowsOf(c comparison) int {
	switch {
	case o.setRows > 0:
		return o.setRows
	case o.large && c.large > 0:
		return c.large
	}
	return c.rows
}

// parse reads the command line.
func parse(args []string, progress io.Writer) (o *options, chosen []comparison, err error) {
	o = &options{}
	flags := flag.NewFlagSet("benchmarks", flag.ContinueOnError)
	flags.SetOutput(progress)
	flags.IntVar(&o.rounds, "rounds", 5, "how often each side takes its turn")
	flags.IntVar(&o.setRows, "rows", 0, "rows of the table, or calls; 0 is the comparison's own number")
	flags.BoolVar(&o.large, "large", false, "the rows that the comparison has for a large table")
	flags.StringVar(&o.results, "out", "", "a file to put the results into as well, in place of those of the same name there")
	flags.StringVar(&o.profile, "cpuprofile", "", "a file for the profile of this process, without the server")
	flags.DurationVar(&o.away, "away", 30*time.Second, "how long the store of memory is away")
	flags.StringVar(&o.heapProfile, "heapprofile", "", "a file for the heap of memory's last child, as it is when the store comes back: choose one by -only")
	only := flags.String("only", "", "a regular expression: only sides with such a name")
	flags.Usage = func() {
		fmt.Fprintln(progress, "usage: go run . [flags] NAME, with NAME one of")
		for _, c := range comparisons {
			fmt.Fprintf(progress, "  %-10s %s%s\n", c.name, c.about, ofRows(c.rows))
		}
		fmt.Fprintf(progress, "  %-10s all of them\n", everything)
		flags.PrintDefaults()
	}
	name, err := named(flags, args)
	if err != nil {
		return nil, nil, err
	}
	chosen = slices.DeleteFunc(slices.Clone(comparisons), func(c comparison) bool { return name != everything && c.name != name })
	largeOne := slices.ContainsFunc(chosen, func(c comparison) bool { return c.large > 0 })
	switch {
	case len(chosen) == 0:
		flags.Usage()
		return nil, nil, fmt.Errorf("no comparison has the name %q", name)
	case o.rounds < 1:
		return nil, nil, fmt.Errorf("-rounds %d: want 1 or more", o.rounds)
	case o.setRows < 0:
		return nil, nil, fmt.Errorf("-rows %d: want 1 or more, or 0 for the comparison's own number", o.setRows)
	case o.large && o.setRows > 0:
		return nil, nil, errors.New("-large and -rows: want one of them")
	case o.large && !largeOne:
		return nil, nil, fmt.Errorf("-large: %s has no larger table", name)
	}
	if *only != "" {
		if o.only, err = regexp.Compile(*only); err != nil {
			return nil, nil, err
		}
	}
	return o, chosen, nil
}

// named takes flags before and behind the name.
func named(flags *flag.FlagSet, args []string) (name string, err error) {
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
