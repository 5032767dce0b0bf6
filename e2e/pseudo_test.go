package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/e2e/browser"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// pseudoLetters have none of the 52 that they stand for among them.
var pseudoLetters = strings.NewReplacer(strings.Split("a á b ƀ c ć d ď e é f ƒ g ǵ h ĥ i í j ĵ k ķ l ĺ m ḿ n ń o ó p ṕ q ʠ r ŕ s ś t ť u ú v ṽ w ŵ x ẋ y ý z ź "+
	"A Á B Ɓ C Ć D Ď E É F Ƒ G Ǵ H Ĥ I Í J Ĵ K Ķ L Ĺ M Ḿ N Ń O Ó P Ṕ Q Ɋ R Ŕ S Ś T Ť U Ú V Ṽ W Ŵ X Ẋ Y Ý Z Ź", " ")...)

// pseudo is a text as long as that of a wordy language, of which one can see that it is
// from the catalog. What is not said but written with it stays as it is.
func pseudo(key, text string) string {
	switch key {
	case "format.thousands", "format.decimal":
		return text
	case "format.months", "format.weekdays":
		return strings.ReplaceAll(pseudoLetters.Replace(text), " ", "é ") + "é"
	}
	if !regexp.MustCompile(`\pL`).MatchString(text) {
		return text
	}
	more := (utf8.RuneCountInString(text)*35 + 99) / 100
	var out strings.Builder
	for i, part := range strings.Split(text, "%s") {
		if i > 0 {
			out.WriteString("%s")
		}
		for j, part := range strings.Split(part, "%d") {
			if j > 0 {
				out.WriteString("%d")
			}
			out.WriteString(pseudoLetters.Replace(part))
		}
	}
	filler := strings.Repeat("éxťŕá ", more)
	return "[" + out.String() + " " + strings.TrimSpace(strings.ReplaceAll(string([]rune(filler)[:more]), "x", "ẋ")) + "]"
}

// pseudoCatalog is made of the English texts.
func pseudoCatalog(t *testing.T) fstest.MapFS {
	t.Helper()
	files, err := filepath.Glob("../admin/i18n/*en.json")
	require.NoError(t, err)
	require.Greater(t, len(files), 5)
	all := map[string]string{}
	for _, f := range files {
		var texts map[string]string
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &texts))
		for key, text := range texts {
			all[key] = pseudo(key, text)
		}
	}
	text, err := json.Marshal(all)
	require.NoError(t, err)
	return fstest.MapFS{"en-XA.json": {Data: text}}
}

// plainTexts are the texts of a page, also those that are folded away or are read out alone,
// with what is log content, code or the name of a language or zone left out.
const plainTexts = `(() => {
	const content = "script, style, template, noscript, code, pre, kbd, .msg, .message, .type, .tree, .examples, .c-type, .chip b, .val, .c-meta, [data-menu=zone], [data-menu=lang] a, td.long, [aria-labelledby=alerts] th[scope=row], [aria-labelledby=indexes] th[scope=row]";
	const out = [];
	const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const { parentElement: at, data } = walk.currentNode;
		if (data.trim() && !at.closest(content)) out.push(data.trim());
	}
	for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
		if (e.closest(content)) continue;
		for (const name of ["aria-label", "title", "placeholder", "alt"]) if (e.getAttribute(name)) out.push(e.getAttribute(name));
	}
	return out;
})()`

// codes are the same in every language: levels, actors, types, ids, the zone, a person,
// parameters, what this test searches for, and the
// months of the browser's own dates.
var (
	codes = regexp.MustCompile(`\b(INFO|WARNING|ERROR|CRITICAL|USER|CREATOR|ADMIN|SYSTEM|GUEST|[A-Z]+(_[A-Z]+)+|(usr|adm|log)_\w+|UTC|Europe/Paris|Ada|Grace|PAYMENT|AUTH|card|pay|nothing-has-this|currency|EUR|LOUD|requestId|startDate|endDate|level|notLevel|type|en-XA|` +
		`Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\b`)
	plain = regexp.MustCompile(`[A-Za-z]{2,}`)
)

