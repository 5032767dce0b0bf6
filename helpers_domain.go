package syslog

import (
	"context"
	"log/slog"
	"strings"

	"github.com/callastar/syslog/internal/jsonenc"
)

// BookingAction is what [Logger.Booking] records. Other values may be used.
type BookingAction string

// The life of a booking.
const (
	BookingCreated   BookingAction = "CREATED"
	BookingConfirmed BookingAction = "CONFIRMED"
	BookingCancelled BookingAction = "CANCELLED"
	BookingCompleted BookingAction = "COMPLETED"
)

// Booking records BOOKING_<action>, INFO, by the user. It adds bookingId and
// creatorId.
func (l *Logger) Booking(ctx context.Context, action BookingAction, bookingID, userID, creatorID string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"BOOKING_", string(action)}, actor: User(userID)}
	d.message = [5]string{"Booking ", bookingID, " ", lower(string(action))}
	d.add("bookingId", slog.StringValue(bookingID))
	d.add("creatorId", slog.StringValue(creatorID))
	_ = l.record(ctx, &d, details)
}

// PaymentAction is what [Logger.PaymentEvent] records. Other values may be used.
type PaymentAction string

// The life of a payment.
const (
	PaymentInitiated PaymentAction = "INITIATED"
	PaymentSucceeded PaymentAction = "SUCCEEDED"
	PaymentFailed    PaymentAction = "FAILED"
	PaymentRefunded  PaymentAction = "REFUNDED"
)

// PaymentEvent records PAYMENT_<action>, INFO, or ERROR for FAILED, by the user.
// It adds paymentId, amount and currency.
func (l *Logger) PaymentEvent(ctx context.Context, action PaymentAction, paymentID, userID string, amount float64, currency string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"PAYMENT_", string(action)}, actor: User(userID)}
	if action == PaymentFailed {
		d.level = LevelError
	}
	d.message = [5]string{"Payment ", paymentID, " ", lower(string(action))}
	d.add("paymentId", slog.StringValue(paymentID))
	d.add("amount", slog.Float64Value(amount))
	d.add("currency", slog.StringValue(currency))
	_ = l.record(ctx, &d, details)
}

// PayoutAction is what [Logger.PayoutEvent] records. Other values may be used.
type PayoutAction string

// The life of a payout.
const (
	PayoutRequested PayoutAction = "REQUESTED"
	PayoutApproved  PayoutAction = "APPROVED"
	PayoutRejected  PayoutAction = "REJECTED"
	PayoutPaid      PayoutAction = "PAID"
	PayoutFailed    PayoutAction = "FAILED"
)

// PayoutEvent records PAYOUT_<action>, INFO, or ERROR for FAILED and REJECTED, by
// the creator. It adds payoutId, amount and currency.
func (l *Logger) PayoutEvent(ctx context.Context, action PayoutAction, payoutID, creatorID string, amount float64, currency string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"PAYOUT_", string(action)}, actor: Creator(creatorID)}
	if action == PayoutFailed || action == PayoutRejected {
		d.level = LevelError
	}
	d.message = [5]string{"Payout ", payoutID, " ", lower(string(action))}
	d.add("payoutId", slog.StringValue(payoutID))
	d.add("amount", slog.Float64Value(amount))
	d.add("currency", slog.StringValue(currency))
	_ = l.record(ctx, &d, details)
}

// ModerationAction records MODERATION_<action>, INFO, by the moderator, who is an
// admin. It adds targetId.
func (l *Logger) ModerationAction(ctx context.Context, action, moderatorID, targetID, message string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"MODERATION_", action}, actor: Admin(moderatorID), message: [5]string{message}}
	d.add("targetId", slog.StringValue(targetID))
	_ = l.record(ctx, &d, details)
}

// ConfigChange records CONFIG_CHANGED, INFO, by the admin. It adds key, old and
// new; the values are redacted where the key's name asks for it.
func (l *Logger) ConfigChange(ctx context.Context, key, adminID string, old, new any, details ...Detail) {
	if l == nil {
		return
	}
	d := draft{level: LevelInfo, typ: [2]string{"CONFIG_CHANGED"}, actor: Admin(adminID)}
	d.message = [5]string{"Setting ", key, " changed"}
	d.add("key", slog.StringValue(key))
	if l.enc.redact.Match(key) {
		old, new = redacted, redacted
	}
	d.add("old", slog.AnyValue(old))
	d.add("new", slog.AnyValue(new))
	_ = l.record(ctx, &d, details)
}

// DataMigration records DATA_MIGRATION, INFO, or ERROR when it failed, by the
// service. It adds migration and success.
func (l *Logger) DataMigration(ctx context.Context, name string, success bool, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"DATA_MIGRATION"}, actor: System()}
	d.message = [5]string{"Data migration ", name, " succeeded"}
	if !success {
		d.level, d.message[2] = LevelError, " failed"
	}
	d.add("migration", slog.StringValue(name))
	d.add("success", slog.BoolValue(success))
	_ = l.record(ctx, &d, details)
}

// DataExport records GDPR_EXPORT, INFO, by the admin who exported the data of a
// person. It adds subjectId.
func (l *Logger) DataExport(ctx context.Context, subjectID, adminID string, details ...Detail) {
	d := draft{level: LevelInfo, typ: [2]string{"GDPR_EXPORT"}, actor: Admin(adminID)}
	d.message = [5]string{"Data of ", subjectID, " exported"}
	d.add("subjectId", slog.StringValue(subjectID))
	_ = l.record(ctx, &d, details)
}

const redacted = jsonenc.Redacted

// lower is the action as a word of a message, without allocating for the ones
// that this package names.
func lower(action string) string {
	switch action {
	case "CREATED":
		return "created"
	case "CONFIRMED":
		return "confirmed"
	case "CANCELLED":
		return "cancelled"
	case "COMPLETED":
		return "completed"
	case "INITIATED":
		return "initiated"
	case "SUCCEEDED":
		return "succeeded"
	case "FAILED":
		return "failed"
	case "REFUNDED":
		return "refunded"
	case "REQUESTED":
		return "requested"
	case "APPROVED":
		return "approved"
	case "REJECTED":
		return "rejected"
	case "PAID":
		return "paid"
	}
	return strings.ToLower(cutText(action, MaxType))
}
