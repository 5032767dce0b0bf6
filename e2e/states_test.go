package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// states are what scripts make of the page, and how to get there.
var states = []struct{ name, path, script, until string }{
	{"drawer", "?limit=25&range=30d", `document.querySelector("tr[data-id] .msg").click()`, "#drawer[open] article.entry .tree"},
	{"keys", "?limit=25", `document.querySelector("[data-open=keys]").click()`, "#keys[open]"},
	{"removal1", "?level=INFO,ERROR&search=pay&notActor=GUEST&limit=25", removing, "#removal[open]"},
	{"removal2", "?level=INFO,ERROR&search=pay&notActor=GUEST&limit=25", removing + next, "#removal[open] .examples li"},
	{"removal3", "?limit=25&minLevel=INFO&type=P", removing + next + `; until(() => document.querySelector(".examples li")).then(() => document.querySelector("[data-step='3']").click())`, `#removal[open] [data-at="3"]:not([hidden])`},
	{"pill", "?limit=25", `scrollTo(0, 0); const p = document.getElementById("fresh"); p.textContent = "14 new logs — show"; p.hidden = false`, "#fresh:not([hidden])"},
	{"live", "?limit=25", `const c = document.getElementById("refresh"); c.value = "live"; c.dispatchEvent(new Event("change", {bubbles: true}))`, `[data-live="on"]`},
	{"menus", "?limit=25", `document.querySelector("[data-menu=views]").open = true; document.querySelector("[data-menu=columns]").open = true`, "[data-menu=columns][open] button[data-to]"},
	{"cell", "?limit=25", `const a = document.querySelector("tr[data-id] .id"); a.focus(); a.dispatchEvent(new KeyboardEvent("keydown", {key: "ContextMenu", bubbles: true, cancelable: true}))`, "#cell[open] [role=group]"},
	{"off", "?limit=25&level=ERROR&search=card", `document.querySelector(".chip .turn").click()`, ".chip.off"},
	{"session", "?limit=25", `document.querySelector("[data-notice=session]").hidden = false`, "[data-notice=session]:not([hidden])"},
}

// removing opens the deletion, and next goes to what it would delete.
const removing = `window.until = f => new Promise(go => { const look = () => f() ? go() : requestAnimationFrame(look); look() });
	document.querySelector("#listtools a[href*='delete'], #to-delete")?.click()`
const next = `; document.querySelector("[data-step='2']").click()`

// TestStates: what scripts open keeps nobody out either, and fits: in light, in dark,
// and on a phone. SYSLOG_SHOTS names a folder for pictures of it.
func TestStates(t *testing.T) {
	t.Parallel()
	s := serve(t, admin.Options{})
	events := day(640, time.Now().UTC().Add(-time.Minute))
	events[0] = syslog.Log{ID: "first", Level: syslog.LevelError, Type: "PAYMENT_FAILED", Actor: syslog.ActorUser, ActorID: "usr_1", Message: "Payment of usr_1 failed", CreatedAt: events[0].CreatedAt,
		Metadata: []byte(`{"amount":129.90,"token":"tok_secret","nested":{"deep":{"id":12345678901234567890}},"error":{"stack":"Error: declined\n  at charge (pay.js:41)"}}`)}
	s.write(events...)
	for name, look := range map[string]browser.Look{"light": {}, "dark": {Dark: true}, "phone": {Lang: "fr", Width: 360, Height: 740, Phone: true}} {
		tab := s.open(look)
		for _, state := range states {
			tab.Go("/tools/logs/" + state.path + "&tz=Europe/Paris")
			ready(t, tab)
			deletes(tab)
			tab.Eval("(() => {"+state.script+"})()", nil)
			tab.Wait(has(state.until))
			ready(t, tab)
			if dir := os.Getenv("SYSLOG_SHOTS"); dir != "" {
				tab.Shot(filepath.Join(dir, fmt.Sprintf("%s-%s.png", state.name, name)))
			}
			require.Zero(t, tab.Overflow(), "%s %s", state.name, name)
			require.Empty(t, tab.Axe(), "%s %s", state.name, name)
		}
	}
}

// deletes puts the link to the page of deletions where the page does not have one.
func deletes(tab *browser.Tab) {
	tab.Eval(`if (!document.querySelector("#listtools a[href*='delete']")) {
		const a = document.createElement("a");
		a.id = "to-delete"; a.className = "button"; a.href = document.documentElement.dataset.base + "delete" + location.search; a.textContent = "Delete…";
		document.getElementById("listtools").append(a);
	}`, nil)
}
