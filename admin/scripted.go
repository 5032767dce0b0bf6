package admin

import "github.com/callastar/syslog"

// spoken are the texts that only scripts say. %s is a number, a name or a time.
var spoken = []string{
	"format.thousands",
	"live.new.one", "live.new.other", "live.more", "live.pause", "live.resume", "live.paused", "live.reconnecting", "live.updated", "live.live",
	"live.closed", "live.notNewest", "live.older", "live.lost.one", "live.lost.other", "explorer.shown.one", "explorer.shown.other",
	"unseen.count.one", "unseen.count.other", "unseen.more", "time.on",
	"filter.results.one", "filter.results.other", "copy.done", "copy.failed", "drawer.failed", "drawer.revealed", "drawer.refused", "chips.off", "chips.on", "columns.up", "columns.down",
	"views.delete", "views.saved", "time.ago", "time.in", "time.now", "time.seconds", "time.minutes", "time.hours", "time.days", "filter.shift", "chart.selected", "cell.menu", "cell.exclude", "cell.only", "cell.copy",
	"removal.count.one", "removal.count.other", "removal.period", "removal.begin", "removal.do.one", "removal.do.other", "removal.done.one", "removal.done.other",
	"removal.type", "removal.changed", "removal.running", "removal.failed", "removal.none", "removal.wantDates",
}

// Words are what scripts say, by their keys.
func (f frame) Words() (out []option) {
	for _, key := range spoken {
		out = append(out, option{Value: key, Text: f.voice.catalog[key]})
	}
	return out
}

// views are queries that have a name without somebody giving them one.
var views = []struct {
	text  string
	query []string
}{
	{"views.errors", []string{"minLevel", "ERROR", "range", "24h"}},
	{"views.critical", []string{"level", syslog.LevelCritical.String()}},
	{"views.logins", []string{"type", "AUTH_LOGIN", "meta.success", "false"}},
	{"views.webhooks", []string{"type", "WEBHOOK_", "meta.success", "false"}},
}

// Views lead to them.
func (f frame) Views() (out []option) {
	for _, v := range views {
		out = append(out, option{Text: f.voice.say(v.text), Href: f.place.to("", v.query...)})
	}
	return out
}

// shortcut is a key, or several that do the same each in its way. No key deletes.
type shortcut struct {
	Keys []string
	Text string
}

// Shortcuts are those of the page.
func (f frame) Shortcuts() []shortcut {
	say := f.voice.catalog.say
	return []shortcut{
		{[]string{"/"}, say("keys.search")},
		{[]string{"j", "k"}, say("keys.move")},
		{[]string{"↵"}, say("keys.open")},
		{[]string{"Esc"}, say("keys.close")},
		{[]string{"n", "p"}, say("keys.page")},
		{[]string{"r"}, say("keys.refresh")},
		{[]string{"l"}, say("keys.live")},
		{[]string{"t"}, say("keys.period")},
		{[]string{"f"}, say("keys.filters")},
		{[]string{"=", "-"}, say("keys.cell")},
		{[]string{"m", "⇧ F10"}, say("keys.menu")},
		{[]string{say("keys.alt")}, say("keys.exclude")},
		{[]string{"c"}, say("keys.link")},
		{[]string{"y"}, say("keys.json")},
		{[]string{"1", "2", "3", "4"}, say("keys.level")},
		{[]string{say("keys.shift")}, say("keys.above")},
		{[]string{"g e", "g t", "g m"}, say("keys.tab")},
		{[]string{"?"}, say("keys.help")},
	}
}
