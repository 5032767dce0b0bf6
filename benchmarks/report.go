package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// measure is a quantity, measured once in each round, or once of all rounds together.
type measure struct {
	name, unit string
	rounds     map[int]float64
}

// allRounds is the round of a measure that is made of what all rounds have seen.
const allRounds = -1

// ratio is of two measures.
type ratio struct {
	name, against string
	goal          goal
}

// goal is the least or the most that a median should be, or every round's; zero is none.
type goal struct {
	least, most float64
	always      bool
}

// report collects what a run measured.
type report struct {
	machine  []string
	measures []*measure
	byName   map[string]*measure
	ratios   []ratio
	goals    map[string]goal // of measures, by their names
	notes    []string        // printed between the tables and the lines for programs
}

func newReport() *report { return &report{byName: map[string]*measure{}, goals: map[string]goal{}} }

func (r *report) add(round int, name, unit string, value float64) {
	m := r.byName[name]
	if m == nil {
		m = &measure{name: name, unit: unit, rounds: map[int]float64{}}
		r.byName[name] = m
		r.measures = append(r.measures, m)
	}
	m.rounds[round] = value
}

// compare has a ratio printed, if both were measured.
func (r *report) compare(name, against string, least, most float64) {
	r.ratios = append(r.ratios, ratio{name, against, goal{least: least, most: most}})
}

// expect has a measure itself compared with a goal, if it was measured.
func (r *report) expect(name string, least, most float64) {
	r.goals[name] = goal{least: least, most: most}
}

// never has a measure compared with what it may be at most, in every round.
func (r *report) never(name string, most float64) { r.goals[name] = goal{most: most, always: true} }

func (m *measure) values() []float64 { return slices.Sorted(maps.Values(m.rounds)) }

// of is the ratio in each round in which both were measured, sorted.
func (m *measure) of(other *measure) (ratios []float64) {
	for round, v := range m.rounds {
		if w, ok := other.rounds[round]; ok && w != 0 {
			ratios = append(ratios, v/w)
		}
	}
	slices.Sort(ratios)
	return ratios
}

// print writes tables for people, and then lines for programs: name, value, unit,
// ratio and what it is against, with a tab between; "-" where there is none.
func (r *report) print(w io.Writer) error {
	for _, line := range r.machine {
		fmt.Fprintln(w, line)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "\nmedian\tmin\tmax\trounds\tgoal\t unit\t")
	for _, m := range r.measures {
		v := m.values()
		fmt.Fprintf(t, "%s\t%s\t%s\t%d\t%s\t%s\t  %s\n",
			number(median(v)), number(v[0]), number(v[len(v)-1]), len(v), r.goals[m.name].verdict(v), m.unit, m.name)
	}
	var lines []string
	compared := map[string]bool{}
	fmt.Fprintln(t, "\nratio\tmin\tmax\tgoal\t\t")
	for _, c := range r.ratios {
		m, other := r.byName[c.name], r.byName[c.against]
		if m == nil || other == nil {
			continue
		}
		v := m.of(other)
		if len(v) == 0 {
			continue
		}
		compared[c.name] = true
		fmt.Fprintf(t, "%.2f\t%.2f\t%.2f\t%s\t\t  %s / %s\n", median(v), v[0], v[len(v)-1], c.goal.verdict(v), c.name, c.against)
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%.3f\t%s", m.name, number(median(m.values())), m.unit, median(v), other.name))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, n := range r.notes {
		fmt.Fprintf(w, "\n%s\n", n)
	}
	fmt.Fprintln(w, "\nname\tvalue\tunit\tratio\tagainst")
	for _, m := range r.measures {
		if !compared[m.name] {
			lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t-\t-", m.name, number(median(m.values())), m.unit))
		}
	}
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return err
		}
	}
	return nil
}

// verdict says whether sorted values, a round's each, are what they should be.
func (g goal) verdict(v []float64) string {
	verdict := map[bool]string{true: "met", false: "MISSED"}
	switch {
	case g.least > 0:
		return fmt.Sprintf("≥ %g %s", g.least, verdict[median(v) >= g.least])
	case g.always:
		return fmt.Sprintf("≤ %g in every round %s", g.most, verdict[v[len(v)-1] <= g.most])
	case g.most > 0:
		return fmt.Sprintf("≤ %g %s", g.most, verdict[median(v) <= g.most])
	}
	return ""
}
