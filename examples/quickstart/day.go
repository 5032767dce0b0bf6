package main

import (
	"context"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

const dayEvents, agedEvents = 300, 90

// kind is an event that happens on such a day, and how often in a hundred.
type kind struct {
	weight  int
	level   syslog.LogLevel
	typ     string
	actor   syslog.LogActor
	message string // # is the thing's ID
	field   string // the metadata's name for the thing
	prefix  string // of its ID
}

var kinds = []kind{
	{26, syslog.LevelInfo, "AUTH_LOGIN", syslog.ActorUser, "User signed in", "sessionNo", "s_"},
	{6, syslog.LevelWarning, "AUTH_LOGIN", syslog.ActorGuest, "Sign-in failed", "attemptNo", "a_"},
	{14, syslog.LevelInfo, "BOOKING_CREATED", syslog.ActorUser, "Booking # created", "bookingId", "bk_"},
	{10, syslog.LevelInfo, "BOOKING_CONFIRMED", syslog.ActorCreator, "Booking # confirmed", "bookingId", "bk_"},
	{4, syslog.LevelWarning, "BOOKING_CANCELLED", syslog.ActorUser, "Booking # cancelled late", "bookingId", "bk_"},
	{12, syslog.LevelInfo, "PAYMENT_SUCCEEDED", syslog.ActorUser, "Payment # succeeded", "paymentId", "pay_"},
	{5, syslog.LevelError, "PAYMENT_FAILED", syslog.ActorUser, "Payment # declined by the bank", "paymentId", "pay_"},
	{11, syslog.LevelInfo, "WEBHOOK_STRIPE", syslog.ActorSystem, "Webhook # handled", "eventId", "evt_"},
	{2, syslog.LevelError, "WEBHOOK_STRIPE", syslog.ActorSystem, "Webhook # of an unknown payment", "eventId", "evt_"},
	{5, syslog.LevelInfo, "PAYOUT_REQUESTED", syslog.ActorCreator, "Payout # requested", "payoutId", "po_"},
	{3, syslog.LevelInfo, "ADMIN_PAYOUT_APPROVED", syslog.ActorAdmin, "Payout # approved", "payoutId", "po_"},
	{2, syslog.LevelCritical, "PAYMENT_MISMATCH", syslog.ActorSystem, "Payment # paid at Stripe only", "paymentId", "pay_"},
}

var regions = []string{"eu-west", "eu-south", "us-east"}

var people = map[syslog.LogActor][]string{
	syslog.ActorUser:    {"usr_ada", "usr_bob", "usr_eve", "usr_léo"},
	syslog.ActorCreator: {"cre_zoe", "cre_tom"},
	syslog.ActorAdmin:   {"adm_kim"},
	syslog.ActorSystem:  {""},
	syslog.ActorGuest:   {""},
}

// logDay logs events of the 24 hours before now, with the time they happened at.
func logDay(ctx context.Context, logger *syslog.Logger, rnd *rand.Rand, now time.Time) (int, error) {
	for range dayEvents {
		at := now.Add(-time.Minute - time.Duration(rnd.Int64N(int64(24*time.Hour-2*time.Minute))))
		if err := logOne(ctx, logger, rnd, draw(rnd), at); err != nil {
			return 0, err
		}
	}
	return dayEvents, nil
}

// logAged logs events of 31 to 100 days ago, as an import of an old system would,
// and of every kind as many.
func logAged(ctx context.Context, logger *syslog.Logger, rnd *rand.Rand, now time.Time) (int, error) {
	const day = 24 * time.Hour
	for range agedEvents {
		at := now.Add(-31*day - time.Duration(rnd.Int64N(int64(69*day))))
		if err := logOne(ctx, logger, rnd, kinds[rnd.IntN(len(kinds))], at); err != nil {
			return 0, err
		}
	}
	return agedEvents, nil
}

func logOne(ctx context.Context, logger *syslog.Logger, rnd *rand.Rand, k kind, at time.Time) error {
	ids := people[k.actor]
	thing := k.prefix + strconv.Itoa(1000+rnd.IntN(1000))
	return logger.Log(ctx, syslog.Log{
		Level: k.level, Type: k.typ, Actor: k.actor, ActorID: ids[rnd.IntN(len(ids))],
		Message: strings.Replace(k.message, "#", thing, 1), CreatedAt: at,
	}, syslog.Metadata{k.field: thing, "region": regions[rnd.IntN(len(regions))], "durationMs": 5 + rnd.IntN(400)})
}

// draw picks a kind by weight.
func draw(rnd *rand.Rand) kind {
	n := rnd.IntN(100)
	for _, k := range kinds {
		if n -= k.weight; n < 0 {
			return k
		}
	}
	return kinds[0]
}
