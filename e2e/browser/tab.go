package browser

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// Look is how a tab looks at a page.
type Look struct {
	Width, Height int    // of the window; 0 is 1280 x 900
	Dark          bool   // prefers-color-scheme
	Lang          string // of the browser: "en" or "fr"; "" is en
	Zone          string // "" is Europe/Paris
	Phone         bool   // touch, and a phone's density
	NoScript      bool
}

// Tab is a window of its own, with nothing stored. Its methods end the test when they fail.
type Tab struct {
	t      testing.TB
	ctx    context.Context
	origin string
	look   Look

	mu      sync.Mutex
	faults  []string
	allowed []*regexp.Regexp
	sent    []string // the URLs that were asked for
}

// patience is how long a step may take.
const patience = 20 * time.Second

// Open opens a tab for the pages of an origin, "http://127.0.0.1:1234". When the test
// ends it fails for every fault that was not allowed.
func Open(t testing.TB, origin string, look Look) *Tab {
	t.Helper()
	once.Do(open)
	if errOpen != nil {
		t.Fatalf("browser: %v", errOpen)
	}
	ctx, end := chromedp.NewContext(shared, chromedp.WithNewBrowserContext())
	tab := &Tab{t: t, ctx: ctx, origin: origin, look: look}
	t.Cleanup(func() {
		end()
		for _, fault := range tab.Faults() {
			t.Error("browser: " + fault)
		}
	})
	if err := errors.Join(chromedp.Do(ctx), chromedp.Listen(ctx, tab.hear), look.apply(ctx)); err != nil {
		t.Fatalf("browser: %v", err)
	}
	return tab
}

func (l Look) apply(ctx context.Context) error {
	if l.Width == 0 {
		l.Width = 1280
	}
	if l.Height == 0 {
		l.Height = 900
	}
	if l.Lang == "" {
		l.Lang = "en"
	}
	if l.Zone == "" {
		l.Zone = "Europe/Paris"
	}
	scheme := "light"
	if l.Dark {
		scheme = "dark"
	}
	return errors.Join(
		call(ctx, network.Enable, network.EnableParams{}), call(ctx, log.Enable, cdp.Empty{}), call(ctx, audits.Enable, cdp.Empty{}),
		call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": l.Lang}}),
		l.size(ctx),
		call(ctx, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: l.Phone}),
		call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
		}}),
		call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: l.Zone}),
		call(ctx, emulation.SetLocaleOverride, emulation.SetLocaleOverrideParams{Locale: l.Lang}),
		call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: l.NoScript}),
	)
}

func (l Look) size(ctx context.Context) error {
	density := 1.0
	if l.Phone {
		density = 2
	}
	return call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: int64(l.Width), Height: int64(l.Height), DeviceScaleFactor: density, Mobile: l.Phone,
	})
}

// Resize makes the window of a tab, which was opened with both, so wide and high, and the
// page as it is fit it.
func (tab *Tab) Resize(width, height int) {
	tab.t.Helper()
	tab.look.Width, tab.look.Height = width, height
	if err := tab.look.size(tab.ctx); err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
	tab.Wait(fmt.Sprintf("document.documentElement.clientWidth === %d", width))
}

func call[P, R any](ctx context.Context, cmd cdp.Command[P, R], params P) error {
	_, err := chromedp.Call(ctx, cmd, params)
	return err
}

// Step is one thing that a person does, as chromedp.Click.
type Step = chromedp.Action[chromedp.Void]

// Do takes steps.
func (tab *Tab) Do(steps ...Step) {
	tab.t.Helper()
	if err := tab.Try(steps...); err != nil {
		tab.t.Fatalf("browser: %v\nfaults: %v", err, tab.Faults())
	}
}

// Try is Do for what may fail.
func (tab *Tab) Try(steps ...Step) error {
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	for _, step := range steps {
		if err := again(func() error { return chromedp.Do(ctx, step) }); err != nil {
			return err
		}
	}
	return nil
}

// again takes a step once more whose node a navigation, or a part that was swapped, has just
// taken away: it has done nothing yet.
func again(step func() error) error {
	err := step()
	for tries := 1; tries < 5 && err != nil && strings.Contains(err.Error(), "node with given id"); tries++ {
		err = step()
	}
	return err
}

// get runs an action that gives something.
func get[T any](tab *Tab, a chromedp.Action[T]) T {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	var v T
	if err := again(func() (err error) { v, err = chromedp.Run(ctx, a); return err }); err != nil {
		tab.t.Fatalf("browser: %v\nfaults: %v", err, tab.Faults())
	}
	return v
}

// Go opens a path of the origin.
func (tab *Tab) Go(path string) {
	tab.t.Helper()
	tab.Do(chromedp.Navigate(tab.origin + path))
}

// Before runs a script in every page to come, before its own.
func (tab *Tab) Before(script string) {
	tab.t.Helper()
	params := page.AddScriptToEvaluateOnNewDocumentParams{Source: script}
	if _, err := chromedp.Call(tab.ctx, page.AddScriptToEvaluateOnNewDocument, params); err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
}

// Allow lets faults pass that match an expression: what a test provokes.
func (tab *Tab) Allow(expression string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.allowed = append(tab.allowed, regexp.MustCompile(expression))
}

// Faults are those so far that are not allowed.
func (tab *Tab) Faults() (out []string) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
next:
	for _, fault := range tab.faults {
		for _, ok := range tab.allowed {
			if ok.MatchString(fault) {
				continue next
			}
		}
		out = append(out, fault)
	}
	return out
}

// Sent are the URLs that were asked for so far.
func (tab *Tab) Sent() []string {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	return append([]string(nil), tab.sent...)
}

func (tab *Tab) fault(format string, args ...any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.faults = append(tab.faults, fmt.Sprintf(format, args...))
}

// hear listens to what the browser tells.
func (tab *Tab) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil {
			text += " " + x.Description
		}
		tab.fault("uncaught: %s", text)
	case *runtime.EventConsoleAPICalled:
		if e.Type != runtime.ConsoleAPICalledTypeError && e.Type != runtime.ConsoleAPICalledTypeWarning && e.Type != runtime.ConsoleAPICalledTypeAssert {
			return
		}
		var words []string
		for _, arg := range e.Args {
			words = append(words, strings.Trim(string(arg.Value), `"`)+arg.Description)
		}
		tab.fault("console.%s: %s", e.Type, strings.Join(words, " "))
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			tab.fault("%s %s: %s %s", e.Entry.Source, e.Entry.Level, e.Entry.Text, e.Entry.URL)
		}
	case *audits.EventIssueAdded:
		if d := e.Issue.Details; d != nil && d.ContentSecurityPolicyIssueDetails != nil {
			tab.fault("policy: %s blocked %s", d.ContentSecurityPolicyIssueDetails.ViolatedDirective, d.ContentSecurityPolicyIssueDetails.BlockedURL)
		}
	case *page.EventJavascriptDialogOpening:
		tab.fault("dialog: %s", e.Message)
		go func() { // what waits for the answer holds up whoever tells of it
			_ = call(tab.ctx, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
		}()
	case *network.EventRequestWillBeSent:
		tab.request(e.Request.URL)
	}
}

func (tab *Tab) request(to string) {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "data" && u.Scheme != "blob" && u.Scheme+"://"+u.Host != tab.origin {
		tab.fault("request to another origin: %s", to)
	}
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.sent = append(tab.sent, to)
}
