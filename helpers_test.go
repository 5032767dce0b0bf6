package syslog_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// calls has every helper once, on a logger; the package functions are the same.
type call struct {
	run   func(l *syslog.Logger, d ...syslog.Detail)
	pkg   func(d ...syslog.Detail)
	level syslog.LogLevel
	typ   string
	actor syslog.Actor
	meta  string
}

var errDown = errors.New("down")

func calls() map[string]call {
	c := context.Background()
	u, cr, ad, sys := syslog.User("u"), syslog.Creator("c"), syslog.Admin("a"), syslog.System()
	const info, warn, fail, crit = syslog.LevelInfo, syslog.LevelWarning, syslog.LevelError, syslog.LevelCritical
	return map[string]call{
		"Info":     {func(l *syslog.Logger, d ...syslog.Detail) { l.Info(c, "T", u, "m", d...) }, func(d ...syslog.Detail) { syslog.LogInfo(c, "T", u, "m", d...) }, info, "T", u, ``},
		"Warning":  {func(l *syslog.Logger, d ...syslog.Detail) { l.Warning(c, "T", u, "m", d...) }, func(d ...syslog.Detail) { syslog.LogWarning(c, "T", u, "m", d...) }, warn, "T", u, ``},
		"Error":    {func(l *syslog.Logger, d ...syslog.Detail) { l.Error(c, "T", u, "m", d...) }, func(d ...syslog.Detail) { syslog.LogError(c, "T", u, "m", d...) }, fail, "T", u, ``},
		"Critical": {func(l *syslog.Logger, d ...syslog.Detail) { l.Critical(c, "T", u, "m", d...) }, func(d ...syslog.Detail) { syslog.LogCritical(c, "T", u, "m", d...) }, crit, "T", u, ``},
		"Auth": {func(l *syslog.Logger, d ...syslog.Detail) { l.Auth(c, syslog.AuthPasswordReset, "u", true, d...) },
			func(d ...syslog.Detail) { syslog.LogAuth(c, syslog.AuthPasswordReset, "u", true, d...) }, info, "AUTH_PASSWORD_RESET", u, `{"success":true}`},
		"Auth failed": {func(l *syslog.Logger, d ...syslog.Detail) { l.Auth(c, syslog.AuthLogin, "", false, d...) },
			func(d ...syslog.Detail) { syslog.LogAuth(c, syslog.AuthLogin, "", false, d...) }, warn, "AUTH_LOGIN", syslog.Guest(), `{"success":false}`},
		"UserAction":    {func(l *syslog.Logger, d ...syslog.Detail) { l.UserAction(c, "X", "u", "m", d...) }, func(d ...syslog.Detail) { syslog.LogUserAction(c, "X", "u", "m", d...) }, info, "USER_X", u, ``},
		"CreatorAction": {func(l *syslog.Logger, d ...syslog.Detail) { l.CreatorAction(c, "X", "c", "m", d...) }, func(d ...syslog.Detail) { syslog.LogCreatorAction(c, "X", "c", "m", d...) }, info, "CREATOR_X", cr, ``},
		"AdminAction":   {func(l *syslog.Logger, d ...syslog.Detail) { l.AdminAction(c, "X", "a", "m", d...) }, func(d ...syslog.Detail) { syslog.LogAdminAction(c, "X", "a", "m", d...) }, info, "ADMIN_X", ad, ``},
		"System":        {func(l *syslog.Logger, d ...syslog.Detail) { l.System(c, "X", "m", d...) }, func(d ...syslog.Detail) { syslog.LogSystem(c, "X", "m", d...) }, info, "SYSTEM_X", sys, ``},
		"Booking": {func(l *syslog.Logger, d ...syslog.Detail) { l.Booking(c, syslog.BookingCreated, "bk", "u", "c", d...) },
			func(d ...syslog.Detail) { syslog.LogBooking(c, syslog.BookingCreated, "bk", "u", "c", d...) }, info, "BOOKING_CREATED", u, `{"bookingId":"bk","creatorId":"c"}`},
		"Payment": {func(l *syslog.Logger, d ...syslog.Detail) {
			l.PaymentEvent(c, syslog.PaymentSucceeded, "p", "u", 49.9, "EUR", d...)
		},
			func(d ...syslog.Detail) {
				syslog.LogPaymentEvent(c, syslog.PaymentSucceeded, "p", "u", 49.9, "EUR", d...)
			}, info, "PAYMENT_SUCCEEDED", u, `{"paymentId":"p","amount":49.9,"currency":"EUR"}`},
		"Payment failed": {func(l *syslog.Logger, d ...syslog.Detail) {
			l.PaymentEvent(c, syslog.PaymentFailed, "p", "u", 50, "EUR", d...)
		},
			func(d ...syslog.Detail) { syslog.LogPaymentEvent(c, syslog.PaymentFailed, "p", "u", 50, "EUR", d...) }, fail, "PAYMENT_FAILED", u, `{"paymentId":"p","amount":50,"currency":"EUR"}`},
		"Payout": {func(l *syslog.Logger, d ...syslog.Detail) {
			l.PayoutEvent(c, syslog.PayoutApproved, "p", "c", 500, "EUR", d...)
		},
			func(d ...syslog.Detail) { syslog.LogPayoutEvent(c, syslog.PayoutApproved, "p", "c", 500, "EUR", d...) }, info, "PAYOUT_APPROVED", cr, `{"payoutId":"p","amount":500,"currency":"EUR"}`},
		"Payout rejected": {func(l *syslog.Logger, d ...syslog.Detail) {
			l.PayoutEvent(c, syslog.PayoutRejected, "p", "c", 500, "EUR", d...)
		},
			func(d ...syslog.Detail) { syslog.LogPayoutEvent(c, syslog.PayoutRejected, "p", "c", 500, "EUR", d...) }, fail, "PAYOUT_REJECTED", cr, `{"payoutId":"p","amount":500,"currency":"EUR"}`},
		"Webhook": {func(l *syslog.Logger, d ...syslog.Detail) {
			l.WebhookEvent(c, "stripe", "payout.paid", true, d...)
		},
			func(d ...syslog.Detail) { syslog.LogWebhookEvent(c, "stripe", "payout.paid", true, d...) }, info, "WEBHOOK_STRIPE", sys, `{"eventType":"payout.paid","success":true}`},
		"Webhook failed": {func(l *syslog.Logger, d ...syslog.Detail) { l.WebhookEvent(c, "Daily.co", "x", false, d...) },
			func(d ...syslog.Detail) { syslog.LogWebhookEvent(c, "Daily.co", "x", false, d...) }, fail, "WEBHOOK_DAILY.CO", sys, `{"eventType":"x","success":false}`},
		"Moderation": {func(l *syslog.Logger, d ...syslog.Detail) { l.ModerationAction(c, "BAN", "a", "t", "m", d...) },
			func(d ...syslog.Detail) { syslog.LogModerationAction(c, "BAN", "a", "t", "m", d...) }, info, "MODERATION_BAN", ad, `{"targetId":"t"}`},
		"ConfigChange": {func(l *syslog.Logger, d ...syslog.Detail) { l.ConfigChange(c, "fee", "a", 10, []int{1}, d...) },
			func(d ...syslog.Detail) { syslog.LogConfigChange(c, "fee", "a", 10, []int{1}, d...) }, info, "CONFIG_CHANGED", ad, `{"key":"fee","old":10,"new":[1]}`},
		"ConfigChange of a secret": {func(l *syslog.Logger, d ...syslog.Detail) {
			l.ConfigChange(c, "stripe.secretKey", "a", "sk_1", "sk_2", d...)
		},
			func(d ...syslog.Detail) { syslog.LogConfigChange(c, "stripe.secretKey", "a", "sk_1", "sk_2", d...) }, info, "CONFIG_CHANGED", ad, `{"key":"stripe.secretKey","old":"[REDACTED]","new":"[REDACTED]"}`},
		"Migration": {func(l *syslog.Logger, d ...syslog.Detail) { l.DataMigration(c, "m1", true, d...) }, func(d ...syslog.Detail) { syslog.LogDataMigration(c, "m1", true, d...) }, info, "DATA_MIGRATION", sys, `{"migration":"m1","success":true}`},
		"Migration failed": {func(l *syslog.Logger, d ...syslog.Detail) { l.DataMigration(c, "m1", false, d...) },
			func(d ...syslog.Detail) { syslog.LogDataMigration(c, "m1", false, d...) }, fail, "DATA_MIGRATION", sys, `{"migration":"m1","success":false}`},
		"Export": {func(l *syslog.Logger, d ...syslog.Detail) { l.DataExport(c, "s", "a", d...) }, func(d ...syslog.Detail) { syslog.LogDataExport(c, "s", "a", d...) }, info, "GDPR_EXPORT", ad, `{"subjectId":"s"}`},
	}
}

