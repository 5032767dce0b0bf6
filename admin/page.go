package admin

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"time"
)

// pages are the endpoints for people. Assets are for whoever gets in: a page that says
// that somebody may see nothing looks like the others.
func (h *Handler) pages() []endpoint {
	get := func(path string, perm Perm, serve func(http.ResponseWriter, *http.Request, Principal) error) endpoint {
		return endpoint{path, []route{{http.MethodGet, perm, false, serve}}}
	}
	return []endpoint{
		get("/", PermView, h.explorerPage),
		get("/rows", PermView, h.explorerPage),
		get("/facets", PermView, h.facetsPage),
		get("/facets/actors", PermView, h.actorFacet),
		get("/histogram", PermView, h.histogramPage),
		{"/logs/{id}", []route{
			{http.MethodGet, PermView, false, h.entryPage},
			{http.MethodPost, PermView | PermReveal, false, h.revealPage},
		}},
		get("/trends", PermView, h.trendsPage),
		get("/maintenance", PermView, h.maintenancePage),
		{"/maintenance/cleanup", []route{{http.MethodPost, PermCleanup, true, h.cleanupPage}}},
		{"/maintenance/alert", []route{{http.MethodPost, PermCleanup, true, h.testAlert}}},
		{"/maintenance/actor", []route{
			{http.MethodGet, PermView, false, h.actorPage},
			{http.MethodPost, PermErase, true, h.eraseFlow},
		}},
		{"/delete", []route{
			{http.MethodGet, PermDelete, false, h.deletePage},
			{http.MethodPost, PermDelete, true, h.deleteFlow},
		}},
		get("/help", PermView, h.helpPage),
		get("/assets/{hash}/{file}", 0, h.asset),
	}
}

// tabs are the pages that the header leads to.
var tabs = []struct {
	page, path, text string
	perm             Perm
}{
	{"explorer", "", "nav.explorer", PermView},
	{"trends", "trends", "nav.trends", PermView},
	{"maintenance", "maintenance", "nav.maintenance", PermView},
	{"help", "help", "nav.help", PermView},
}

// forPeople reports whether the answer to a request is a page.
func forPeople(r *http.Request) bool { return !strings.HasPrefix(r.URL.Path, "/api/") }

// frame is what all pages have around what they show.
type frame struct {
	Page, Lang, Title  string
	Base, Assets, Home string
	API                string
	Nav, Langs, Zones  []option
	Links              []NavLink
	Zone, TZ, User     string
	Bare               bool // without assets, for who does not get any
	CanDelete          bool
	CanExport          bool
	Posted             bool // answers what was sent: another address would be without it

	everything string // of the parameter range: all of the time
	place      place
	perms      Perm // of who looks, without what a log that is read-only refuses
	voice      voice
	loc        *time.Location
	now        time.Time
}

// option is a link that may be the current one.
type option struct {
	Href, Text, Value string
	Title             string // what Text means
	Current           bool
}

// frame prepares a page. A zone that there is not is UTC: the page says what is wrong with it.
func (h *Handler) frame(r *http.Request, who Principal, page, title string) frame {
	lang, c := h.lang(r)
	query := r.URL.Query()
	loc := zone(query.Get("tz"), &invalid{})
	if loc == nil {
		loc = time.UTC
	}
	f := frame{
		Page: page, Lang: lang, Title: c.say(title), Base: base(r), User: who.Name,
		Posted: r.Method == http.MethodPost, place: place{base(r), query}, perms: who.Perms, voice: voice{lang, c}, loc: loc, now: h.now(),
	}
	if h.opts.ReadOnly {
		f.perms &^= PermDelete | PermCleanup | PermErase
	}
	f.API = f.Base + strings.TrimPrefix(pathLogs, "/")
	f.Assets = f.Base + "assets/" + static().hash + "/"
	if h.opts.DefaultRange != "" {
		f.everything = "all"
	}
	f.Home, f.Links = f.place.to(""), h.opts.NavLinks
	f.Zone, f.TZ = zoneName(loc, f.now), loc.String()
	f.CanDelete, f.CanExport = who.Perms.Has(PermDelete) && !h.opts.ReadOnly, who.Perms.Has(PermExport)
	for _, tab := range tabs {
		if who.Perms.Has(tab.perm) {
			f.Nav = append(f.Nav, option{Href: f.place.to(tab.path), Text: c.say(tab.text), Current: tab.page == page})
		}
	}
	self := strings.TrimPrefix(r.URL.EscapedPath(), "/")
	for _, l := range h.langs.tags {
		f.Langs = append(f.Langs, option{Href: f.place.turned(self, "lang", l), Text: h.langs.voices[strings.ToLower(l)].say("lang.name"), Value: l, Current: l == lang})
	}
	zones := commonZones
	if name := loc.String(); !slices.Contains(zones, name) {
		zones = append([]string{name}, zones...)
	}
	for _, name := range zones {
		f.Zones = append(f.Zones, option{Href: f.place.turned(self, "tz", name), Text: name, Value: name, Current: name == loc.String()})
	}
	return f
}

// commonZones are offered beside the browser's own.
var commonZones = []string{
	"UTC", "Europe/London", "Europe/Paris", "Europe/Athens", "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Sao_Paulo",
	"Africa/Abidjan", "Africa/Casablanca", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney",
}

// show answers with a page, or with a part of it where a fragment is asked for.
func (h *Handler) show(w http.ResponseWriter, r *http.Request, status int, page, part string, view any) error {
	lang, _ := h.lang(r)
	name := "layout"
	if fragment(r) {
		name = part
	}
	var body bytes.Buffer
	if err := h.langs.pages()[lang][page].ExecuteTemplate(&body, name, view); err != nil {
		return &problem{status: http.StatusInternalServerError, key: "internal", cause: err}
	}
	set := w.Header().Set
	set("Content-Type", "text/html; charset=utf-8")
	set("Content-Language", lang)
	set("Content-Security-Policy", h.policy)
	set("Cross-Origin-Opener-Policy", "same-origin")
	set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
	w.Header().Add("Vary", "X-Fragment, X-Base")
	if fragment(r) {
		set("X-Fragment", "1") // what else may answer, as a login, does not say so
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
	return nil
}
