package main

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// actorIDs is how many actors there are; hotActor is one of them, who does a
// twentieth of everything, and rareActor did something ten times.
const (
	actorIDs  = 20_000
	hotActor  = "usr_00000"
	rareActor = "usr_rare"
)

// Words in the ten messages that are rare. The letters k and s have variants beyond
// ASCII, for which the store searches in another way.
const (
	rareWord     = "dunning"
	rareWordWith = "chargeback"
)

var types = []string{
	"USER_LOGIN", "USER_PROFILE_UPDATED", "BOOKING_CREATED", "BOOKING_CONFIRMED", "BOOKING_CANCELLED", "BOOKING_COMPLETED",
	"PAYMENT_INITIATED", "PAYMENT_SUCCEEDED", "PAYMENT_FAILED", "PAYOUT_REQUESTED", "PAYOUT_APPROVED", "WEBHOOK_STRIPE",
	"AUTH_LOGIN", "AUTH_LOGOUT", "AUTH_REGISTER", "API_ERROR", "MODERATION_REVIEW", "CONFIG_CHANGED", "SYSTEM_CRON", "GDPR_EXPORT",
}

// scramble makes of a number one that looks random: splitmix64's last step.
func scramble(i int) uint64 {
	z := uint64(i)*0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// actorOf is who did event i: of a hundred, ten are of the system, ten of creators and
// one of an administrator.
func actorOf(h uint64) syslog.Actor {
	id := "usr_" + strconv.Itoa(100_000 + int(h>>32%actorIDs))[1:]
	switch n := h % 100; {
	case n < 5:
		return syslog.User(hotActor)
	case n < 15:
		return syslog.System()
	case n < 25:
		return syslog.Creator(id)
	case n < 26:
		return syslog.Admin(id)
	}
	return syslog.User(id)
}

// levelAt: of a hundred events 90 are INFO, 6 WARNING, 3 ERROR, one CRITICAL.
func levelAt(h uint64) syslog.LogLevel {
	switch n := h >> 8 % 100; {
	case n < 90:
		return syslog.LevelInfo
	case n < 96:
		return syslog.LevelWarning
	case n < 99:
		return syslog.LevelError
	}
	return syslog.LevelCritical
}

// record has a logger record event i, as hosts do: by Log with a map, or by a
// helper with attributes. Both carry five fields.
func record(ctx context.Context, l *syslog.Logger, i int) error {
	h := scramble(i)
	id := strconv.FormatUint(h>>40, 36)
	if i%2 == 0 {
		a := actorOf(h)
		return l.Log(ctx, syslog.Log{
			Level: levelAt(h), Type: types[h>>16%uint64(len(types))], Actor: a.Kind, ActorID: a.ID, Message: "Booking bk_" + id + " confirmed by its creator",
		}, syslog.Metadata{"bookingId": "bk_" + id, "price": 49.9, "currency": "EUR", "attempt": i % 7, "ip": "203.0.113.9"})
	}
	l.UserAction(ctx, "PROFILE_UPDATED", "usr_"+strconv.Itoa(100_000 + int(h>>32%actorIDs))[1:], "Profile of "+id+" updated", syslog.Attrs(
		slog.String("field", "displayName"), slog.Int("attempt", i%7), slog.Bool("verified", true),
		slog.String("ip", "203.0.113.9"), slog.String("userAgent", "Mozilla/5.0 (X11; Linux x86_64)")))
	return nil
}

// history is events of the past, oldest first: n of them, from start on, one each
// step. rare is how many events lie between two rare ones.
type history struct {
	start time.Time
	step  time.Duration
	rare  int
	// lacks has no event of the system and none of level INFO, which no index has.
	lacks bool
}

// pastMonth is a month of n events, ten of them rare.
func pastMonth(n int) history {
	return history{
		start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), step: 30 * 24 * time.Hour / time.Duration(n), rare: max(1, n/10),
	}
}

func (p history) at(i int) time.Time {
	return p.start.Add(time.Duration(i) * p.step).Truncate(time.Millisecond)
}

// id sorts like the time, as the library's do, and knows no process.
func (p history) id(i int) string { return fmt.Sprintf("01HZ%010d%012X", i, scramble(i)>>16) }

// event is event i of the past, as a store has it.
func (p history) event(i int) syslog.Log {
	h := scramble(i)
	a := actorOf(h)
	ref := strconv.FormatUint(h>>40, 36)
	l := syslog.Log{
		ID: p.id(i), Level: levelAt(h), Type: types[h>>16%uint64(len(types))], Actor: a.Kind, ActorID: a.ID,
		Message: "Booking bk_" + ref + " confirmed by its creator", CreatedAt: p.at(i).UTC(),
		Metadata: []byte(`{"bookingId":"bk_` + ref + `","price":49.9,"currency":"EUR","attempt":` + strconv.Itoa(i%7) + `,"ip":"203.0.113.9"}`),
	}
	if p.rare > 0 && i%p.rare == p.rare/2 {
		l.Actor, l.ActorID, l.Message = syslog.ActorUser, rareActor, "Payment pm_"+ref+" met a "+rareWordWith+", "+rareWord+" began"
	}
	if p.lacks && l.Actor == syslog.ActorSystem {
		l.Actor, l.ActorID = syslog.ActorUser, "usr_00001"
	}
	if p.lacks && l.Level == syslog.LevelInfo {
		l.Level = syslog.LevelWarning
	}
	return l
}

// batches calls write with events from to to, a batch at a time.
func (p history) batches(from, to, size int, write func(logs []syslog.Log) error) error {
	for ; from < to; from += size {
		logs := make([]syslog.Log, 0, size)
		for i := from; i < min(from+size, to); i++ {
			logs = append(logs, p.event(i))
		}
		if err := write(logs); err != nil {
			return err
		}
	}
	return nil
}
