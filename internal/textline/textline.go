// Package textline shows an event to a person: one line on a terminal, in
// aligned columns, whatever the event contains.
package textline

import (
	"bytes"
	"encoding/json"
	"time"
)

// Event is what a line shows. It mirrors the public event, so that this package
// depends on nothing.
type Event struct {
	Time     time.Time // shown in its own location
	Level    string    // the level's name, "INFO" to "CRITICAL"
	Type     string
	Actor    string
	ActorID  string
	Message  string
	Metadata []byte // JSON; nothing, null and {} are left out
}

// The widths that columns are filled up to, in terminal cells. A longer value
// pushes the rest of its line to the right; nothing is cut.
const (
	levelWidth   = len("CRITICAL")
	typeWidth    = 24
	actorWidth   = 20
	messageWidth = 40
	gap          = "  "
)

// The colours, as SGR sequences.
const (
	reset = "\x1b[0m"
	dim   = "\x1b[2m"
	bold  = "\x1b[1m"
)

// levelColor marks a level; other names stay plain.
func levelColor(name string) string {
	switch name {
	case "INFO":
		return "\x1b[36m" // cyan
	case "WARNING":
		return "\x1b[33m" // yellow
	case "ERROR":
		return "\x1b[31m" // red
	case "CRITICAL":
		return "\x1b[1;97;41m" // bold white on red
	}
	return ""
}

// Append adds the line of e to dst: valid UTF-8 with exactly one '\n', at its
// end, and no control character but the SGR sequences that color asks for.
// What a terminal would obey, or show out of place, is written as an escape
// such as \n, \u001b or \xff. The level is readable without colour.
func Append(dst []byte, e Event, color bool) []byte {
	l := line{buf: dst, color: color}

	l.start(dim)
	l.buf = e.Time.AppendFormat(l.buf, "2006-01-02T15:04:05.000Z07:00")
	l.end()
	l.buf = append(l.buf, gap...)

	l.start(levelColor(e.Level))
	n := l.word(e.Level)
	l.end()
	l.pad(levelWidth - n)

	l.start(bold)
	n = l.word(e.Type)
	l.end()
	l.pad(typeWidth - n)

	n = l.word(e.Actor)
	if e.ActorID != "" {
		l.buf = append(l.buf, ' ')
		n += 1 + l.word(e.ActorID)
	}
	l.pad(actorWidth - n)

	n = l.text(e.Message)
	if meta := compact(e.Metadata); len(meta) > 0 {
		l.pad(messageWidth - n)
		l.start(dim)
		l.text(string(meta))
		l.end()
	} else {
		l.buf = bytes.TrimRight(l.buf, " ")
	}
	return append(l.buf, '\n')
}

// compact is metadata on one line, and nothing where there is nothing to show.
func compact(meta []byte) []byte {
	var b bytes.Buffer
	if json.Compact(&b, meta) == nil {
		meta = b.Bytes()
	}
	if s := string(meta); s == "null" || s == "{}" {
		return nil
	}
	return meta
}
