package metrics

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// fill gives each number of a struct a value of its own, from first on, and
// returns those of the fields that want names.
func fill(v reflect.Value, first int, want func(name string) bool) (values []int) {
	for i := range v.NumField() {
		n := first + i
		switch f := v.Field(i); {
		case f.CanUint():
			f.SetUint(uint64(n))
		case f.CanInt():
			f.SetInt(int64(n))
		default:
			continue
		}
		if want(v.Type().Field(i).Name) {
			values = append(values, n)
		}
	}
	return values
}

// TestEveryCounterIsPublished fails for a field that was added to the root alone.
func TestEveryCounterIsPublished(t *testing.T) {
	t.Parallel()
	all := func(string) bool { return true }
	var s syslog.Stats
	var sink syslog.SinkStats
	ofStore := fill(reflect.ValueOf(&s).Elem(), 1000, all)
	ofSink := fill(reflect.ValueOf(&sink).Elem(), 2000, all)
	require.NotEmpty(t, ofStore)
	require.NotEmpty(t, ofSink)

	s.Sinks = map[string]syslog.SinkStats{"archive": sink}
	got := string(page(text, []snapshot{take("", s)}))
	for _, n := range append(ofStore, ofSink...) {
		require.Contains(t, got, fmt.Sprintf(" %d\n", n))
	}

	s.FirstSink = "archive"
	got = string(page(text, []snapshot{take("", s)}))
	shared := fill(reflect.ValueOf(&s).Elem(), 1000, func(name string) bool {
		_, shared := reflect.TypeFor[syslog.SinkStats]().FieldByName(name)
		return shared
	})
	for _, n := range shared {
		require.NotContains(t, got, fmt.Sprintf(" %d\n", n), "the first sink is there once")
	}
	require.NotContains(t, got, `"store"`)
}

func TestLabelValues(t *testing.T) {
	t.Parallel()
	v := labelValues{}
	for _, c := range [][2]string{
		{"store", "store"},
		{"store", "store_"},
		{"store_", "store__"},
		{"a\xff\xfeb", "a\uFFFDb"},
		{"a\x00b", "a\uFFFDb_"},
		{"é\n\"\\", "é\n\"\\"},
		{"", ""},
	} {
		require.Equal(t, c[1], v.add(c[0]))
	}
}

func TestSamplesAreEscaped(t *testing.T) {
	t.Parallel()
	s := syslog.Stats{FirstSink: "x", Sinks: map[string]syslog.SinkStats{"a\\b\"c\nd} 1 # é": {Queued: 7}}}
	got := string(page(text, []snapshot{take("l\"1", s)}))
	require.Contains(t, got, `
# HELP syslog_events_queued Events in memory.
# TYPE syslog_events_queued gauge
syslog_events_queued{destination="a\\b\"c\nd} 1 # é",logger="l\"1"} 7
`)
}
