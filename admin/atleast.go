package admin

import (
	"slices"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/fold"
)

// withinOthers reports whether a filter by a type may find more than the type: it is a part of the text, which
// others have within. All are the types that there are, as far as they are listed.
func withinOthers(all syslog.Facet, typ string) bool {
	return all.Capped || all.Other > 0 || slices.ContainsFunc(all.Values, func(v syslog.FacetValue) bool {
		return v.Value != typ && fold.Contains(v.Value, typ)
	})
}

// atLeast is how often there is a type, and what a link to it says: where its filter finds
// more, the number is the least.
func (v voice) atLeast(all syslog.Facet, value syslog.FacetValue) (count, title string) {
	count, title = v.number(value.Count), plainly(value.Value)
	if withinOthers(all, value.Value) {
		return "≥ " + count, v.say("facets.wider", title)
	}
	return count, title
}
