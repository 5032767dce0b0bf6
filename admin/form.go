package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Fields of the forms that delete. They are no parameters: what chooses events is named as
// in every query.
const (
	formStep  = "_step"  // what the form is sent for
	formSpare = "_spare" // leaves CRITICAL out
	formTyped = "_typed" // what somebody has typed to confirm

	stepPreview = "preview"
	stepConfirm = "confirm"
)

// sent is a form, with the query of its address, which has the language and the zone.
type sent struct {
	parameters
	raw  url.Values // with the fields of the form's own
	step string
}

// readForm reads what a form sends, as a query: a field that nobody knows is refused. Who
// may not have a value revealed may not choose by it here, either.
func (h *Handler) readForm(w http.ResponseWriter, r *http.Request, who Principal, known ...string) (f sent, p *problem) {
	if !isKind(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return f, failed(http.StatusUnsupportedMediaType, "form_type")
	}
	body, p := bodyOf(w, r)
	if p != nil {
		return f, p
	}
	query := string(body)
	if r.URL.RawQuery != "" {
		query = r.URL.RawQuery + "&" + query
	}
	f.parameters = read(query, known...)
	f.raw, _ = url.ParseQuery(query) // what it cannot read, read has refused
	if f.step = f.raw.Get(formStep); f.step != stepPreview && f.step != stepConfirm {
		f.v.add(formStep, "want_step")
	}
	if p := f.v.problem(); p != nil {
		return f, p
	}
	var fields []string
	for name := range f.values {
		if strings.HasPrefix(name, metaPrefix) || strings.HasPrefix(name, notMetaPrefix) {
			fields = append(fields, name)
		}
	}
	return f, h.guesses(who, fields...)
}

// chosen are the parameters of a query that choose events, and those that all pages share.
// Positions are none of them.
func chosen(q url.Values) url.Values {
	out := url.Values{}
	for name, all := range q {
		as := name
		for _, prefix := range []string{metaPrefix, notMetaPrefix} {
			if strings.HasPrefix(name, prefix) {
				as = prefix
			}
		}
		all = given(all)
		if len(all) > 0 && (slices.Contains(choosing, as) || slices.Contains(lasting, as)) && !slices.Contains(positions, as) {
			out[name] = all
		}
	}
	return out
}

// at is a request as if it had come with a query: what a page of it leads to.
func at(r *http.Request, q url.Values) *http.Request {
	out := r.Clone(r.Context())
	out.URL.RawQuery = q.Encode()
	return out
}

// confirmation is the last step of a form that deletes.
type confirmation struct {
	Count  int64
	Number string // as it is to be typed
	AsOf   string
	Typed  bool   // it must be typed
	Wrong  string // what is wrong with what was
	Other  string // says that the number is another one now
	Fields []option
}

func newConfirmation(v voice, p previewed, typed bool) confirmation {
	return confirmation{Count: p.Count, Number: v.number(p.Count), AsOf: p.AsOf, Typed: typed}
}

// explain says why the form is shown again.
func (c *confirmation) explain(v voice, p *problem) {
	if p.currentCount != nil {
		c.Other = v.counted("confirm.changed", *p.currentCount)
		return
	}
	c.Wrong = v.say(p.key, c.Number)
}

// confirmed checks a form against what there is: nil if all is as somebody has seen it, and
// has confirmed.
func (f sent) confirmed(p previewed, typed bool) *problem {
	expected, asOf := f.get("expectedCount"), f.get("asOf")
	n, err := strconv.ParseInt(expected, 10, 64)
	if err != nil || n < 0 {
		f.v.add("expectedCount", "want_number", 0)
	}
	if asOf == "" {
		f.v.add("asOf", "want_date")
	}
	if p := f.v.problem(); p != nil {
		return p
	}
	switch {
	case n != p.Count:
		return &problem{status: http.StatusConflict, key: "changed", currentCount: &p.Count}
	case typed && digits(f.raw.Get(formTyped)) != expected:
		return &problem{status: http.StatusBadRequest, key: "want_typed"}
	}
	return nil
}

// digits is a number as somebody may have written it, with signs between its groups.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(grouping, r) {
			return -1
		}
		return r
	}, text)
}

// inputs are hidden fields of a query.
func inputs(q url.Values) []option {
	return fields(frame{place: place{query: q}}, func(name string) bool { return !slices.Contains(lasting, name) })
}

// lastingInputs are what all pages share, for a form that leads by GET: its fields take the
// place of what its address has.
func lastingInputs(f frame) []option {
	return fields(f, func(name string) bool { return slices.Contains(lasting, name) })
}