func TestHelpers(t *testing.T) {
	for name, c := range calls() {
		t.Run(name, func(t *testing.T) {
			st := &memory{}
			l := open(t, st, syslog.Config{})
			defer syslog.SetDefault(l)()
			c.run(l)
			c.pkg()
			require.NoError(t, l.Flush(ctx()))
			logs := st.all()
			require.Len(t, logs, 2)
			for _, g := range logs {
				require.Equal(t, c.level, g.Level)
				require.Equal(t, c.typ, g.Type)
				require.Equal(t, c.actor, syslog.Actor{Kind: g.Actor, ID: g.ActorID})
				require.NotEmpty(t, g.Message)
				if c.meta == "" {
					require.Nil(t, g.Metadata)
				} else {
					require.JSONEq(t, c.meta, string(g.Metadata))
				}
			}
			require.Equal(t, logs[0].Message, logs[1].Message)
		})
	}
}

func TestDetailsWinInOrderAndHelpersOverAll(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	l.Booking(ctx(), syslog.BookingCreated, "bk_1", "u", "c",
		syslog.Metadata{"price": 1, "bookingId": "forged", "a": 1}, nil, syslog.AtLevel(syslog.LevelError),
		syslog.Metadata{"price": 2}, syslog.AtLevel(syslog.LevelCritical))
	require.NoError(t, l.Flush(ctx()))
	g := st.all()[0]
	require.Equal(t, syslog.LevelCritical, g.Level)
	require.Equal(t, "Booking bk_1 created", g.Message)
	require.JSONEq(t, `{"price":2,"a":1,"bookingId":"bk_1","creatorId":"c"}`, string(g.Metadata))
}

