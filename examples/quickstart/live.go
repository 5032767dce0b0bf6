package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"github.com/callastar/syslog"
)

// logLive calls every method that writes, once, and returns how many events that
// makes.
func logLive(ctx context.Context, logger *syslog.Logger) (int, error) {
	// Who did what.
	logger.Auth(ctx, syslog.AuthLogin, "usr_ada", true, syslog.Metadata{"ipAddress": "203.0.113.7"})
	logger.UserAction(ctx, "PROFILE_UPDATED", "usr_ada", "User changed name and picture",
		syslog.Metadata{"updatedFields": []string{"name", "picture"}})
	logger.CreatorAction(ctx, "OFFER_CREATED", "cre_zoe", "Creator offers calls of 30 minutes",
		syslog.Metadata{"offerId": "off_77", "price": 50, "duration": 30})
	logger.AdminAction(ctx, "FEE_WAIVED", "adm_kim", "Admin waived the fee of July",
		syslog.Metadata{"creatorId": "cre_zoe"})
	logger.ModerationAction(ctx, "HIDDEN", "adm_kim", "cre_tom", "Profile hidden after 3 reports")

	// The life of a booking, a payment and a payout.
	logger.Booking(ctx, syslog.BookingCreated, "bk_2048", "usr_ada", "cre_zoe",
		syslog.Attrs(slog.Int("price", 50), slog.String("currency", "EUR")))
	logger.PaymentEvent(ctx, syslog.PaymentSucceeded, "pay_2048", "usr_ada", 50, "EUR")
	logger.PayoutEvent(ctx, syslog.PayoutRejected, "po_311", "cre_tom", 120.50, "EUR",
		syslog.Metadata{"reason": "IBAN does not match the name"})

	// The service itself, and its neighbours.
	logger.WebhookEvent(ctx, "stripe", "payment_intent.succeeded", true, syslog.Metadata{"eventId": "evt_1"})
	logger.APIError(ctx, "/api/bookings", errors.New("database is locked"), syslog.User("usr_bob"))
	logger.System(ctx, "BACKUP_DONE", "Nightly backup completed",
		syslog.Metadata{"bytes": 2_500_000_000}, syslog.AtLevel(syslog.LevelInfo))
	logger.ConfigChange(ctx, "payout.minimum", "adm_kim", 20, 25)
	logger.DataMigration(ctx, "add_currency", true)
	logger.DataExport(ctx, "usr_bob", "adm_kim")

	// Anything else, at each of the four levels.
	logger.Info(ctx, "NEWSLETTER_SENT", syslog.System(), "Newsletter sent to 1204 users")
	logger.Warning(ctx, "RATE_LIMIT_NEAR", syslog.User("usr_bob"), "95 of 100 requests in a minute")
	logger.Error(ctx, "MAIL_BOUNCED", syslog.System(), "Mail to usr_eve bounced")
	logger.Critical(ctx, "LEDGER_MISMATCH", syslog.System(), "Ledger and Stripe differ by 12 EUR",
		syslog.Metadata{"table": "payments", "rows": 2})

	// A standard log/slog logger, and the default logger at package level.
	slog.New(logger.Handler()).Warn("Slow query", "type", "SLOW_QUERY", "ms", 812)
	restore := syslog.SetDefault(logger)
	syslog.LogUserAction(ctx, "SIGNED_UP", "usr_fay", "User signed up")
	restore()

	// Any event as a value: Log says if it was refused, Commit waits until it is stored.
	err := logger.Log(ctx, syslog.Log{Type: "IMPORT_DONE", Message: "Import of the old system done"})
	if err != nil {
		return 0, err
	}
	err = logger.Commit(ctx, syslog.Log{
		Type: "TERMS_ACCEPTED", Actor: syslog.ActorCreator, ActorID: "cre_zoe",
		Message: "Creator accepted the terms", Metadata: json.RawMessage(`{"version":7}`),
	})
	return 22, err
}
