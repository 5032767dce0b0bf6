// Package storetest is the conformance suite of syslog.Store: what every store
// must do, whatever it is made of.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// Option says what a store need not do.
type Option func(*options)

type options struct{ timeInKey bool }

// TimeInKey is for stores that take an event that comes again for the same one
// only if its time is the same too, as tables do that are partitioned by it.
func TimeInKey() Option { return func(o *options) { o.timeInKey = true } }

// Run tests the stores that open returns: each one empty, and the suite's to
// close.
func Run(t *testing.T, open func(t *testing.T) syslog.Store, opts ...Option) {
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	for name, test := range map[string]func(t *testing.T, st syslog.Store){
		"RoundTrip":          testRoundTrip,
		"Idempotent":         func(t *testing.T, st syslog.Store) { testIdempotent(t, st, o.timeInKey) },
		"SliceIsNotKept":     testSliceIsNotKept,
		"LargeBatch":         testLargeBatch,
		"Order":              testOrder,
		"FiltersByReference": testFilters,
		"Literal":            testLiteral,
		"Letters":            testLetters,
		"AnyCase":            testAnyCase,
		"LongPattern":        testLongPattern,
		"Bounds":             testBounds,
		"SeveralLevels":      testSeveralLevels,
		"Paging":             testPaging,
		"CursorIsStable":     testCursorIsStable,
		"Counts":             testCounts,
		"InvalidQueries":     testInvalidQueries,
		"All":                testAll,
		"Delete":             testDelete,
		"Cleanup":            testCleanup,
		"CleanupOnce":        testCleanupOnce,
		"CancelledContext":   testCancelled,
		"Concurrent":         testConcurrent,
		"RandomFilters":      testRandom,
		"Values":             testValues,
		"Digits":             testDigits,
		"IDs":                testIDs,
		"ActorIDs":           testActorIDs,
		"Forgotten":          testForgotten,
		"CursorAmongWrites":  testCursorAmongWrites,
		"PagesOfChosen":      testPagesOfChosen,
		"AllAmongCalls":      testAllAmongCalls,
		"DeleteChosen":       testDeleteChosen,
		"DeleteRefused":      testDeleteRefused,
		"CleanupLevels":      testCleanupLevels,
		"Crowd":              testCrowd,
		"NilContext":         testNilContext,
		"Get":                func(t *testing.T, st syslog.Store) { testGet(t, st, o.timeInKey) },
		"Histogram":          testHistogram,
		"ManySpans":          testManySpans,
		"AggregateEnds":      testAggregateEnds,
		"Facets":             testFacets,
		"FacetValues":        testFacetValues,
		"Size":               testSize,
		"Indexes":            testIndexes,
		"Anonymize":          testAnonymize,
		"AnonymizeEnds":      testAnonymizeEnds,
		"AnonymizeTimes": func(t *testing.T, st syslog.Store) {
			if o.timeInKey {
				testAnonymizeTimes(t, st)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			st := open(t)
			t.Cleanup(func() { require.NoError(t, st.Close(context.Background())) })
			test(t, st)
		})
	}
	t.Run("Close", func(t *testing.T) { testClose(t, open(t)) })
	t.Run("CloseAmongCalls", func(t *testing.T) { testCloseAmongCalls(t, open(t)) })
}

var ctx = context.Background()

// day is when the events of the suite happen.
var day = time.Date(2024, 1, 15, 0, 0, 0, 0, time.UTC)

// event makes the i-th event, i milliseconds into the day.
func event(i int) syslog.Log {
	return syslog.Log{
		ID: fmt.Sprintf("id_%06d", i), Type: "T", Actor: syslog.ActorSystem, Message: "m",
		CreatedAt: day.Add(time.Duration(i) * time.Millisecond),
	}
}

// events makes n events, changed by f.
func events(n int, f func(i int, l *syslog.Log)) []syslog.Log {
	logs := make([]syslog.Log, n)
	for i := range logs {
		logs[i] = event(i)
		if f != nil {
			f(i, &logs[i])
		}
	}
	return logs
}

func write(t *testing.T, st syslog.Store, logs ...syslog.Log) {
	t.Helper()
	require.NoError(t, st.Write(ctx, logs))
}

func query(t *testing.T, st syslog.Store, q syslog.Query) syslog.Page {
	t.Helper()
	p, err := st.Query(ctx, q)
	require.NoError(t, err)
	return p
}

func total(t *testing.T, st syslog.Store, f syslog.Filter) int64 {
	t.Helper()
	return query(t, st, syslog.Query{Filter: f, Limit: 1}).Pagination.TotalCount
}

func ids(logs []syslog.Log) []string {
	out := make([]string, len(logs))
	for i, l := range logs {
		out[i] = l.ID
	}
	return out
}
