package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Slow makes the processor so many times slower than it is, as the page sees it.
func (tab *Tab) Slow(times float64) {
	tab.t.Helper()
	tab.Do(func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
		return chromedp.Void{}, call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
	})
}

// Heap is how many bytes the scripts of the page keep, after a collection.
func (tab *Tab) Heap() int64 {
	tab.t.Helper()
	return get(tab, func(ctx context.Context, _ *chromedp.Target) (int64, error) {
		if err := call(ctx, heapprofiler.CollectGarbage, cdp.Empty{}); err != nil {
			return 0, err
		}
		usage, err := chromedp.Call(ctx, runtime.GetHeapUsage, cdp.Empty{})
		return int64(usage.UsedSize), err
	})
}

// Vitals is how a page came to be seen, in milliseconds since it was asked for.
type Vitals struct {
	FCP, LCP float64 // the first contents, and the largest
	CLS      float64 // how much moved without anybody's doing
	TBT      float64 // how long scripts held up the page, beyond 50 ms a time
}

// Vitals are those of the page until now, once there is something to see.
func (tab *Tab) Vitals() (v Vitals) {
	tab.t.Helper()
	tab.Eval(`new Promise((done) => {
		const out = { FCP: 0, LCP: 0, CLS: 0, TBT: 0 };
		const take = (type, add) => new PerformanceObserver((list) => list.getEntries().forEach(add)).observe({ type, buffered: true });
		take("largest-contentful-paint", (e) => { out.LCP = e.startTime; });
		take("layout-shift", (e) => { if (!e.hadRecentInput) out.CLS += e.value; });
		take("longtask", (e) => { out.TBT += Math.max(0, e.duration - 50); });
		const frames = (n) => n ? requestAnimationFrame(() => frames(n - 1)) : setTimeout(() => done(out));
		take("paint", (e) => { // is told of some time after it was
			if (e.name !== "first-contentful-paint") return;
			out.FCP = e.startTime;
			frames(3);
		});
	})`, &v)
	return v
}

// Load is a thing that a page was loaded from, as Resource Timing tells it.
type Load struct {
	Name                      string
	RenderBlockingStatus      string // "blocking" is what the first paint waits for
	TransferSize              int    // 0 is from the cache
	EncodedBodySize, Duration float64
}

// Loads are those of the page, the document first.
func (tab *Tab) Loads() (out []Load) {
	tab.t.Helper()
	tab.Eval(`[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].map((e) => e.toJSON())`, &out)
	return out
}

// Interactions begins to record how long it takes from what a person does to the picture
// of its effect. What it returns is the longest of them until now, in milliseconds; those
// below 16 are not told from 0.
func (tab *Tab) Interactions() (longest func() float64) {
	tab.t.Helper()
	tab.Eval(`(globalThis.__interactions = [], new PerformanceObserver((list) => {
		for (const e of list.getEntries()) if (e.interactionId) __interactions.push(e.duration);
	}).observe({ type: "event", durationThreshold: 16 }), true)`, nil)
	return func() (ms float64) {
		tab.t.Helper()
		tab.Eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(Math.max(0, ...__interactions))))))`, &ms)
		return ms
	}
}

// Tasks begins to record how long the page is held up at a time. What it returns is the
// longest until now, in milliseconds; those below 50 are not told from 0.
func (tab *Tab) Tasks() (longest func() float64) {
	tab.t.Helper()
	tab.Eval(`(globalThis.__tasks = [], new PerformanceObserver((list) => {
		for (const e of list.getEntries()) __tasks.push(e.duration);
	}).observe({ type: "longtask" }), true)`, nil)
	return func() (ms float64) {
		tab.t.Helper()
		tab.Eval(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(Math.max(0, ...__tasks))))))`, &ms)
		return ms
	}
}
