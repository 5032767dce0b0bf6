package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// stripeEvent is what the service reads of Stripe's Event object.
type stripeEvent struct {
	ID   string
	Type string
	Data struct{ Object stripeObject }
}

// stripeObject is what it reads of a PaymentIntent and of a Payout.
type stripeObject struct {
	Object         string
	ID             string
	Amount         int64 // in the currency's smallest unit
	Currency       string
	FailureCode    string `json:"failure_code"`
	FailureMessage string `json:"failure_message"`
}

func parseStripeEvent(payload []byte) (ev stripeEvent, err error) {
	if err := json.Unmarshal(payload, &ev); err != nil {
		return ev, fmt.Errorf("not an event: %w", err)
	}
	if ev.ID == "" || ev.Type == "" {
		return ev, errors.New("not an event: no id or no type")
	}
	return ev, nil
}

// errMismatch: Stripe and this service do not agree about money.
var errMismatch = errors.New("amount or currency differs from ours")

// tell logs what an event of Stripe's meant, once that is certain.
type tell func(ctx context.Context)

// handleStripe applies an event exactly once, however often it comes. For an event
// that was applied before, replayed is true and nothing is done.
func (a *app) handleStripe(ctx context.Context, ev stripeEvent) (told tell, replayed bool, err error) {
	err = a.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		res := tx.Clauses(clause.OnConflict{DoNothing: true}).
			Create(&StripeEvent{ID: ev.ID, Type: ev.Type, CreatedAt: a.now().UTC()})
		if replayed = res.RowsAffected == 0; res.Error != nil || replayed {
			return res.Error
		}
		switch ev.Type {
		case "payment_intent.succeeded":
			told, err = a.paymentSucceeded(tx, ev.Data.Object)
		case "payout.failed":
			told, err = a.payoutFailed(tx, ev.Data.Object)
		}
		return err // rolls back, also that the event was seen: Stripe sends it again
	})
	return told, replayed, err
}

func (a *app) paymentSucceeded(tx *gorm.DB, o stripeObject) (tell, error) {
	var p Payment
	if err := tx.Take(&p, "id = ?", o.ID).Error; err != nil {
		return nil, fmt.Errorf("payment %q: %w", o.ID, err)
	}
	if p.Cents != o.Amount || !strings.EqualFold(p.Currency, o.Currency) {
		return nil, fmt.Errorf("payment %q: %w", o.ID, errMismatch)
	}
	if err := tx.Model(&p).Update("status", "SUCCEEDED").Error; err != nil {
		return nil, err
	}
	return func(ctx context.Context) {
		a.logger.PaymentEvent(ctx, syslog.PaymentSucceeded, p.ID, p.UserID, amount(p.Cents), p.Currency)
	}, nil
}

func (a *app) payoutFailed(tx *gorm.DB, o stripeObject) (tell, error) {
	var p Payout
	if err := tx.Take(&p, "id = ?", o.ID).Error; err != nil {
		return nil, fmt.Errorf("payout %q: %w", o.ID, err)
	}
	if err := tx.Model(&p).Update("status", payoutFailed).Error; err != nil {
		return nil, err
	}
	return func(ctx context.Context) {
		a.logger.PayoutEvent(ctx, syslog.PayoutFailed, p.ID, p.CreatorID, amount(p.Cents), p.Currency,
			syslog.Metadata{"failureCode": o.FailureCode, "failureMessage": o.FailureMessage})
	}, nil
}
