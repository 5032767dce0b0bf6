package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestWebhookPaymentSucceeded(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusOK)(s.c.stripe(t.Context(), paymentSucceededJSON, time.Now()))
	l, metadata := s.one("WEBHOOK_STRIPE")
	requireLog(t, l, syslog.LevelInfo, syslog.System())
	require.Equal(t, "payment_intent.succeeded", metadata["eventType"])
	require.Equal(t, true, metadata["success"])
	require.Equal(t, "evt_3OaTkL2eZvKYlo2C1gB7nRqd", metadata["eventId"])
	require.Equal(t, "payment_intent", metadata["objectType"])
	l, metadata = s.one("PAYMENT_SUCCEEDED")
	requireLog(t, l, syslog.LevelInfo, syslog.User("usr_ada"))
	require.InDelta(t, 50, metadata["amount"], 0)
	var p Payment
	require.NoError(t, s.gorm.Take(&p).Error)
	require.Equal(t, "SUCCEEDED", p.Status)
}

func TestWebhookPayoutFailed(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusOK)(s.c.stripe(t.Context(), payoutFailedJSON, time.Now()))
	s.one("WEBHOOK_STRIPE")
	l, metadata := s.one("PAYOUT_FAILED")
	requireLog(t, l, syslog.LevelError, syslog.Creator("cre_zoe"))
	require.Equal(t, "account_closed", metadata["failureCode"])
	require.InDelta(t, 120.5, metadata["amount"], 0)
}

func TestWebhookReplayIsIgnored(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusOK)(s.c.stripe(t.Context(), paymentSucceededJSON, time.Now()))
	a := s.status(http.StatusOK)(s.c.stripe(t.Context(), paymentSucceededJSON, time.Now()))
	require.Equal(t, true, a.body["replayed"])
	s.one("WEBHOOK_STRIPE")
	s.one("PAYMENT_SUCCEEDED")
}

func TestWebhookUnverified(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for name, c := range map[string]struct{ header, reason string }{
		"no header":         {"", "no usable"},
		"another secret":    {signStripe(payoutFailedJSON, "whsec_other", now), "no signature matches"},
		"another body":      {signStripe(paymentSucceededJSON, "whsec_test", now), "no signature matches"},
		"expired timestamp": {signStripe(payoutFailedJSON, "whsec_test", now.Add(-6*time.Minute)), "tolerance"},
		"from the future":   {signStripe(payoutFailedJSON, "whsec_test", now.Add(6*time.Minute)), "tolerance"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t)
			s.status(http.StatusBadRequest)(s.c.post(t.Context(), "/api/payments/webhook",
				http.Header{"Stripe-Signature": {c.header}}, payoutFailedJSON))
			l, metadata := s.one("WEBHOOK_STRIPE")
			requireLog(t, l, syslog.LevelError, syslog.System())
			require.Equal(t, "unverified", metadata["eventType"])
			require.Contains(t, metadata["errorMessage"], c.reason)
			s.none("PAYOUT_FAILED")
		})
	}
}

func TestWebhookFailsAndComesAgain(t *testing.T) {
	t.Parallel()
	s := newService(t)
	require.NoError(t, s.gorm.Where("1 = 1").Delete(&Payment{}).Error)
	s.status(http.StatusInternalServerError)(s.c.stripe(t.Context(), paymentSucceededJSON, time.Now()))
	l, metadata := s.one("WEBHOOK_STRIPE")
	requireLog(t, l, syslog.LevelError, syslog.System())
	require.Equal(t, false, metadata["success"])
	s.none("PAYMENT_SUCCEEDED")

	require.NoError(t, s.gorm.Create(&Payment{"pi_3OaTkL2eZvKYlo2C1QxW8mNp", "usr_ada", 5000, "EUR", "INITIATED"}).Error)
	a := s.status(http.StatusOK)(s.c.stripe(t.Context(), paymentSucceededJSON, time.Now()))
	require.Nil(t, a.body["replayed"], "a failure was remembered as done")
	s.one("PAYMENT_SUCCEEDED")
}

func TestWebhookMismatchIsCritical(t *testing.T) {
	t.Parallel()
	s := newService(t)
	forged := bytes.Replace(paymentSucceededJSON, []byte(`"amount": 5000`), []byte(`"amount": 1`), 1)
	s.status(http.StatusInternalServerError)(s.c.stripe(t.Context(), forged, time.Now()))
	l, _ := s.one("WEBHOOK_STRIPE")
	requireLog(t, l, syslog.LevelCritical, syslog.System())
}

func TestWebhookOfNoInterest(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusOK)(s.c.stripe(t.Context(), []byte(`{"id":"evt_1","type":"customer.created","data":{"object":{"object":"customer"}}}`), time.Now()))
	_, metadata := s.one("WEBHOOK_STRIPE")
	require.Equal(t, true, metadata["ignored"])
	s.status(http.StatusBadRequest)(s.c.stripe(t.Context(), []byte(`[]`), time.Now()))
	s.status(http.StatusBadRequest)(s.c.stripe(t.Context(), []byte(`{}`), time.Now()))
	s.status(http.StatusBadRequest)(s.c.stripe(t.Context(), make([]byte, maxBody+1), time.Now()))
}

func TestVerifyStripeSignatures(t *testing.T) {
	t.Parallel()
	// The value that `printf '1705314600.{}' | openssl dgst -sha256 -hmac whsec_test` prints.
	const mac = "5164d7918489d8210deaefe3454724b7092dc868d31c800fd27ea7a5c9b93516"
	at := time.Unix(1705314600, 0)
	body := []byte("{}")
	require.Equal(t, "t=1705314600,v1="+mac, signStripe(body, "whsec_test", at))
	for header, want := range map[string]error{
		"t=1705314600,v1=" + mac: nil,
		"t=1705314600, v1=" + strings.Repeat("00", 32) + ",v1=" + mac: nil, // a secret is being replaced
		"t=1705314600,v1=" + mac + ",v1=zz,v0=1,x":                    nil,
		"t=1705314600,v0=" + mac:                                      errNoSignature,
		"v1=" + mac:                                                   errNoSignature,
		"t=x,v1=" + mac:                                               errNoSignature,
		"t=1705314601,v1=" + mac:                                      errBadSignature,
		"t=1705314600,v1=" + mac[:62]:                                 errBadSignature,
		"":                                                            errNoSignature,
	} {
		require.ErrorIs(t, verifyStripe(header, body, "whsec_test", at.Add(5*time.Minute)), want, header)
		if want == nil {
			require.ErrorIs(t, verifyStripe(header, body, "whsec_test", at.Add(5*time.Minute+time.Second)), errExpired)
		}
	}
}
