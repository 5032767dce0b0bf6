package main

import (
	"context"
	"fmt"
	"slices"

	"github.com/callastar/syslog"
)

// lacking are sides that are asked for what their table has none of, though it is what
// tables are full of: no index has it, so that all rows are read to find nothing.
var lacking = []string{onPostgres, onSQLite}

// lackingSides fills a table for each of them.
func (q *querying) lackingSides(ctx context.Context, c *cluster, past history) (sides []side, ends []func(), err error) {
	past.lacks = true
	questions := []question{
		{"actor SYSTEM, of whom there is nothing", syslog.Query{Filter: syslog.Filter{Actors: []syslog.LogActor{syslog.ActorSystem}}, Count: syslog.CountNone}, anIndex, false},
		{"level INFO, of which there is nothing", syslog.Query{Filter: syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}}, Count: syslog.CountNone}, anIndex, false},
	}
	for _, reader := range readers {
		name := reader.name + " without"
		if !slices.Contains(lacking, reader.name) || !q.wants(name) {
			continue
		}
		ask, end, err := reader.open(ctx, &source{q.bench, c, past, "lacking"})
		if err != nil {
			return nil, ends, fmt.Errorf("%s: %w", name, err)
		}
		ends = append(ends, end)
		sides = append(sides, side{name: name, again: true, run: func(ctx context.Context, round int) error {
			return q.ask(ctx, round, name, questions, ask, func(i int, a answer) error {
				if len(a.ids) > 0 {
					return fmt.Errorf("%d events, want none", len(a.ids))
				}
				return nil
			})
		}})
		for _, what := range questions {
			q.report.expect(name+": "+what.name+", p95", 0, singleDigit)
		}
	}
	return sides, ends, nil
}
