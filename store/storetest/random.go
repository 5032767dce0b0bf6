package storetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// alphabet is what random text is made of: letters with one, two and three
// forms, letters that only look alike, and what patterns are made of.
var alphabet = []rune("aAkK\u212AsS\u017FßẞéÉeσΣςяЯǆǅǄﬁiIıİ🙂日 0%_*?[]\\^'\"-.$()|+{}/#;:")

func randomText(r *rand.Rand, most int) string {
	text := make([]rune, r.IntN(most+1))
	for i := range text {
		text[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(text)
}

// otherCase changes the case of letters by chance.
func otherCase(r *rand.Rand, s string) string {
	return strings.Map(func(c rune) rune {
		for range r.IntN(3) {
			c = unicode.SimpleFold(c)
		}
		return c
	}, s)
}

// part is a piece of s, in any case.
func part(r *rand.Rand, s string) string {
	runes := []rune(s)
	if len(runes) == 0 {
		return ""
	}
	from := r.IntN(len(runes))
	return otherCase(r, string(runes[from:from+1+r.IntN(min(4, len(runes)-from))]))
}

func randomEvents(r *rand.Rand, n int) []syslog.Log {
	actors := append(syslog.Actors(), "PARTNER_2")
	return events(n, func(i int, l *syslog.Log) {
		l.Level, l.Actor = syslog.Levels()[r.IntN(4)], actors[r.IntN(len(actors))]
		l.Type, l.ActorID, l.Message = "T"+randomText(r, 8), randomText(r, 3), randomText(r, 40)
		l.CreatedAt = day.Add(time.Duration(r.IntN(n/3+1)) * time.Millisecond)
		if r.IntN(3) > 0 {
			l.Metadata = randomMetadata(r)
		}
	})
}

// metadataKeys have what paths are made of in them.
var metadataKeys = []string{"a", "A", "b.c", "d\"e", "f\\g", "é", "$", "0", "[0]", "", "a'b", "?"}

func randomMetadata(r *rand.Rand) json.RawMessage {
	value := func() any {
		return []any{
			"x", "X", "", "12", "é' \" \\ ?", 12, 12.5, -3, json.Number("12345678901234567890"), true, false, nil, []any{"x", 12}, map[string]any{},
		}[r.IntN(14)]
	}
	object := map[string]any{}
	for range 1 + r.IntN(6) {
		object[metadataKeys[r.IntN(len(metadataKeys))]] = value()
	}
	object["in"] = map[string]any{metadataKeys[r.IntN(len(metadataKeys))]: value(), "a": map[string]any{"a": value()}}
	text, err := json.Marshal(object)
	if err != nil {
		panic(err)
	}
	return text
}

// randomValue is a value that like has, if it has any.
func randomValue(r *rand.Rand, like syslog.Log) syslog.MetadataValue {
	var v syslog.MetadataValue
	var at any
	dec := json.NewDecoder(bytes.NewReader(like.Metadata))
	dec.UseNumber()
	_ = dec.Decode(&at)
	for {
		object, ok := at.(map[string]any)
		if !ok || len(object) == 0 {
			break
		}
		key := slices.Sorted(maps.Keys(object))[r.IntN(len(object))]
		v.Path, at = append(v.Path, key), object[key]
	}
	if v.Path == nil {
		v.Path = []string{"a"}
	}
	v.Value = fmt.Sprint(at)
	return v
}

// exclusions is an exclusion of each field alone that leaves like out.
func exclusions(r *rand.Rand, like syslog.Log) []syslog.Exclusion {
	all := []syslog.Exclusion{
		{Levels: []syslog.LogLevel{like.Level}},
		{Actors: []syslog.LogActor{like.Actor, syslog.ActorSystem}},
		{Metadata: []syslog.MetadataValue{randomValue(r, like)}},
	}
	for _, text := range []string{part(r, like.Type), "T"} {
		all = append(all, syslog.Exclusion{Types: []string{text}})
	}
	for _, text := range []string{part(r, like.Message), part(r, like.ActorID)} {
		if text != "" {
			all = append(all, syslog.Exclusion{Searches: []string{text, "nowhere at all"}})
		}
	}
	if like.ActorID != "" {
		all = append(all, syslog.Exclusion{ActorIDs: []string{like.ActorID, "a"}})
	}
	return all
}

// singles is a filter of each field alone that chooses like.
func singles(r *rand.Rand, like syslog.Log) []syslog.Filter {
	between := like.CreatedAt.Add(time.Duration(r.IntN(1000)) * time.Microsecond) // within its millisecond
	return []syslog.Filter{
		{Levels: []syslog.LogLevel{like.Level}},
		{Actors: []syslog.LogActor{like.Actor}},
		{Type: part(r, like.Type)},
		{ActorID: like.ActorID},
		{Search: part(r, like.Message)},
		{Search: part(r, like.ActorID)},
		{Search: part(r, like.Type)},
		{From: between},
		{To: between},
		{Metadata: []syslog.MetadataValue{randomValue(r, like)}},
	}
}

// randomFilter chooses like, and more the fewer fields it has.
func randomFilter(r *rand.Rand, like syslog.Log, fields int) syslog.Filter {
	var f syslog.Filter
	for range fields {
		alone := singles(r, like)
		switch one := alone[r.IntN(len(alone))]; {
		case one.Levels != nil:
			f.Levels = append(one.Levels, syslog.Levels()[r.IntN(4)])
		case one.Actors != nil:
			f.Actors = append(one.Actors, syslog.Actors()[r.IntN(5)])
		case one.Type != "":
			f.Type = one.Type
		case one.ActorID != "":
			f.ActorID = one.ActorID
		case one.Search != "":
			f.Search = one.Search
		case !one.From.IsZero():
			f.From = one.From.Truncate(time.Millisecond)
		case !one.To.IsZero():
			f.To = one.To
		case one.Metadata != nil:
			f.Metadata = append(f.Metadata, one.Metadata...)
		}
	}
	return f
}

// chosen lists by the contract's words what f chooses, oldest first.
func chosen(f syslog.Filter, logs []syslog.Log) []string {
	if !f.From.IsZero() {
		f.From = f.From.Truncate(time.Millisecond)
	}
	var found []syslog.Log
	for _, l := range logs {
		if matches(f, l) {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b syslog.Log) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return ids(found)
}

// testRandom compares every field alone, and several at once, with what the
// contract's words choose.
func testRandom(t *testing.T, st syslog.Store) {
	r := rand.New(rand.NewPCG(7, 11))
	logs := randomEvents(r, 300)
	write(t, st, logs...)
	var filters []syslog.Filter
	for range 8 {
		filters = append(filters, singles(r, logs[r.IntN(len(logs))])...)
		for _, x := range exclusions(r, logs[r.IntN(len(logs))]) {
			filters = append(filters, syslog.Filter{Not: x})
		}
	}
	for i := range 120 {
		f := randomFilter(r, logs[r.IntN(len(logs))], 1+i%5)
		if i%10 == 0 {
			f.Search = randomText(r, 3) // that may be nowhere
		}
		if i%3 == 0 {
			leave := exclusions(r, logs[r.IntN(len(logs))])
			f.Not = leave[r.IntN(len(leave))]
		}
		filters = append(filters, f)
	}
	for i, f := range filters {
		order := syslog.Order(i % 2)
		want := chosen(f, logs)
		if order == syslog.Desc {
			slices.Reverse(want)
		}
		p := query(t, st, syslog.Query{Filter: f, Order: order, Limit: syslog.MaxLimit})
		require.Equal(t, want, ids(p.Logs), "filter %d: %+q", i, f)
		require.EqualValues(t, len(want), p.Pagination.TotalCount)
	}
}