// TestPseudoLanguage: every screen holds texts that are a third longer, in the narrowest of
// windows, and has none that no catalog has.
func TestPseudoLanguage(t *testing.T) {
	t.Parallel()
	catalog := pseudoCatalog(t)
	s := week(t, admin.Options{Catalogs: catalog})
	s.write(syslog.Log{ID: "first", Level: syslog.LevelError, Type: "PAYMENT_FAILED", Actor: syslog.ActorUser, ActorID: "usr_00033", Message: "Payment failed", CreatedAt: time.Now().UTC().Truncate(time.Millisecond),
		Metadata: []byte(`{"amount":129.90,"token":"tok_secret","nested":{"deep":{"id":1}},"error":{"stack":"Error: declined\n  at charge (pay.js:41)"}}`)})
	tab := s.open(browser.Look{Width: 360, Height: 740, Phone: true, Lang: "en-XA"})
	look := func(name string) {
		t.Helper()
		shot(tab, "pseudo-"+name)
		require.Zero(t, tab.Overflow(), name)
		tab.Resize(320, 740)
		require.Zero(t, tab.Overflow(), name)
		tab.Resize(360, 740)
		require.Empty(t, tab.Axe(), name)
		var texts []string
		tab.Eval(plainTexts, &texts)
		require.NotEmpty(t, texts)
		texts = slices.DeleteFunc(texts, func(text string) bool { return !plain.MatchString(codes.ReplaceAllString(text, "")) })
		require.Empty(t, texts, name)
	}
	open := func(path string) {
		t.Helper()
		tab.Go("/tools/logs/" + path)
		ready(t, tab)
		var lang string
		tab.Eval("document.documentElement.lang", &lang)
		require.Equal(t, "en-XA", lang)
	}
	click := func(selector, until string) {
		t.Helper()
		tab.Do(chromedp.Click(chromedp.CSS(selector)))
		tab.Wait(has(until))
		ready(t, tab)
	}
	unfold := func(selector string) {
		t.Helper()
		tab.Eval(`for (const d of document.querySelectorAll(`+strconv.Quote(selector)+`)) d.open = true`, nil)
		ready(t, tab)
	}

	open("?tz=Europe/Paris&limit=25")
	look("explorer")
	unfold("details.fold, details.lazy")
	look("unfolded")
	for _, menu := range []string{"views", "prefs", "lang", "copy", "columns", "export", "period", "filter"} {
		open("?tz=Europe/Paris&limit=25")
		unfold("details.fold, [data-menu=" + menu + "]")
		look("menu-" + menu)
	}
	open("?tz=Europe/Paris&limit=25&level=ERROR,CRITICAL&search=card&notActor=GUEST&meta.currency=EUR&range=30d&cols=time,level,message")
	unfold("details.fold")
	look("filtered")
	open("?tz=Europe/Paris&search=nothing-has-this&range=15m")
	look("nothing")
	tab.Allow("400|404")
	open("?tz=Europe/Paris&startDate=x&level=LOUD")
	look("wrong")
	for _, state := range states {
		if state.name == "pill" { // has a text of the test's
			continue
		}
		open(state.path + "&tz=Europe/Paris")
		deletes(tab)
		tab.Eval("(() => {"+state.script+"})()", nil)
		tab.Wait(has(state.until))
		ready(t, tab)
		look(state.name)
	}

	open("logs/first?tz=Europe/Paris")
	look("entry")
	for _, path := range []string{"trends?tz=Europe/Paris", "trends?tz=Europe/Paris&range=all", "maintenance?tz=Europe/Paris", "help?tz=Europe/Paris", "facets?tz=Europe/Paris", "histogram?tz=Europe/Paris", "no/such/page", "logs/none"} {
		open(path)
		unfold("main details.astable, [data-menu=period]")
		look(strings.NewReplacer("/", "-", "?", "-").Replace(path))
	}

	open("maintenance?tz=Europe/Paris")
	click("form[action*=cleanup] button", ".banner.ok")
	look("cleaned")

	open("delete?tz=Europe/Paris&level=INFO&type=AUTH")
	look("delete-choice")
	click("form button.primary", "button.grave")
	look("delete-preview")
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=_typed]"), "12"))
	click("button.grave", "#typed")
	look("delete-mistyped")
	infos := s.count(syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelInfo}, Type: "AUTH"})
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=_typed]"), strconv.FormatInt(infos, 10)))
	click("button.grave", ".banner.ok")
	look("deleted")

	open("maintenance/actor?tz=Europe/Paris&actorId=usr_00033")
	look("actor")
	click("form[method=post] button", "button.grave")
	look("erase")
	mine := s.count(syslog.Filter{ActorID: "usr_00033"})
	tab.Do(chromedp.SendKeys(chromedp.CSS("[name=_typed]"), strconv.FormatInt(mine, 10)))
	click("button.grave", ".banner.ok")
	look("erased")
}
