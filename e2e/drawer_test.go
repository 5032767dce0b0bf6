package e2e_test

import (
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// clipboard keeps what the page copies.
const clipboard = `Object.defineProperty(navigator, "clipboard", {value: {writeText: async (text) => { window.copied = text }}})`

// secret is an event with a value that is masked, and a number that no float has.
var secret = syslog.Log{ID: "a/secret ü", Level: syslog.LevelError, Type: "PAYMENT_FAILED", Actor: syslog.ActorUser, ActorID: "usr_1", Message: "Payment failed",
	Metadata: []byte(`{"amount":129.90,"token":"<b>tok_secret</b>","nested":{"deep":{"id":12345678901234567890,"list":[]}}}`), CreatedAt: end.AddDate(0, 0, 1)}

func press(tab *browser.Tab, keys string, held ...chromedp.Modifier) {
	tab.Do(chromedp.KeyEvent(keys, chromedp.KeyModifiers(held...)))
}

// TestDrawerByKeyboard alone: opened, walked through and closed, by Escape and by Back.
func TestDrawerByKeyboard(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	s.write(secret)
	for _, mount := range mounts {
		tab := s.open(browser.Look{})
		tab.Go(mount + "?tz=UTC&level=ERROR&limit=25")
		ready(t, tab)
		press(tab, "j")
		tab.Wait(`document.activeElement === document.querySelector("tr[data-id] .msg")`)
		press(tab, kb.Enter)
		tab.Wait(`document.querySelector("#drawer[open] article.entry")?.dataset.id === "a/secret ü"`)
		tab.Wait(`new URLSearchParams(location.search).get("log") === "a/secret ü" && document.activeElement.closest("#drawer")`)
		press(tab, "j")
		tab.Wait(`document.querySelector("#drawer article").dataset.id === document.querySelectorAll("tr[data-id]")[1].dataset.id`)
		press(tab, kb.Enter) // the link to the next one has the focus
		tab.Wait(`document.querySelector("#drawer article").dataset.id === document.querySelectorAll("tr[data-id]")[2].dataset.id`)
		press(tab, "k")
		tab.Wait(`document.querySelector("#drawer article").dataset.id === document.querySelectorAll("tr[data-id]")[1].dataset.id`)
		press(tab, kb.Escape)
		at(t, tab, "level=ERROR&limit=25")
		tab.Wait(`!document.querySelector("dialog[open]") && document.activeElement === document.querySelectorAll("tr[data-id] .msg")[1]`)

		press(tab, kb.Enter)
		tab.Wait(has("#drawer[open] article.entry"))
		tab.Eval("window.same = true; history.back()", nil)
		tab.Wait(`!document.querySelector("dialog[open]") && window.same`)
		tab.Eval("history.forward()", nil)
		tab.Wait(has("#drawer[open] article.entry") + " && window.same")
		tab.Eval("location.reload()", nil)
		tab.Wait(`!window.same && ` + has("#drawer[open] article.entry"))
		press(tab, kb.Escape)
		at(t, tab, "level=ERROR&limit=25")
	}
}

// TestDrawerThatOpensWhileItCloses: Forward comes right after Back, before the browser has told
// that what Back closed is closed.
func TestDrawerThatOpensWhileItCloses(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&limit=25")
	ready(t, tab)
	tab.Do(chromedp.Click(chromedp.CSS("tr[data-id] .msg")))
	tab.Wait(has("#drawer[open] article.entry"))
	var closed bool
	tab.Eval(`new Promise((done) => {
		const { href } = location;
		addEventListener("popstate", () => {
			const closed = !document.getElementById("drawer").open;
			history.replaceState({ drawer: true }, "", href);
			dispatchEvent(new PopStateEvent("popstate"));
			setTimeout(() => done(closed), 300);
		}, { once: true });
		history.back();
	})`, &closed)
	require.True(t, closed)
	tab.Wait(has("#drawer[open] article.entry") + ` && new URLSearchParams(location.search).has("log")`)
}

// TestDrawerShowsAndCopies: the tree, values that are masked, the event and its address.
func TestDrawerShowsAndCopies(t *testing.T) {
	s := serve(t, admin.Options{})
	s.write(day(60, end)...)
	s.write(secret)
	tab := s.open(browser.Look{})
	tab.Before(clipboard)
	tab.Go("/tools/logs/?tz=UTC&range=30d")
	ready(t, tab)
	tab.Go("/tools/logs/?tz=UTC&limit=25&log=a%2Fsecret+%C3%BC")
	tab.Wait(has("#drawer[open] .tree details"))
	for _, c := range [][2]string{{"open", "true"}, {"", "false"}} {
		tab.Do(chromedp.Click(chromedp.CSS(`#drawer [data-tree="` + c[0] + `"]`)))
		tab.Wait(`[...document.querySelectorAll("#drawer .tree details")].every(d => d.open === ` + c[1] + `)`)
	}
	tab.Do(chromedp.Click(chromedp.CSS(`#drawer [data-copy="json"]`)))
	tab.Wait(`window.copied?.includes('"id": "a/secret ü"') && copied.includes("12345678901234567890") && copied.includes("129.90") && copied.includes("••••••") && copied.includes('"list": []') && JSON.parse(copied).level === "ERROR"`)
	tab.Wait(`document.getElementById("toast").textContent === "Copied"`)
	tab.Do(chromedp.Click(chromedp.CSS(`#drawer [data-copy="command"]`)))
	tab.Wait(`copied.startsWith("curl -H 'Accept: application/json' 'http://") && copied.endsWith("/tools/logs/api/admin/system-logs/a%2Fsecret%20%C3%BC'")`)
	tab.Do(chromedp.Click(chromedp.CSS(`#drawer [data-copy="entry"]`)))
	tab.Wait(`copied.endsWith("/tools/logs/logs/a%2Fsecret%20%C3%BC?tz=UTC&limit=25")`)

	tab.Do(chromedp.Click(chromedp.CSS("#drawer [data-reveal]")))
	tab.Wait(`document.activeElement === document.querySelector("#drawer [data-revealed]") && document.activeElement.querySelector(".v").textContent === "<b>tok_secret</b>"`)
	tab.Wait(`document.getElementById("toast").textContent.startsWith("Revealed")`)
	require.Zero(t, tab.Count("#drawer [data-revealed] b, #drawer [data-reveal], #drawer [data-revealed] a"))
	tab.Do(chromedp.Click(chromedp.CSS("#drawer [data-revealed] [data-copy]")))
	tab.Wait(`copied === "<b>tok_secret</b>"`)
	require.NotContains(t, strings.Join(tab.Sent(), " "), "tok_secret")

	tab.Go("/tools/logs/?tz=UTC&limit=25&range=30d&log=a%2Fsecret+%C3%BC")
	tab.Wait(has("#drawer[open] .tree .acts"))
	tab.Do(chromedp.Click(chromedp.CSS(`#drawer [data-copy="entry"]`)))
	tab.Wait(`/startDate=.*endDate=|endDate=.*startDate=/.test(copied) && !copied.includes("range")`)
	tab.Do(chromedp.Click(chromedp.CSS(`#drawer li[data-path="amount"] .acts a:nth-of-type(3)`)))
	tab.Wait(has(`td.c-meta[data-name="amount"]`))
	tab.Wait(`JSON.parse(localStorage.getItem("syslog-admin:v1:/tools/logs/")).cols === "time,level,actor,type,message,meta.amount"`)
	tab.Go("/tools/logs/?tz=UTC")
	tab.Wait(has(`td.c-meta[data-name="amount"]`))
}

// TestRevealOneByOne: with a script in its place, in the drawer and on the page; without
// one by the page that comes back.
func TestRevealOneByOne(t *testing.T) {
	s := serve(t, admin.Options{Mask: admin.MaskKeys("email", "token")})
	l := secret
	l.Metadata = []byte(`{"email":"a@b.example","list":[{"token":"t1"},{"token":"t2"}],"open":1}`)
	s.write(l)
	for _, c := range []struct {
		look browser.Look
		path string
	}{{browser.Look{}, "?tz=UTC&log=a%2Fsecret+%C3%BC"}, {browser.Look{Width: 360, Height: 740, Phone: true, Lang: "fr"}, "logs/a%2Fsecret%20%C3%BC?tz=UTC"}, {browser.Look{NoScript: true}, "logs/a%2Fsecret%20%C3%BC?tz=UTC"}} {
		tab := s.open(c.look)
		tab.Go("/tools/logs/" + c.path)
		tab.Wait(has("article.entry .tree details"))
		tab.Eval(`for (const d of document.querySelectorAll(".tree details")) d.open = true`, nil)
		tab.Do(chromedp.Click(chromedp.CSS(`article [name="_path"][value="list.token"]`)))
		tab.Wait(`document.querySelectorAll("article [data-revealed]").length === 2`)
		tab.Wait(`["t1", "t2"].every((v, i) => document.querySelectorAll("article [data-revealed] .v")[i].textContent === v)`)
		require.NotContains(t, tab.Text("article"), "a@b.example")
		tab.Wait(has(`article [name="_path"][value="email"]`) + ` && !` + has(`article [name="_path"][value="list.token"]`))
		if !c.look.NoScript {
			require.Empty(t, tab.Axe())
			require.Zero(t, tab.Overflow())
		}
		require.NotContains(t, strings.Join(tab.Sent(), " "), "list.token")
	}
}

// TestCopiesOfValues: as they are in the log.
func TestCopiesOfValues(t *testing.T) {
	s := serve(t, admin.Options{})
	l := secret
	l.Metadata = []byte(`{"text":"a\u202eb\u0007 \u00e9%41"}`)
	s.write(l)
	tab := s.open(browser.Look{})
	tab.Before(clipboard)
	tab.Go("/tools/logs/?tz=UTC&log=a%2Fsecret+%C3%BC")
	tab.Wait(has("#drawer[open] .tree"))
	for at, want := range map[string]string{`li[data-path="text"]`: `"a\u202eb\u0007 \u00e9%41"`, ".facts div:nth-of-type(1)": `"` + l.CreatedAt.Format("2006-01-02T15:04:05.000Z") + `"`, ".facts div:nth-of-type(5)": `"a/secret \u00fc"`} {
		tab.Do(chromedp.Click(chromedp.CSS("#drawer " + at + " [data-copy]")))
		tab.Wait("window.copied === " + want)
	}
}

// TestNobodyRevealsWithoutThePermission: there is no button.
func TestNobodyRevealsWithoutThePermission(t *testing.T) {
	s := serve(t, admin.Options{Authorize: admin.AllowUnauthenticated(admin.PermView)})
	s.write(secret)
	tab := s.open(browser.Look{})
	tab.Go("/tools/logs/?tz=UTC&log=a%2Fsecret+%C3%BC")
	tab.Wait(has("#drawer[open] .tree"))
	require.Zero(t, tab.Count("[data-reveal], #removal"))
}
