package budget_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/callastar/syslog/e2e/browser"
	"github.com/stretchr/testify/require"
)

// measurePage takes what a visit costs, the first one and the next.
func measurePage(t *testing.T, r *report, s *site) {
	tab := s.open(t, "?tz=Europe/Paris") // who has no zone is led to that first
	require.Equal(t, 100, tab.Count("tr[data-id]"))
	loads := tab.Loads()
	var js, css, all, blocking float64
	for i, l := range loads {
		all += l.EncodedBodySize
		switch name, _, _ := strings.Cut(l.Name, "?"); {
		case strings.HasSuffix(name, ".js"):
			js += l.EncodedBodySize
		case strings.HasSuffix(name, ".css"):
			css += l.EncodedBodySize
		}
		if i == 0 || l.RenderBlockingStatus == "blocking" {
			blocking++
		}
	}
	r.set("js", js/1024)
	r.set("css", css/1024)
	r.set("html100", loads[0].EncodedBodySize/1024)
	r.set("cold", all/1024)
	r.set("blocking", blocking)
	sent := tab.Sent()
	r.set("requests", float64(len(sent)))
	t.Log(strings.Join(sent, "\n"))
	for _, aside := range []string{"/facets", "/histogram"} { // rows wait for neither
		require.Greater(t, slices.IndexFunc(sent, func(u string) bool { return strings.Contains(u, aside+"?") }), slices.IndexFunc(sent, isDocument), aside)
	}
	violations := tab.Axe()
	r.set("axe", float64(len(violations)))
	for _, v := range violations {
		t.Log(v)
	}

	tab.Go(zoned)
	ready(t, tab)
	var warm float64
	for _, l := range tab.Loads() {
		if strings.Contains(l.Name, "/assets/") {
			warm += float64(l.TransferSize)
		}
	}
	r.set("warm", warm)
	require.Equal(t, 1, count(tab.Sent()[len(sent):], isDocument), "a warm visit loads one document")

	tab.Go(zoned + "&limit=500")
	ready(t, tab)
	require.Equal(t, 500, tab.Count("tr[data-id]"))
	r.set("html500", tab.Loads()[0].EncodedBodySize/1024)
	r.set("dom500", float64(tab.Count("*")))
}

// zoned is the page with a zone, as its links have it: who has none is led to that first.
const zoned = mount + "?tz=Europe/Paris"

func isDocument(u string) bool {
	u, _, _ = strings.Cut(u, "?")
	return strings.HasSuffix(u, mount)
}

func count(all []string, is func(string) bool) (n int) {
	for _, one := range all {
		if is(one) {
			n++
		}
	}
	return n
}

// measureSlow takes what a visit is like on a phone's processor.
func measureSlow(t *testing.T, r *report, s *site) {
	tab := browser.Open(t, s.url, browser.Look{})
	tab.Slow(4)
	var lcp, cls, tbt []float64
	for range 5 {
		tab.Go(zoned)
		ready(t, tab)
		v := tab.Vitals()
		require.Positive(t, v.LCP)
		lcp, cls, tbt = append(lcp, v.LCP), append(cls, v.CLS), append(tbt, v.TBT)
	}
	r.set("lcp4x", median(lcp))
	r.set("cls4x", slices.Max(cls))
	r.set("tbt4x", median(tbt))

	var clicks []float64
	for range 5 {
		tab.Go(zoned)
		ready(t, tab)
		longest := tab.Interactions()
		tab.Do(click("fieldset.levels label.lv-error"))
		require.Eventually(t, func() bool { return tab.Count("tr.r-error") == 100 }, patience, poll)
		clicks = append(clicks, longest())
	}
	r.set("click4x", median(clicks))

	tab.Go(zoned + "&limit=500")
	ready(t, tab)
	var swaps, lays []float64
	for range 7 {
		tab.Wait(`!document.querySelector("tr[data-id]:not(.in)")`) // all drawn, which costs most to replace
		var took [2]float64
		tab.Eval(`(async () => {
			const { load, swap } = await import(document.querySelector("script[type=module]").src);
			const part = await load("rows?limit=500");
			const begun = performance.now();
			swap(part.content);
			const swapped = performance.now();
			document.body.getBoundingClientRect(); // needs the layout
			return [swapped - begun, performance.now() - begun];
		})()`, &took)
		swaps, lays = append(swaps, took[0]), append(lays, took[1])
	}
	r.set("swap500", median(swaps))
	r.set("laid500", median(lays))
	t.Logf("lcp %.0f, tbt %.0f, clicks %.0f, swaps %.0f, laid out %.0f", lcp, tbt, clicks, swaps, lays)
}

func median(all []float64) float64 {
	slices.Sort(all)
	return all[len(all)/2]
}
