package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// The sides.
const (
	onPostgres = "PostgreSQL"
	onTrigrams = "PostgreSQL with trigrams"
	onSQLite   = "SQLite"
	inPrisma   = "the original"
)

// Goals, in milliseconds: a page that an index can serve has one digit, and a count
// that stops at syslog.CountCap takes about one.
const (
	singleDigit = 9.99
	aboutOne    = 1.5
)

// answer is what a side says to a question: the events by their IDs, and how many
// there are. It is the same from every side.
type answer struct {
	ids   []string
	total int64
}

// asker asks one question. ids, which is for comparing, is not timed.
type asker func(ctx context.Context, q *question) (ids func() []string, total int64, err error)

// querying is the comparison of reading.
type querying struct {
	*bench
	questions []question
	answers   []answer // of the side that was asked first
}

func compareQuery(ctx context.Context, b *bench) (err error) {
	c, err := startCluster(ctx, b)
	if err != nil {
		return err
	}
	defer c.end()
	past := pastMonth(b.rows)
	q := &querying{bench: b, questions: questions(past, b.rows)}
	var sides []side
	for _, s := range readers {
		if !b.wants(s.name) {
			continue
		}
		ask, end, err := s.open(ctx, &source{b, c, past, "query"})
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		defer end()
		fmt.Fprintf(b.progress, "filled: %s\n", s.name)
		sides = append(sides, side{name: s.name, again: true, run: func(ctx context.Context, round int) error { return q.turn(ctx, round, s.name, ask) }})
		q.expect(s.name)
	}
	more, ends, err := q.lackingSides(ctx, c, past)
	for _, end := range ends {
		defer end()
	}
	if err != nil {
		return err
	}
	if err := b.takeTurns(ctx, append(sides, more...)); err != nil {
		return err
	}
	if len(q.answers) > 0 {
		b.report.notes = append(b.report.notes, q.markdown())
	}
	return nil
}

// turn asks a side everything.
func (q *querying) turn(ctx context.Context, round int, name string, ask asker) error {
	return q.ask(ctx, round, name, q.questions, ask, q.same)
}

// ask asks a side questions, and has its answers checked.
func (q *querying) ask(ctx context.Context, round int, name string, questions []question, ask asker, check func(i int, a answer) error) error {
	for i := range questions {
		what := &questions[i]
		ids, total, err := ask(ctx, what)
		if err == nil {
			err = check(i, answer{ids(), total})
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what.name, err)
		}
		times, err := sampled(func() error {
			_, _, err := ask(ctx, what)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", what.name, err)
		}
		q.report.add(round, name+": "+what.name+", p50", "ms", percentile(times, 0.50))
		q.report.add(round, name+": "+what.name+", p95", "ms", percentile(times, 0.95))
	}
	return nil
}

// same fails if a side says something else than the first one did.
func (q *querying) same(i int, a answer) error {
	if i == len(q.answers) {
		q.answers = append(q.answers, a)
		return nil
	}
	first := q.answers[i]
	if !slices.Equal(a.ids, first.ids) || a.total != first.total {
		return fmt.Errorf("%d events of %d (%.60v), but the first side had %d of %d (%.60v)",
			len(a.ids), a.total, a.ids, len(first.ids), first.total, first.ids)
	}
	return nil
}

// expect asks for the goals of a side, and for its ratios to the original.
func (q *querying) expect(name string) {
	if name == inPrisma {
		return
	}
	for _, what := range q.questions {
		q.report.compare(name+": "+what.name+", p50", inPrisma+": "+what.name+", p50", 0, 0)
		switch what.needs {
		case anIndex:
			q.report.expect(name+": "+what.name+", p95", 0, singleDigit)
		case trigramIndex:
			if name == onTrigrams {
				q.report.expect(name+": "+what.name+", p95", 0, singleDigit)
			}
		case aCap:
			q.report.expect(name+": "+what.name+", p50", 0, aboutOne)
		}
	}
	q.report.compare(name+": "+deepByCursor+", p50", name+": "+firstPage+", p50", 0, 3)
}

// markdown is the table of all questions and sides: medians of p50 and p95.
func (q *querying) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| ms, p50 / p95; rows |")
	for _, s := range readers {
		fmt.Fprintf(&b, " %s |", s.name)
	}
	fmt.Fprintf(&b, "\n|---|%s\n", strings.Repeat("--:|", len(readers)))
	for i, what := range q.questions {
		fmt.Fprintf(&b, "| %s; %d |", what.name, max(len(q.answers[i].ids), int(q.answers[i].total)))
		for _, s := range readers {
			p50, p95 := q.report.byName[s.name+": "+what.name+", p50"], q.report.byName[s.name+": "+what.name+", p95"]
			if p50 == nil {
				b.WriteString(" - |")
				continue
			}
			fmt.Fprintf(&b, " %s / %s |", number(median(p50.values())), number(median(p95.values())))
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}
