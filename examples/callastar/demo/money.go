package demo

import (
	"fmt"

	"github.com/callastar/syslog"
)

func paymentSucceeded(g *Generator) syslog.Log {
	p, id := g.fan(), "pi_"+g.token(14)
	return event(syslog.LevelInfo, "PAYMENT_SUCCEEDED", p.fan(), "Payment "+id+" succeeded",
		fields{"paymentId": id, "amount": g.price(), "currency": "EUR", "card": fields{"brand": g.one("visa", "mastercard", "cb"), "country": g.one("FR", "FR", "GB", "BE")}})
}

func paymentFailed(g *Generator) syslog.Log {
	p, id := g.fan(), "pi_"+g.token(14)
	code := g.one("card_declined", "insufficient_funds", "expired_card", "authentication_required")
	return event(syslog.LevelError, "PAYMENT_FAILED", p.fan(), "Payment "+id+" failed: "+map[string]string{
		"card_declined": "carte refusée par la banque", "insufficient_funds": "the card has insufficient funds",
		"expired_card": "the card has expired", "authentication_required": "3-D Secure abandonné",
	}[code], fields{
		"paymentId": id, "amount": g.price(), "currency": "EUR", "attempt": 1 + g.rnd.IntN(3),
		"error": fields{"code": code, "stack": "StripeCardError: " + code + "\n    at charge (/app/lib/payments.ts:88:13)\n    at async POST (/app/api/payments/route.ts:41:5)"},
	})
}

func refunded(g *Generator) syslog.Log {
	p, id := g.fan(), "pi_"+g.token(14)
	return event(syslog.LevelInfo, "PAYMENT_REFUNDED", p.fan(), "Payment "+id+" refunded",
		fields{"paymentId": id, "amount": g.price(), "currency": "EUR", "approvedBy": g.admin().id})
}

func webhook(g *Generator) syslog.Log {
	kind := g.one("payment_intent.succeeded", "payment_intent.succeeded", "charge.updated", "payout.paid", "customer.created")
	return event(syslog.LevelInfo, "WEBHOOK_STRIPE", syslog.System(), "Webhook "+kind+" from stripe handled",
		fields{"eventId": "evt_" + g.token(16), "eventType": kind, "success": true, "durationMs": 4 + g.often(220)})
}

func webhookFailed(g *Generator) syslog.Log {
	kind := g.one("payment_intent.succeeded", "payout.failed")
	return event(syslog.LevelError, "WEBHOOK_STRIPE", syslog.System(), "Webhook "+kind+" from stripe failed",
		fields{"eventId": "evt_" + g.token(16), "eventType": kind, "success": false, "errorMessage": g.one("signature expired", "payment not found", "upstream timeout after 10 s")})
}

func payoutRequested(g *Generator) syslog.Log {
	c, id := g.creator(), "po_"+g.token(8)
	return event(syslog.LevelInfo, "PAYOUT_REQUESTED", c.creator(), "Payout "+id+" requested",
		g.request(c, "POST /api/payouts").with(fields{"payoutId": id, "amount": 4 * g.price(), "currency": "EUR"}))
}

func payoutApproved(g *Generator) syslog.Log {
	a, c, id := g.admin(), g.creator(), "po_"+g.token(8)
	return event(syslog.LevelInfo, "ADMIN_PAYOUT_APPROVED", a.admin(), a.name+" approved payout "+id,
		g.request(a, "POST /api/admin/payouts/{id}/approve").with(fields{"payoutId": id, "creatorId": c.id, "amount": 4 * g.price(), "currency": "EUR"}))
}

func payoutFailed(g *Generator) syslog.Log {
	c, id := g.creator(), "po_"+g.token(8)
	return event(syslog.LevelError, "PAYOUT_FAILED", c.creator(), "Payout "+id+" failed",
		fields{"payoutId": id, "amount": 4 * g.price(), "currency": "EUR", "failureCode": g.one("account_closed", "invalid_iban"), "iban": "FR76••••••••" + fmt.Sprint(100+g.rnd.IntN(900))})
}

func dataMismatch(g *Generator) syslog.Log {
	n := 1 + g.rnd.IntN(12)
	rows := make([]string, n)
	for i := range rows {
		rows[i] = "pi_" + g.token(14)
	}
	return event(syslog.LevelCritical, "DATA_CORRUPTION", syslog.System(), fmt.Sprintf("Data integrity: %d payments are paid at Stripe only", n),
		fields{"affectedTable": "payments", "count": n, "paymentIds": rows, "check": fields{"name": "stripe-reconciliation", "window": "24h"}})
}
