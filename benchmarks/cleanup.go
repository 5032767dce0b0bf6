package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog/store/postgres"
)

const (
	// enough is how many of the writer's batches a round needs beside each way to
	// delete: the p99 of fewer is the one or two slowest. Short ways are taken again
	// and again for it, each time on a fresh copy, mostStretches times at most.
	enough        = 600
	mostStretches = 8
	// keep is the age up to which events are kept: 70 % of the table.
	keep = 30 * 24 * time.Hour
	// mostSlower is the goal: the writer's p99 beside a cleanup, to that before it.
	mostSlower = 2
)

// felt are times of the writer's batches.
type felt struct{ before, beside []float64 }

// cleanup is the comparison of ways to delete old events, by what a writer feels.
type cleanup struct {
	*bench
	cluster      *cluster
	now          time.Time
	past         history
	old          int64                    // events to delete
	enough, most int                      // as above, less for few rows
	seen         map[string]map[int]*felt // by side and round
	lasted       map[string]int           // batches of the last stretch beside a deletion
	late         int                      // stretches that began with a writer behind its schedule
}

func compareCleanup(ctx context.Context, b *bench) error {
	cl, err := startCluster(ctx, b)
	if err != nil {
		return err
	}
	defer cl.end()
	now := time.Now().Truncate(time.Millisecond)
	step := keep * 10 / 7 / time.Duration(b.rows)
	c := &cleanup{
		bench: b, cluster: cl, now: now, past: history{start: now.Add(-time.Duration(b.rows) * step), step: step},
		enough: min(enough, 1+b.rows/20), most: min(mostStretches, 1+b.rows/50_000),
		seen: map[string]map[int]*felt{}, lasted: map[string]int{},
	}
	for ; c.past.at(int(c.old)).Before(now.Add(-keep)); c.old++ {
	}
	var sides []side
	for _, cleaner := range cleaners {
		c.seen[cleaner.name] = map[int]*felt{}
		sides = append(sides, side{name: cleaner.name, again: true, run: func(ctx context.Context, round int) error { return c.turn(ctx, round, &cleaner) }})
		c.expect(&cleaner)
	}
	if err := b.takeTurns(ctx, sides); err != nil {
		return err
	}
	c.atRest()
	c.pool()
	return nil
}

// atRest tells the report what a writer alone felt in each round: the median of the p99
// of all stretches of the round on such a table.
func (c *cleanup) atRest() {
	for round := range c.rounds {
		p99 := map[postgres.Partition][]float64{}
		for _, by := range cleaners {
			f := c.seen[by.name][round]
			if f == nil {
				continue
			}
			p := by.opts.Partition
			p99[p] = append(p99[p], percentile(f.before, 0.99)) // turn has sorted them
			if by.clean == nil {
				p99[p] = append(p99[p], percentile(f.beside, 0.99))
			}
		}
		for p, v := range p99 {
			slices.Sort(v)
			c.report.add(round, writerAlone(p), "ms", median(v))
		}
	}
}

// expect asks for ratios. The goal is judged against what a writer alone feels before
// whatever in the same round: of one stretch a p99 is a handful of batches, and a disk
// that stalls hits now those beside a deletion, now those before.
func (c *cleanup) expect(by *cleaner) {
	r := c.report
	for _, p := range []string{"p50", "p99"} {
		r.compare(by.name+", "+p+" beside it", by.name+", "+p+" before it", 0, 0)
	}
	most := 0.0
	if by.ours {
		most = mostSlower
	}
	if by.clean != nil {
		r.compare(by.name+", p99 beside it", writerAlone(by.opts.Partition), 0, most)
	}
	if by.against != "" {
		r.compare(by.name+", took", by.against+", took", 0, 0)
		r.compare(by.name+", p99 beside it, all rounds", by.against+", p99 beside it, all rounds", 0, 0)
	}
}

// turn takes stretches of one way until there are enough batches beside it.
func (c *cleanup) turn(ctx context.Context, round int, by *cleaner) error {
	var all felt
	var took []float64
	var size float64
	for n := 0; n < c.most && len(all.beside) < c.enough; n++ {
		s, err := c.stretch(ctx, by)
		if err != nil {
			return err
		}
		all.before, all.beside = append(all.before, s.before...), append(all.beside, s.beside...)
		took, size = append(took, s.took.Seconds()), s.size
	}
	c.seen[by.name][round] = &all
	add := func(what, unit string, value float64) { c.report.add(round, by.name+", "+what, unit, value) }
	slices.Sort(all.before)
	slices.Sort(all.beside)
	add("p50 before it", "ms", percentile(all.before, 0.50))
	add("p50 beside it", "ms", percentile(all.beside, 0.50))
	add("p99 before it", "ms", percentile(all.before, 0.99))
	add("p99 beside it", "ms", percentile(all.beside, 0.99))
	add("max beside it", "ms", all.beside[len(all.beside)-1])
	if by.clean != nil {
		slices.Sort(took)
		add("took", "s", median(took))
		add("size afterwards", "MB", size)
	}
	return nil
}

// pool tells the report of all batches of all rounds.
func (c *cleanup) pool() {
	var b strings.Builder
	b.WriteString("The writer's batches of all rounds, before each way to delete and beside it:\n" +
		"| way | batches | p50 ms | p99 ms | max ms | batches | p50 ms | p99 ms | max ms |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
	for _, by := range cleaners {
		if len(c.seen[by.name]) == 0 {
			continue
		}
		var all felt
		for _, f := range c.seen[by.name] {
			all.before, all.beside = append(all.before, f.before...), append(all.beside, f.beside...)
		}
		fmt.Fprintf(&b, "| %s |", by.name)
		c.pooled(&b, by.name+", p99 before it", all.before)
		c.pooled(&b, by.name+", p99 beside it", all.beside)
		b.WriteByte('\n')
	}
	if c.late > 0 {
		fmt.Fprintf(&b, "%d stretches began while the writer was behind its schedule: this machine was too slow for it.\n", c.late)
	}
	c.report.notes = append(c.report.notes, strings.TrimRight(b.String(), "\n"))
}

// writerAlone is the name of a writer's p99 with nothing beside it.
func writerAlone(p postgres.Partition) string {
	if p != postgres.Unpartitioned {
		return "writer alone, partitions, p99"
	}
	return "writer alone, p99"
}

func (c *cleanup) pooled(b *strings.Builder, name string, t []float64) {
	slices.Sort(t)
	c.report.add(allRounds, name+", all rounds", "ms", percentile(t, 0.99))
	fmt.Fprintf(b, " %d | %s | %s | %s |", len(t), number(percentile(t, 0.50)), number(percentile(t, 0.99)), number(t[len(t)-1]))
}
