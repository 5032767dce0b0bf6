package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// axe is the text of axe-core.
var axe = sync.OnceValues(func() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	text, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		return "", fmt.Errorf("axe-core is missing: run npm ci in e2e/: %w", err)
	}
	return string(text), nil
})

// Axe checks the page for what keeps people out, by WCAG 2.2 AA and best practice, and
// returns what it finds.
func (tab *Tab) Axe() (violations []string) {
	tab.t.Helper()
	text, err := axe()
	if err != nil {
		tab.t.Fatal(err)
	}
	tab.Eval(text+"; true", nil)
	var found []struct {
		ID, Help string
		Nodes    []struct {
			HTML           string
			FailureSummary string
		}
	}
	tab.Eval(`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations)`, &found)
	for _, v := range found {
		for _, n := range v.Nodes {
			violations = append(violations, fmt.Sprintf("%s: %s: %.200s (%s)", v.ID, v.Help, n.HTML, strings.ReplaceAll(n.FailureSummary, "\n", " ")))
		}
	}
	return violations
}
