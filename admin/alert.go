package admin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/callastar/syslog"
)

// Alert is a rule by which the host tells somebody of events. The page lists it; what it waits
// for, and whom it tells, is the host's.
type Alert struct {
	Name string // what it is called: each another name
	When string // what it waits for, in the host's words: "more than 10 ERROR in 5 minutes, to #ops"

	// Test sends what whoever gets it knows for a test: the page has a button for that, for who
	// has PermCleanup, unless it is nil. It has as long as a read may take, and is called for
	// one alert at a time. The text of an error goes to Options.Logger, not to the page; a
	// panic is an error.
	Test func(ctx context.Context) error
}

func checkAlerts(alerts []Alert) error {
	var errs []error
	seen := map[string]bool{}
	for i, a := range alerts {
		switch {
		case strings.TrimSpace(a.Name) == "" || len(a.Name) > maxText:
			errs = append(errs, fmt.Errorf("Alerts[%d]: Name has %d bytes: want what the page calls it, of at most %d", i, len(a.Name), maxText))
		case !utf8.ValidString(a.Name) || strings.ContainsFunc(a.Name, unicode.IsControl): // a form would send another one
			errs = append(errs, fmt.Errorf("Alerts[%d]: Name is %.60q: want one line of UTF-8", i, a.Name))
		case seen[a.Name]:
			errs = append(errs, fmt.Errorf("Alerts[%d]: Name is %.60q, as that of another one", i, a.Name))
		}
		seen[a.Name] = true
	}
	return errors.Join(errs...)
}

// alertTested is the type of the record of a test.
const alertTested = auditPrefix + "LOGS_ALERT_TESTED"

// alertView is a line of the page.
type alertView struct {
	Name, When []run
	Value      string // of its form, "" where there is nothing to test
}

func (h *Handler) newAlerts(f frame) (out []alertView) {
	for _, a := range h.opts.Alerts {
		v := alertView{Name: runs(a.Name, false), When: runs(a.When, false)}
		if a.Test != nil && f.perms.Has(PermCleanup) {
			v.Value = a.Name
		}
		out = append(out, v)
	}
	return out
}

// testAlert serves POST maintenance/alert. Its record says how it ended.
func (h *Handler) testAlert(w http.ResponseWriter, r *http.Request, who Principal) error {
	if p := read(r.URL.RawQuery, "tz").v.problem(); p != nil {
		return p
	}
	if !isKind(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return failed(http.StatusUnsupportedMediaType, "form_type")
	}
	body, p := bodyOf(w, r)
	if p != nil {
		return p
	}
	form := read(string(body), "alert")
	var alert Alert
	for _, a := range h.opts.Alerts {
		if a.Name == form.get("alert") && a.Test != nil {
			alert = a
		}
	}
	if alert.Test == nil {
		form.v.add("alert", "want_alert")
	}
	if p := form.v.problem(); p != nil {
		return p
	}
	ctx := context.WithoutCancel(r.Context()) // who presses the button twice leaves the first answer
	release, err := h.turn(ctx, h.testing)
	if err != nil {
		return err
	}
	err = alert.try(h, ctx, release)
	details := syslog.Metadata{"alert": alert.Name, "failed": err != nil}
	who.sign(details)
	if err != nil {
		h.opts.Logger.ErrorContext(ctx, "syslog/admin: the test of an alert failed", "alert", alert.Name, "error", err)
	}
	h.leadTo(w, r, "maintenance", "done", h.tell(r.Context(), syslog.Log{
		Type: alertTested, Actor: syslog.ActorAdmin, ActorID: who.ID, Message: fmt.Sprintf("alert %q tested", alert.Name),
	}, details))
	return nil
}

// try sends a test, which may panic, and may not return: then no other one has its turn.
func (a Alert) try(h *Handler, parent context.Context, release func()) error {
	ctx, cancel := h.limited(parent)
	answer := make(chan error, 1)
	go func() {
		defer release()
		defer cancel()
		defer func() {
			if p := recover(); p != nil {
				answer <- fmt.Errorf("panic: %v", p)
			}
		}()
		answer <- a.Test(ctx)
	}()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		select {
		case err := <-answer: // ended with it
			return err
		default:
			return ctx.Err()
		}
	}
}
