package admin

import (
	"slices"
	"strconv"

	"github.com/callastar/syslog"
)

// pager leads to other pages of a list: to the next ones by a cursor, as deep as the list
// goes, to others by their numbers.
type pager struct {
	Previous, Next string
	Numbers        []option // one without a link stands for those left out
	Current        int64
	Of             int64  // pages, 0 if nobody has counted them
	Text           string // page 1 of 4
	Jump           int    // the last page that a number leads to, 0 if all are there
	AsOf           string
	Hidden         []option
}

func newPager(a asked, p pagination) (out pager) {
	at := func(name, value string) string {
		changes := []string{"asOf", p.AsOf}
		for _, position := range positions[:3] {
			if position == name {
				changes = append(changes, name, value)
			} else {
				changes = append(changes, position, "")
			}
		}
		return a.place.turned("", changes...)
	}
	if p.PrevCursor != "" {
		out.Previous = at("cursor", p.PrevCursor)
	}
	if p.HasMore && p.NextCursor != "" {
		out.Next = at("cursor", p.NextCursor)
	}
	current, last := p.CurrentPage, p.TotalPages
	out.Current, out.AsOf = int64(current), p.AsOf
	known := p.CountKind == syslog.KindExact
	if p.TotalCount > 0 || !known {
		out.Text = a.voice.say("pager.page", a.voice.number(int64(current)))
	}
	if known && last > 0 {
		out.Of = int64(max(last, current))
		out.Text = a.voice.say("pager.pageOf", a.voice.number(int64(current)), a.voice.number(out.Of))
	}
	reach := deepest/p.Limit + 1
	var numbers []int
	for _, n := range []int{1, current - 2, current - 1, current, current + 1, current + 2, last} {
		there := n >= 1 && (n <= last || n == current) && n <= reach
		if there && (n != last || known) && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		if i > 0 && n > numbers[i-1]+1 {
			out.Numbers = append(out.Numbers, option{Text: "…"})
		}
		out.Numbers = append(out.Numbers, option{Text: a.voice.number(int64(n)), Href: at("page", strconv.Itoa(n)), Current: n == current})
	}
	if last > 7 {
		out.Jump = min(reach, last)
		if !known {
			out.Jump = reach
		}
		out.Hidden = everything(a.frame)
	}
	return out
}
