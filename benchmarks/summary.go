package main

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
)

// What lies between these lines of RESULTS.md is the table of all goals.
const (
	summaryStart = "<!-- all goals, by the program -->\n"
	summaryEnd   = "<!-- end of all goals -->\n"
)

var (
	heading = regexp.MustCompile(`(?m)^## (.+)$`)
	judged  = regexp.MustCompile(`(?m)^\| (.+) \| ([^|]+) \| ([^|]+) \| ([≥≤][^|]*) (met|MISSED) \|$`)
)

// summarized has the table of all goals say what the sections say.
func summarized(text string) string {
	before, rest, found := strings.Cut(text, summaryStart)
	_, after, ended := strings.Cut(rest, summaryEnd)
	if !found || !ended {
		return text
	}
	return before + summaryStart + summary(after) + summaryEnd + after
}

// summary is a line for each goal of all sections. Of questions, which are many, it
// has those of a side that have the same goal in one.
func summary(sections string) string {
	var b strings.Builder
	b.WriteString("| | what | median | rounds | goal |\n|---|---|--:|--:|---|\n")
	names := heading.FindAllStringSubmatchIndex(sections, -1)
	for i, at := range names {
		end := len(sections)
		if i+1 < len(names) {
			end = names[i+1][0]
		}
		name := sections[at[2]:at[3]]
		groups := map[string]*group{}
		var order []*group
		for _, row := range judged.FindAllStringSubmatch(sections[at[0]:end], -1) {
			g := groups[groupOf(row)]
			if g == nil {
				g = &group{}
				groups[groupOf(row)] = g
				order = append(order, g)
			}
			g.rows = append(g.rows, row)
		}
		for _, g := range order {
			fmt.Fprintf(&b, "| [%s](#%s) | %s\n", name, name, g.line())
		}
	}
	return b.String()
}

// group are rows that are told of in one.
type group struct{ rows [][]string }

// groupOf is what rows of one group have in common: a side's questions, their goal,
// and whether it is met. Others are alone.
func groupOf(row []string) string {
	side, _, found := strings.Cut(row[1], ": ")
	if !found || strings.Contains(row[1], " / ") {
		return row[1]
	}
	return side + "\n" + row[4] + row[5]
}

func (g *group) line() string {
	first := g.rows[0]
	if len(g.rows) == 1 {
		return fmt.Sprintf("%s | %s | %s | %s %s |", first[1], first[2], first[3], first[4], first[5])
	}
	side, _, _ := strings.Cut(first[1], ": ")
	least, most := first[2], first[2]
	for _, row := range g.rows {
		if asNumber(row[2]) < asNumber(least) {
			least = row[2]
		}
		if asNumber(row[2]) > asNumber(most) {
			most = row[2]
		}
	}
	unit := first[1][strings.LastIndex(first[1], ", ")+2:]
	return fmt.Sprintf("%s: %d questions, %s | %s to %s | | %s %s |", side, len(g.rows), cmp.Or(unit, "ms"), least, most, first[4], first[5])
}

func asNumber(s string) (v float64) {
	_, _ = fmt.Sscan(s, &v) // what is none is 0
	return v
}
