package browser

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Eval runs an expression in the page, waits for it where it is a promise, and reads
// what it gives into out, which may be nil.
func (tab *Tab) Eval(expression string, out any) {
	tab.t.Helper()
	text := get(tab, chromedp.Evaluate[[]byte](expression, chromedp.EvalAwaitPromise, chromedp.EvalAsValue))
	if out == nil {
		return
	}
	if err := json.Unmarshal(text, out); err != nil {
		tab.t.Fatalf("browser: %.80s: %v in %.200s", expression, err, text)
	}
}

// Wait waits until an expression is true, on this page or on one that it leads to.
func (tab *Tab) Wait(expression string) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		// A page that goes away in the middle has no answer: the next one has.
		text, err := chromedp.Run(ctx, chromedp.Evaluate[[]byte]("!!("+expression+")", chromedp.EvalAsValue))
		if err == nil && string(text) == "true" {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			tab.t.Fatalf("browser: waited in vain for %s: %v\nfaults: %v", expression, err, tab.Faults())
		}
	}
}

// Text is what the first element says that a selector finds.
func (tab *Tab) Text(selector string) string {
	tab.t.Helper()
	return strings.TrimSpace(get(tab, chromedp.Text(chromedp.CSS(selector))))
}

// Count is how many elements a selector finds.
func (tab *Tab) Count(selector string) (n int) {
	tab.t.Helper()
	quoted, err := json.Marshal(selector)
	if err != nil {
		tab.t.Fatal(err)
	}
	tab.Eval("document.querySelectorAll("+string(quoted)+").length", &n)
	return n
}

// Shot writes the whole page as an image.
func (tab *Tab) Shot(path string) {
	tab.t.Helper()
	tab.write(path, get(tab, chromedp.FullScreenshot(100)))
}

// ShotOfWindow writes what of the page is in the window.
func (tab *Tab) ShotOfWindow(path string) {
	tab.t.Helper()
	tab.write(path, get(tab, chromedp.CaptureScreenshot()))
}

func (tab *Tab) write(path string, image []byte) {
	tab.t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o755)
	if err == nil {
		err = os.WriteFile(path, image, 0o644)
	}
	if err != nil {
		tab.t.Fatal(err)
	}
}

// Print makes the page look as it does on paper.
func (tab *Tab) Print() {
	tab.t.Helper()
	if err := call(tab.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}); err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
}

// Overflow is by how many pixels the page is wider than its window.
func (tab *Tab) Overflow() (pixels int) {
	tab.t.Helper()
	tab.Eval("Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)", &pixels)
	return pixels
}
