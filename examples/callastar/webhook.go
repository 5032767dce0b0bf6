package main

import (
	"errors"
	"io"
	"net/http"

	"github.com/callastar/syslog"
)

// stripeWebhook takes what Stripe has to say: POST /api/payments/webhook.
func (a *app) stripeWebhook(w http.ResponseWriter, r *http.Request) {
	payload, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		fail(w, http.StatusBadRequest, "body: "+err.Error())
		return
	}
	if err := verifyStripe(r.Header.Get("Stripe-Signature"), payload, a.stripeSecret, a.now()); err != nil {
		// Nothing in the body can be believed, not even the event's type.
		a.logger.WebhookEvent(r.Context(), "stripe", "unverified", false,
			syslog.Metadata{"errorMessage": err.Error(), "bytes": len(payload)})
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	ev, err := parseStripeEvent(payload)
	if err != nil {
		a.logger.WebhookEvent(r.Context(), "stripe", "unreadable", false,
			syslog.Metadata{"errorMessage": err.Error()})
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	a.answerStripe(w, r, ev)
}

// answerStripe handles a genuine event. On an error Stripe sends it again later.
func (a *app) answerStripe(w http.ResponseWriter, r *http.Request, ev stripeEvent) {
	told, replayed, err := a.handleStripe(r.Context(), ev)
	switch {
	case err != nil:
		level := syslog.LevelError
		if errors.Is(err, errMismatch) {
			level = syslog.LevelCritical // money differs: a person has to look
		}
		a.logger.WebhookEvent(r.Context(), "stripe", ev.Type, false, syslog.AtLevel(level),
			syslog.Metadata{"eventId": ev.ID, "errorMessage": err.Error()})
		fail(w, http.StatusInternalServerError, "webhook failed")
		return
	case replayed:
		reply(w, http.StatusOK, map[string]any{"received": true, "replayed": true})
		return
	}
	a.logger.WebhookEvent(r.Context(), "stripe", ev.Type, true,
		syslog.Metadata{"eventId": ev.ID, "objectType": ev.Data.Object.Object, "ignored": told == nil})
	if told != nil {
		told(r.Context())
	}
	reply(w, http.StatusOK, map[string]any{"received": true})
}
