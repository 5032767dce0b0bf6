package browser

import (
	"context"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// Touch puts a finger on the page of a Look that is a Phone. What it returns takes it away.
func (tab *Tab) Touch(x, y float64) (lift func()) {
	tab.t.Helper()
	send := func(kind input.DispatchTouchEventType, at ...*input.TouchPoint) {
		tab.t.Helper()
		if at == nil {
			at = []*input.TouchPoint{} // there must be a list
		}
		tab.Do(func(ctx context.Context, _ *chromedp.Target) (chromedp.Void, error) {
			return chromedp.Void{}, call(ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: at})
		})
	}
	send(input.DispatchTouchEventTypeTouchStart, &input.TouchPoint{X: x, Y: y})
	return func() {
		tab.t.Helper()
		send(input.DispatchTouchEventTypeTouchEnd)
	}
}
