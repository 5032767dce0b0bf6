package admin

import (
	"net/http"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"
)

// helpView is how the page and the API are used.
type helpView struct {
	frame
	Search   []string
	Examples []example
	Meanings meanings
	OpenAPI  string
	Version  string
	Go       string
}

type example struct{ Text, Code string }

// helpPage serves GET help.
func (h *Handler) helpPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	g := read(r.URL.RawQuery, "tz")
	zone(g.get("tz"), g.v)
	if p := g.v.problem(); p != nil {
		return p
	}
	f := h.frame(r, who, "help", "help.title")
	view := helpView{frame: f, OpenAPI: f.API + "/openapi.json", Search: []string{
		f.voice.say("help.search.contains"), f.voice.say("help.search.case"), f.voice.say("help.search.literal"),
		f.voice.say("help.search.dates"), f.voice.say("help.search.meta"), f.voice.say("help.search.speed"),
	}}
	view.Meanings = h.meanings(f.voice)
	view.Examples = examples(f, mount(r, h.opts.PublicPath))
	view.Version, view.Go = version()
	return h.show(w, r, http.StatusOK, "help", "help", view)
}

// safeHost is what an address may have for a host, and safePath for a path: what stands in
// a line for a shell is nobody else's to write.
var (
	safeHost = regexp.MustCompile(`^[A-Za-z0-9.\[\]:_-]+$`)
	safePath = regexp.MustCompile(`^(/[A-Za-z0-9._~%:@+,;=-]*)*$`)
)

// mount is the address of the mount as this request came to it, behind the prefix that a
// proxy took away, and with a slash behind.
func mount(r *http.Request, prefix string) string {
	scheme, host := "http", r.Host
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	if !safeHost.MatchString(host) {
		host = "localhost"
	}
	path := "/"
	if u, err := url.ParseRequestURI(r.RequestURI); err == nil {
		own := strings.TrimSuffix(r.URL.EscapedPath(), "/")
		path = strings.TrimSuffix(strings.TrimSuffix(u.EscapedPath(), own), "/") + "/"
	}
	if !safePath.MatchString(path) {
		path = "/"
	}
	return scheme + "://" + host + prefix + path
}

// examples are lines for a shell. Who asks is proved as the host wants it: here by a cookie.
func examples(f frame, at string) []example {
	api := at + strings.TrimPrefix(pathLogs, "/")
	const as = `curl -sS -b "$COOKIE" `
	return []example{
		{f.voice.say("help.api.list"), as + `'` + api + `?level=ERROR,CRITICAL&range=24h&limit=50'`},
		{f.voice.say("help.api.stats"), as + `'` + api + `/stats?range=7d'`},
		{f.voice.say("help.api.export"), as + `-o logs.csv '` + api + `/export?format=csv&startDate=2026-01-01&endDate=2026-01-31'`},
		{f.voice.say("help.api.tail"), as + `-N '` + api + `/tail?minLevel=WARNING'`},
		{f.voice.say("help.api.preview"), as + `-H 'Content-Type: application/json' -d '{"deleteType":"filters","level":"INFO","endDate":"2025-12-31"}' '` + api + `/delete-preview'`},
		{f.voice.say("help.api.cron"), `curl -sS -X POST -H "Authorization: Bearer $CRON_SECRET" '` + at + strings.TrimPrefix(pathCron, "/") + `'`},
	}
}

// modulePath is that of this library.
const modulePath = "github.com/callastar/syslog"

// version is what the program was built from.
func version() (library, compiler string) {
	library = "(devel)"
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return library, ""
	}
	for _, m := range info.Deps {
		if m.Path == modulePath {
			library = m.Version
		}
	}
	if info.Main.Path == modulePath && info.Main.Version != "" {
		library = info.Main.Version
	}
	return library, info.GoVersion
}
