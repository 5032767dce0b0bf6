// Package browser drives Chromium for the tests of the page, and fails a test for what
// a person would not see: an error in the console, one that a script threw, a violation
// of the page's Content-Security-Policy, a request to another origin.
package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// Bin are the names by which the browser is looked for.
var Bin = []string{"chromium", "chromium-browser", "google-chrome"}

var (
	once    sync.Once
	shared  context.Context
	errOpen error
	stop    = func() {}
)

// without are features of the browser that are off: the driver's own choice, and pages of the
// browser's window, which nobody sees, but of which each window loads a set beside ours.
var without = []string{
	"Translate", "BlinkGenPropertyTrees",
	"WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "PreloadTopChromeWebUI",
}

// Main runs the tests of a package and ends the browser. It returns the exit code.
func Main(m *testing.M) int {
	defer func() { stop() }()
	return m.Run()
}

// open starts the browser that all tests share.
func open() {
	path, err := find()
	if err != nil {
		errOpen = err
		return
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("no-default-browser-check", true),
		chromedp.Flag("disable-features", strings.Join(without, ",")),
	)
	if os.Getuid() == 0 {
		opts = append(opts, chromedp.NoSandbox) // Chromium has none for root
	}
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, end := chromedp.NewContext(alloc)
	stop = func() { end(); endAlloc() }
	if err := chromedp.Do(ctx); err != nil {
		errOpen = fmt.Errorf("start %s: %w", path, err)
		return
	}
	shared = ctx
}

func find() (string, error) {
	for _, name := range Bin {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no browser: none of %v is installed (on Debian: apt-get install chromium)", Bin)
}
