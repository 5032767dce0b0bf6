package browser

import (
	"context"
	"encoding/json"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// Part is what a screen reader is told of a part of the page.
type Part struct{ Role, Name string }

// Parts are all of the page's, in its order.
func (tab *Tab) Parts() (all []Part) {
	tab.t.Helper()
	ctx, cancel := context.WithTimeout(tab.ctx, patience)
	defer cancel()
	tree, err := chromedp.Call(ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		tab.t.Fatalf("browser: %v", err)
	}
	for _, node := range tree.Nodes {
		if !node.Ignored {
			all = append(all, Part{text(node.Role), text(node.Name)})
		}
	}
	return all
}

func text(v *accessibility.Value) (s string) {
	if v != nil {
		_ = json.Unmarshal(v.Value, &s) // what is no text has none
	}
	return s
}