func TestAPIError(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	l.APIError(ctx(), "/api/bookings", errDown, syslog.User("u"), syslog.Metadata{"action": "CREATE"})
	l.APIError(ctx(), "/x", nil, syslog.Actor{})
	l.APIError(ctx(), "/x", (*typedNil)(nil), syslog.Actor{})
	require.NoError(t, l.Flush(ctx()))
	logs := st.all()
	var m map[string]string
	require.NoError(t, json.Unmarshal(logs[0].Metadata, &m))
	require.Equal(t, "down", m["errorMessage"])
	require.Equal(t, "*errors.errorString", m["errorType"])
	require.Contains(t, m["errorStack"], "TestAPIError")
	require.NotContains(t, m["errorStack"], "syslog.(*Logger)")
	require.Equal(t, "CREATE", m["action"])
	require.Equal(t, syslog.ActorUser, logs[0].Actor)
	require.Equal(t, syslog.ActorSystem, logs[1].Actor)
	require.Contains(t, string(logs[1].Metadata), `"errorMessage":""`)
	require.Contains(t, string(logs[2].Metadata), `"errorMessage":"<nil>"`)
}

type typedNil struct{ s string }

func (e *typedNil) Error() string { return e.s }

func TestAmountThatIsNoNumber(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	l.PaymentEvent(ctx(), syslog.PaymentFailed, "p", "u", math.NaN(), "EUR")
	require.NoError(t, l.Flush(ctx()))
	require.Contains(t, string(st.all()[0].Metadata), "_encodeError")
}
