package admin

import (
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/callastar/syslog"
)

// What only the page knows comes under names of its own: the way to its mount, for which a
// stream has no header, and what of its list is no choice of events.
const tailBase = "_base"

var tailPaging = []string{"limit", "orderBy", "count"}

// tailRow is an event as the page shows it: a row of the list, and the heading that it
// belongs under.
type tailRow struct {
	ID  string `json:"id"`
	Day string `json:"day"`
	Row string `json:"row"`
}

// tailRows makes rows of events, as the list of the same query has them.
type tailRows struct {
	asked
	page             *template.Template
	query            string
	byLevel, byActor map[string]string
}

// newTailRows reads what of a request says how rows look.
func (h *Handler) newTailRows(r *http.Request, s selection, v *invalid) *tailRows {
	f := h.frame(r, Principal{}, "explorer", "explorer.title")
	q := url.Values{}
	for name, all := range f.place.query {
		if name != "format" && name != "since" && name != "lastEventId" {
			q[name] = all
		}
	}
	for _, name := range tailPaging {
		if value := q.Get("_" + name); value != "" {
			q.Set(name, value)
		}
	}
	f.place.query = q
	if wanted := q.Get(tailBase); bases.MatchString(wanted) {
		f.place.base = wanted
	}
	t := &tailRows{page: h.langs.pages()[f.Lang]["explorer"], asked: asked{frame: f, selection: s}, byLevel: map[string]string{}, byActor: map[string]string{}}
	t.wrap = q.Get("wrap") == "1"
	t.columns = readColumns(q.Get("cols"), v, f.voice.catalog)
	t.query = strings.TrimPrefix(t.place.turned(""), t.place.base)
	return t
}

// of is one event.
func (t *tailRows) of(l syslog.Log) (out tailRow, err error) {
	local := l.CreatedAt.In(t.loc)
	var text strings.Builder
	err = t.page.ExecuteTemplate(&text, "row", t.row(l, local, t.query, t.byLevel, t.byActor))
	return tailRow{l.ID, t.voice.weekday(local), text.String()}, err
}
