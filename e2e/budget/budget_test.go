// Package budget measures what the page costs, in bytes, requests, nodes and time, on a
// log of a million events, and says it in one line beside what it may cost.
package budget_test

import (
	"os"
	"testing"

	"github.com/callastar/syslog/e2e/browser"
)

func TestMain(m *testing.M) { os.Exit(browser.Main(m)) }

// budgets are what the figures may be at most, in the order in which they are printed. A
// size is the same on every machine, and must hold. A time is not: it is printed beside its
// budget, and its fastest run must hold within slack times as much.
var budgets = []budget{
	{"js", kilobytes, 30, 1},         // all modules, compressed
	{"css", kilobytes, 10, 1},        //
	{"html100", kilobytes, 20, 1},    // a page of 100 events
	{"html500", kilobytes, 60, 1},    //
	{"cold", kilobytes, 60, 1},       // all that the first visit loads
	{"requests", number, 12, 1},      // of the first visit,
	{"blocking", number, 5, 1},       // and those of them that the first paint waits for
	{"warm", bytes, 0, 1},            // of assets, on the next visit
	{"dom500", number, 9000, 1},      // nodes
	{"axe", number, 0, 1},            // violations
	{"lcp4x", milliseconds, 1200, 0}, // on a processor that is 4 times slower
	{"cls4x", ratio, 0.02, 1},
	{"tbt4x", milliseconds, 150, 0},
	{"click4x", milliseconds, 100, 0},  // from a click on a filter to its effect
	{"swap500", milliseconds, 60, 0},   // 500 rows in place of others, 4 times slower,
	{"laid500", milliseconds, none, 0}, // and until the browser has laid them out
	{"list1M", milliseconds, 50, slack},
	{"firstrow1M", milliseconds, 300, slack}, // a visit, until there is something to see
	{"level1M", milliseconds, 300, slack},
	{"range1M", milliseconds, 300, slack},
	{"search1M", milliseconds, 1500, 0}, // or the notice that it takes too long
	{"facets1M", milliseconds, 400, slack},
	{"histogram1M", milliseconds, 400, slack},
	{"count1M", milliseconds, 400, slack},
	{"deep1M", milliseconds, 300, slack}, // by a cursor behind 500 000 events
	{"tailheap", megabytes, 15, 1},       // that a live view keeps of 90 000 events,
	{"tailrows", number, 1000, 1},        // how many rows it has then,
	{"tailtask", milliseconds, 100, 0},   // how long 50 a second hold up the page at a time,
	{"floodtask", milliseconds, none, 0}, // and all of them at once
	{"binary", kilobytes, 400, 4},        // by which a program with the whole package is larger; its pages are the budget's
}

// slack is for machines that do other things, too: who is over it has lost an index.
const slack = 10

func TestBudgets(t *testing.T) {
	r := newReport(t, budgets)
	t.Run("binary", func(t *testing.T) { measureBinary(t, r) })
	t.Run("tail", func(t *testing.T) { measureTail(t, r) })
	s := million(t)
	t.Run("page", func(t *testing.T) { measurePage(t, r, s) })
	t.Run("slow", func(t *testing.T) { measureSlow(t, r, s) })
	t.Run("rows", func(t *testing.T) { measureRows(t, r, s) })
	t.Run("server", func(t *testing.T) { measureServer(t, r, s) })
	r.print()
}
