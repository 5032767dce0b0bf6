package admin

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// pathPage is where Register mounts the page.
const pathPage = "/dashboard/admin/system-logs"

// beside is the way from that path, without a slash behind it, to what lies below.
const beside = "system-logs/"

type besideKey struct{}

// near serves the page at its path without the slash, as if that were there: its links
// begin with the last segment.
func near(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at := r.Clone(context.WithValue(r.Context(), besideKey{}, true))
		at.URL.Path, at.URL.RawPath = "/", ""
		h.ServeHTTP(w, at)
	})
}

// bases are the ways from a page to its mount.
var bases = regexp.MustCompile(`^(\./|(\.\./){1,8}|` + beside + `)$`)

// base is the way from a request to the mount: the page knows no prefix. A fragment is for
// the page that asks for it, which says what its own way is.
func base(r *http.Request) string {
	if wanted := r.Header.Get("X-Base"); fragment(r) && bases.MatchString(wanted) {
		return wanted
	}
	return ownBase(r)
}

// ownBase is the way from the address of a request itself, as redirects need it.
func ownBase(r *http.Request) string {
	if r.Context().Value(besideKey{}) != nil {
		return beside
	}
	if up := strings.Count(r.URL.EscapedPath(), "/") - 1; up > 0 {
		return strings.Repeat("../", up)
	}
	return "./"
}

// fragment reports whether a request is for a part of a page, to be put into another.
func fragment(r *http.Request) bool { return r.Header.Get("X-Fragment") == "1" }

// addSlash leads from a mount to the page: "x" is "x/". The prefix in front is not known.
func addSlash(w http.ResponseWriter, r *http.Request) error {
	path, query, _ := strings.Cut(r.RequestURI, "?")
	last := path[strings.LastIndexByte(path, '/')+1:]
	if last == "" {
		return failed(http.StatusNotFound, "not_found")
	}
	to := "./" + last + "/"
	if query != "" {
		to += "?" + query
	}
	redirect(w, to, http.StatusPermanentRedirect)
	return nil
}

// redirect leads to a relative address, which http.Redirect would make an absolute one of
// what is left of the path.
func redirect(w http.ResponseWriter, to string, status int) {
	w.Header().Set("Location", to)
	w.WriteHeader(status)
}

// place is where a page is, and with which query: what its links are made from.
type place struct {
	base  string
	query url.Values
}

// lasting are parameters that all pages share.
var lasting = []string{"lang", "tz"}

// bare reports whether the query says nothing but what all pages share.
func (p place) bare() bool {
	for name := range p.query {
		if !slices.Contains(lasting, name) {
			return false
		}
	}
	return true
}

// positions are the parameters that say where in a list a page is.
var positions = []string{"page", "offset", "cursor", "asOf"}

// to leads to another page, of which only the language and the zone are the same.
func (p place) to(path string, changes ...string) string {
	kept := url.Values{}
	for _, name := range lasting {
		if v := p.query.Get(name); v != "" {
			kept.Set(name, v)
		}
	}
	return place{p.base, kept}.turned(path, changes...)
}

// filtered leads to the beginning of a list with parameters changed: a name and a value
// in turn. An empty value takes the parameter away.
func (p place) filtered(changes ...string) string {
	for _, name := range positions {
		changes = append(changes, name, "")
	}
	return p.turned("", append(changes, "view", "", "log", "")...)
}

// turned leads to a page below the mount with parameters changed and all others kept.
func (p place) turned(path string, changes ...string) string {
	q := url.Values{}
	for name, all := range p.query {
		if !strings.HasPrefix(name, "_") {
			q[name] = all
		}
	}
	for i := 0; i < len(changes); i += 2 {
		if changes[i+1] == "" {
			q.Del(changes[i])
		} else {
			q.Set(changes[i], changes[i+1])
		}
	}
	to := p.base + path
	if encoded := encode(q); encoded != "" {
		to += "?" + encoded
	}
	return to
}

// without is the query less one value of a parameter.
func (p place) without(name, value string) place {
	q := url.Values{}
	for n, all := range p.query {
		q[n] = all
		if n == name {
			q[n] = slices.DeleteFunc(slices.Clone(all), func(v string) bool { return v == value })
		}
	}
	return place{p.base, q}
}

// plain are characters that a query may have as they are.
var plain = strings.NewReplacer("%2C", ",", "%3A", ":", "%2F", "/")

func encode(q url.Values) string { return plain.Replace(q.Encode()) }

// segment is a value as one segment of a path.
func segment(value string) string { return url.PathEscape(value) }

// publicPaths are prefixes that stand in a line for a shell as they are.
var publicPaths = regexp.MustCompile(`^(?:/[A-Za-z0-9._~%:@+,=-]+)+$`)

// checkPublicPath reports what is no prefix of an address. "" is none.
func checkPublicPath(path string) error {
	ok := path == "" || publicPaths.MatchString(path)
	for segment := range strings.SplitSeq(path, "/") {
		ok = ok && segment != "." && segment != ".."
	}
	if !ok {
		return fmt.Errorf("PublicPath is %.60q: want the path of an address as /ops/logs, with no slash behind", path)
	}
	return nil
}
