package demo

import (
	"fmt"

	"github.com/callastar/syslog"
)

// kind is something that happens, and how often in a thousand.
type kind struct {
	weight int
	event  func(g *Generator) syslog.Log
}

var kinds = []kind{
	{210, login}, {38, loginFailed}, {30, logout}, {14, passwordReset},
	{120, bookingCreated}, {80, bookingConfirmed}, {22, bookingCancelled}, {70, callEnded},
	{95, paymentSucceeded}, {16, paymentFailed}, {12, refunded}, {120, webhook}, {6, webhookFailed},
	{28, payoutRequested}, {20, payoutApproved}, {5, payoutFailed},
	{40, profileUpdated}, {14, offerPublished}, {9, moderated}, {4, configChanged}, {3, personalDataExported},
	{11, apiError}, {14, slowQuery}, {13, job}, {1, dataMismatch},
}

func login(g *Generator) syslog.Log {
	p := g.fan()
	return event(syslog.LevelInfo, "AUTH_LOGIN", p.fan(), "Login of user "+p.id+" succeeded",
		g.request(p, "POST /api/auth/login").with(fields{"email": p.email, "role": "USER", "success": true}))
}

func loginFailed(g *Generator) syslog.Log {
	p := g.fan()
	reason := g.one("wrong password", "wrong password", "wrong password", "unknown email", "account is locked")
	return event(syslog.LevelWarning, "AUTH_LOGIN", syslog.Guest(), "Login of a guest failed",
		g.request(p, "POST /api/auth/login").with(fields{"email": p.email, "reason": reason, "success": false}))
}

func logout(g *Generator) syslog.Log {
	p := g.fan()
	return event(syslog.LevelInfo, "AUTH_LOGOUT", p.fan(), "Logout of user "+p.id+" succeeded",
		g.request(p, "POST /api/auth/logout").with(fields{"success": true, "minutes": 1 + g.rnd.IntN(90)}))
}

func passwordReset(g *Generator) syslog.Log {
	p := g.fan()
	return event(syslog.LevelInfo, "AUTH_PASSWORD_RESET", p.fan(), "Password reset of user "+p.id+" succeeded",
		g.request(p, "POST /api/auth/reset").with(fields{"email": p.email, "success": true}))
}

func bookingCreated(g *Generator) syslog.Log {
	p, c, id := g.fan(), g.creator(), "bk_"+g.token(8)
	return event(syslog.LevelInfo, "BOOKING_CREATED", p.fan(), "Booking "+id+" created", g.request(p, "POST /api/bookings").with(fields{
		"bookingId": id, "creatorId": c.id, "creatorName": c.name, "price": g.price(), "currency": "EUR", "minutes": 15 * (1 + g.rnd.IntN(4)),
	}))
}

func bookingConfirmed(g *Generator) syslog.Log {
	c, id := g.creator(), "bk_"+g.token(8)
	return event(syslog.LevelInfo, "BOOKING_CONFIRMED", c.creator(), "Booking "+id+" confirmed by "+c.name,
		g.request(c, "POST /api/bookings/{id}/confirm").with(fields{"bookingId": id, "userId": g.fan().id}))
}

func bookingCancelled(g *Generator) syslog.Log {
	p, id := g.fan(), "bk_"+g.token(8)
	reason := g.one("Imprévu de dernière minute", "Je me suis trompée de créneau", "Something came up", "Found a better time", "Problème de connexion chez l’utilisateur")
	return event(syslog.LevelWarning, "BOOKING_CANCELLED", p.fan(), "Booking "+id+" cancelled less than an hour before the call: "+reason,
		g.request(p, "DELETE /api/bookings/{id}").with(fields{"bookingId": id, "reason": reason, "refund": g.rnd.IntN(2) == 0}))
}

func callEnded(g *Generator) syslog.Log {
	c, id := g.creator(), "bk_"+g.token(8)
	return event(syslog.LevelInfo, "CALL_ENDED", syslog.System(), fmt.Sprintf("Call of booking %s ended after %d minutes", id, 10+g.rnd.IntN(50)), fields{
		"bookingId": id, "creatorId": c.id, "userId": g.fan().id,
		"quality": fields{"packetLoss": g.cents(3), "jitterMs": 2 + g.rnd.IntN(40), "codec": "opus"},
	})
}

func profileUpdated(g *Generator) syslog.Log {
	p := g.fan()
	changed := []string{g.one("name", "bio"), g.one("avatar", "language", "notifications")}
	return event(syslog.LevelInfo, "USER_PROFILE_UPDATE", p.fan(), "Profile of "+p.name+" updated",
		g.request(p, "PATCH /api/me").with(fields{"fields": changed, "language": g.one("fr", "fr", "en")}))
}

func offerPublished(g *Generator) syslog.Log {
	c := g.creator()
	return event(syslog.LevelInfo, "CREATOR_OFFER_PUBLISHED", c.creator(), c.name+" offers "+g.one("un appel vidéo", "a video call", "une séance de questions", "a coaching session"),
		g.request(c, "POST /api/offers").with(fields{"offerId": "off_" + g.token(6), "price": g.price(), "currency": "EUR"}))
}

func moderated(g *Generator) syslog.Log {
	a, p := g.admin(), g.fan()
	return event(syslog.LevelInfo, "MODERATION_"+g.one("WARNING_SENT", "COMMENT_REMOVED", "USER_SUSPENDED"), a.admin(),
		a.name+" moderated "+p.name, g.request(a, "POST /api/admin/moderation").with(fields{"targetId": p.id, "reason": g.one("propos déplacés", "spam", "harassment")}))
}

func configChanged(g *Generator) syslog.Log {
	a, key := g.admin(), g.one("payout.minimum", "booking.leadTime", "signup.open")
	return event(syslog.LevelInfo, "CONFIG_CHANGED", a.admin(), "Setting "+key+" changed",
		g.request(a, "PUT /api/admin/settings").with(fields{"key": key, "old": g.rnd.IntN(20), "new": g.rnd.IntN(20)}))
}

func personalDataExported(g *Generator) syslog.Log {
	a, p := g.admin(), g.fan()
	return event(syslog.LevelInfo, "GDPR_EXPORT", a.admin(), "Data of "+p.id+" exported", g.request(a, "POST /api/admin/exports").with(fields{"subjectId": p.id, "email": p.email}))
}

// one is one of several.
func (g *Generator) one(texts ...string) string { return texts[g.rnd.IntN(len(texts))] }

// price is an amount that a creator asks for.
func (g *Generator) price() float64 { return float64(15+5*g.often(30)) - float64(g.rnd.IntN(2))*0.1 }

// cents is a number below most, with two digits.
func (g *Generator) cents(most int) float64 { return float64(g.rnd.IntN(most*100)) / 100 }
