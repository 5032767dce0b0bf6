package main

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// Widths of the table's columns; type and actor are as wide as they must be, and
// the message gets what is left.
const (
	timeWidth  = 12 // Jan 02 15:04
	levelWidth = 8  // CRITICAL
	maxType    = 28
	maxActor   = 18
)

// table shows one line an event.
func (s *screen) table(logs []syslog.Log) {
	typeWidth, actorWidth := 4, 5
	for _, l := range logs {
		typeWidth = min(max(typeWidth, utf8.RuneCountInString(l.Type)), maxType)
		actorWidth = min(max(actorWidth, utf8.RuneCountInString(actor(l))), maxActor)
	}
	rest := columns - 2 - timeWidth - levelWidth - typeWidth - actorWidth - 4*2
	s.line("  %s", s.paint(dim, strings.TrimRight(strings.Join([]string{
		pad("TIME (UTC)", timeWidth), pad("LEVEL", levelWidth), pad("TYPE", typeWidth),
		pad("ACTOR", actorWidth), "MESSAGE",
	}, "  "), " ")))
	for _, l := range logs {
		s.line("  %s  %s  %s  %s  %s",
			s.paint(dim, l.CreatedAt.UTC().Format("Jan 02 15:04")),
			s.level(l.Level),
			pad(visible(l.Type), typeWidth),
			pad(visible(actor(l)), actorWidth),
			cut(visible(l.Message), rest))
	}
}

func (s *screen) level(l syslog.LogLevel) string {
	name := l.String()
	return s.paint(levelColor[l], name) + strings.Repeat(" ", levelWidth-len(name))
}

func actor(l syslog.Log) string {
	if l.ActorID == "" {
		return string(l.Actor)
	}
	return string(l.Actor) + " " + l.ActorID
}

// bars shows the counts of the levels.
func (s *screen) bars(counts map[syslog.LogLevel]int64) {
	const width = 60
	most, total := int64(1), int64(0)
	for _, n := range counts {
		most, total = max(most, n), total+n
	}
	for _, l := range syslog.Levels() {
		n := counts[l]
		bar := strings.Repeat("█", int(n*width/most))
		if n > 0 && bar == "" {
			bar = "▏"
		}
		s.line("  %s  %6d  %s", s.level(l), n, s.paint(barColor(l), bar))
	}
	s.line("  %s  %6d", pad("in all", levelWidth), total)
}

func barColor(l syslog.LogLevel) string {
	if l == syslog.LevelCritical {
		return red
	}
	return levelColor[l]
}

// counters shows the counters of the logger, which always add up.
func (s *screen) counters(st syslog.Stats) {
	row := func(sum string, n uint64, parts ...any) {
		text := fmt.Sprintf("%-8s %6d =", sum, n)
		for i := 0; i < len(parts); i += 2 {
			if i > 0 {
				text += " +"
			}
			text += fmt.Sprintf(" %d %v", parts[i+1], parts[i])
		}
		s.line("  %s", text)
	}
	row("Produced", st.Produced, "accepted", st.Accepted, "refused", st.Refused)
	row("Accepted", st.Accepted, "written", st.Written, "duplicate", st.Duplicate,
		"dead letter", st.DeadLetter, "dropped", st.Dropped, "queued", st.Queued, "spilled", st.Spilled)
}
