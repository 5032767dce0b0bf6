package main

import (
	"time"

	"github.com/callastar/syslog"
)

// need is what makes a question quick, where it has a goal.
type need int

const (
	nothing      need = iota // no goal
	anIndex                  // those that every table has
	trigramIndex             // the one that is an option
	aCap                     // syslog.CountCapped
)

// question is one of those that a page for administrators asks.
type question struct {
	name  string
	q     syslog.Query
	needs need
	// counts says that only the count is asked for. The library gives it with a page,
	// which is the one behind the last event then, and empty; the original's stack
	// counts alone.
	counts bool
}

// Questions that others are compared with.
const (
	firstPage    = "first page"
	deepByCursor = "page 1 000, by cursor"
)

// questions are all of them: each field of a filter, each way to page, to search and
// to count.
func questions(past history, rows int) []question {
	deep := min(1000, max(2, rows/200)) // of fewer rows there is no page 1 000
	skip := (deep - 1) * syslog.DefaultLimit
	last := rows - skip // what the page before ends with, newest first
	cursor := syslog.Position{CreatedAt: past.at(last).UTC(), ID: past.id(last), Rows: skip}.Cursor(syslog.Desc)
	end := syslog.Position{CreatedAt: past.at(0).UTC(), ID: past.id(0)}.Cursor(syslog.Desc)
	from := past.at(rows / 2).UTC()
	day := syslog.Filter{From: from, To: from.Add(24 * time.Hour)}
	errorsOnly := []syslog.LogLevel{syslog.LevelError}
	infoOnly := syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}}
	system := syslog.Filter{Actors: []syslog.LogActor{syslog.ActorSystem}}
	search := func(text string) syslog.Filter { return syslog.Filter{Search: text} }
	with := func(f syslog.Filter, change func(f *syslog.Filter)) syslog.Filter {
		change(&f)
		return f
	}
	page := func(name string, f syslog.Filter, n need) question {
		return question{name, syslog.Query{Filter: f, Count: syslog.CountNone}, n, false}
	}
	count := func(name string, f syslog.Filter, c syslog.Count, n need) question {
		return question{name, syslog.Query{Filter: f, Count: c, Cursor: end}, n, true}
	}
	return []question{
		page(firstPage, syslog.Filter{}, anIndex),
		{"first page, oldest first", syslog.Query{Order: syslog.Asc, Count: syslog.CountNone}, anIndex, false},
		{"page 1 000, by offset", syslog.Query{Page: deep, Count: syslog.CountNone}, nothing, false},
		{deepByCursor, syslog.Query{Cursor: cursor, Count: syslog.CountNone}, anIndex, false},
		page("level ERROR", syslog.Filter{Levels: errorsOnly}, anIndex),
		page("levels above INFO", syslog.Filter{Levels: syslog.Levels()[1:]}, anIndex),
		page("level INFO", infoOnly, anIndex),
		{"level INFO, one event", syslog.Query{Filter: infoOnly, Limit: 1, Count: syslog.CountNone}, anIndex, false},
		page("actor of one in ten", system, anIndex),
		page("actor who did nothing", syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest}}, anIndex),
		page("actorId, rare", syslog.Filter{ActorID: rareActor}, anIndex),
		page("actorId, busy", syslog.Filter{ActorID: hotActor}, anIndex),
		page("type, one in ten", syslog.Filter{Type: "payout"}, anIndex),
		page("type, no hit", syslog.Filter{Type: "xylophone"}, trigramIndex),
		page("a day", day, anIndex),
		page("an actor's ERRORs of a type in a day", with(day, func(f *syslog.Filter) {
			f.Levels, f.Actors, f.Type = errorsOnly, []syslog.LogActor{syslog.ActorUser}, "booking"
		}), anIndex),
		page("search, common", search("confirmed"), anIndex),
		page("search, rare", search(rareWord), trigramIndex),
		page("search, rare, with k", search(rareWordWith), trigramIndex),
		page("search, no hit", search("xylophone"), trigramIndex),
		page("search, no hit, a day", with(day, func(f *syslog.Filter) { f.Search = "xylophone" }), trigramIndex),
		count("count of all, exact", syslog.Filter{}, syslog.CountExact, nothing),
		count("count of INFO, exact", infoOnly, syslog.CountExact, nothing),
		count("count of ERROR, exact", syslog.Filter{Levels: errorsOnly}, syslog.CountExact, nothing),
		count("count of a day, exact", day, syslog.CountExact, nothing),
		count("count of a rare text, exact", search(rareWord), syslog.CountExact, trigramIndex),
		count("count of all, capped", syslog.Filter{}, syslog.CountCapped, aCap),
		count("count of INFO, capped", infoOnly, syslog.CountCapped, aCap),
		count("count of an actor of one in ten, capped", system, syslog.CountCapped, aCap),
		{"first page and exact count", syslog.Query{Count: syslog.CountExact}, nothing, false},
		{"first page and capped count", syslog.Query{Count: syslog.CountCapped}, nothing, false},
	}
}
