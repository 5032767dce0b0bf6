package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// remarks are what a person has to say of a comparison: NAME.md.
//
//go:embed remarks
var remarks embed.FS

// section is a comparison in RESULTS.md.
func (b *bench) section(c comparison, now time.Time) (string, error) {
	var s strings.Builder
	fmt.Fprintf(&s, "## %s\n\n%s. %s: ", c.name, upper(c.about), now.Format(time.DateOnly))
	if b.rows > 0 {
		fmt.Fprintf(&s, "%s rows, ", thousands(b.rows))
	}
	fmt.Fprintf(&s, "%s.", rounds(b.rounds))
	for _, line := range b.report.machine {
		fmt.Fprintf(&s, " %s.", line)
	}
	s.WriteString("\n\n")
	text, err := remarks.ReadFile("remarks/" + c.name + ".md")
	switch {
	case err == nil:
		fmt.Fprintf(&s, "%s\n\n", strings.TrimSpace(string(text)))
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	b.report.markdown(&s)
	return s.String(), nil
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

func rounds(n int) string {
	if n == 1 {
		return "1 round"
	}
	return fmt.Sprintf("%d rounds", n)
}

// thousands has a space each three digits.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}

// markdown writes the tables: what has a goal first, and what a reader can open.
func (r *report) markdown(s *strings.Builder) {
	var goals, others strings.Builder
	for _, c := range r.ratios {
		m, other := r.byName[c.name], r.byName[c.against]
		if m == nil || other == nil {
			continue
		}
		v := m.of(other)
		if len(v) == 0 {
			continue
		}
		row := fmt.Sprintf("| %s / %s | %.2f | %.2f to %.2f |", m.name, other.name, median(v), v[0], v[len(v)-1])
		if verdict := c.goal.verdict(v); verdict != "" {
			fmt.Fprintf(&goals, "%s %s |\n", row, verdict)
		} else {
			fmt.Fprintf(&others, "%s\n", row)
		}
	}
	for _, m := range r.measures {
		if v := m.values(); r.goals[m.name] != (goal{}) {
			fmt.Fprintf(&goals, "| %s, %s | %s | %s to %s | %s |\n", m.name, m.unit, number(median(v)), number(v[0]), number(v[len(v)-1]), r.goals[m.name].verdict(v))
		}
	}
	if goals.Len() > 0 {
		fmt.Fprintf(s, "| | median | rounds | goal |\n|---|--:|--:|---|\n%s\n", &goals)
	}
	for _, n := range r.notes {
		fmt.Fprintf(s, "%s\n\n", n)
	}
	s.WriteString("<details><summary>All that was measured</summary>\n\n")
	if others.Len() > 0 {
		fmt.Fprintf(s, "| ratio | median | rounds |\n|---|--:|--:|\n%s\n", &others)
	}
	s.WriteString("| measure | median | rounds | unit |\n|---|--:|--:|---|\n")
	for _, m := range r.measures {
		v := m.values()
		fmt.Fprintf(s, "| %s | %s | %s to %s | %s |\n", m.name, number(median(v)), number(v[0]), number(v[len(v)-1]), m.unit)
	}
	s.WriteString("\n</details>\n")
}

// replaceSection puts a section into a file of sections in place of the one of that
// name, or behind all others, and leaves the rest.
func replaceSection(path, name, section string) error {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	text := string(old)
	start, end := strings.Index("\n"+text, "\n## "+name+"\n"), len(text)
	if start < 0 {
		start = len(text)
		if start > 0 {
			section = "\n" + section
		}
	} else if next := strings.Index(text[start+1:], "\n## "); next >= 0 {
		end = start + 1 + next
	}
	return os.WriteFile(path, []byte(summarized(text[:start]+section+text[end:])), 0o644)
}
