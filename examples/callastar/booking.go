package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/callastar/syslog"
	"gorm.io/gorm"
)

// createBooking takes an offer: POST /api/bookings {"callOfferId":…}.
func (a *app) createBooking(w http.ResponseWriter, r *http.Request, who session) {
	var in struct{ CallOfferID string }
	if err := decode(w, r, &in); err != nil {
		fail(w, http.StatusBadRequest, err.Error())
		return
	}
	b, err := a.book(r.Context(), who.userID, in.CallOfferID)
	if err == nil {
		reply(w, http.StatusCreated, map[string]any{"success": true, "booking": b})
		return
	}
	details := []syslog.Detail{syslog.Metadata{"action": "CREATE_BOOKING", "callOfferId": in.CallOfferID}}
	status, message := http.StatusInternalServerError, "booking failed"
	if no, ok := errors.AsType[refusal](err); ok {
		status, message = no.status, no.message
		details = append(details, syslog.AtLevel(syslog.LevelWarning)) // nothing is broken
	}
	a.logger.APIError(r.Context(), "/api/bookings", err, who.actor(), details...)
	fail(w, status, message)
}

// book stores the booking and the event that tells of it in one transaction:
// there is never the one without the other.
func (a *app) book(ctx context.Context, userID, offerID string) (b Booking, err error) {
	err = a.gorm.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var offer CallOffer
		if err := tx.Take(&offer, "id = ?", offerID).Error; errors.Is(err, gorm.ErrRecordNotFound) {
			return refusal{http.StatusNotFound, "no such call offer"}
		} else if err != nil {
			return err
		}
		b = Booking{
			ID: "bk_" + rand.Text(), CallOfferID: offer.ID, UserID: userID, CreatorID: offer.CreatorID,
			CreatedAt: a.now().UTC(),
		}
		var taken int64 // nobody can take it in between: SQLite has one writer
		if err := tx.Model(&Booking{}).Where("call_offer_id = ?", offer.ID).Count(&taken).Error; err != nil {
			return err
		} else if taken > 0 {
			return refusal{http.StatusConflict, "the call offer is taken"}
		}
		if err := tx.Create(&b).Error; err != nil {
			return err
		}
		event, err := bookingCreated(b, offer)
		if err != nil {
			return err
		}
		return a.events.WriteTx(tx, event)
	})
	return b, err
}

// bookingCreated is the event that Logger.Booking would record.
func bookingCreated(b Booking, offer CallOffer) (syslog.Log, error) {
	metadata, err := json.Marshal(map[string]any{
		"bookingId": b.ID, "creatorId": b.CreatorID, "callOfferId": offer.ID,
		"price": amount(offer.Cents), "currency": offer.Currency, "dateTime": offer.At,
	})
	return syslog.Log{
		Type: "BOOKING_CREATED", Actor: syslog.ActorUser, ActorID: b.UserID,
		Message: "Booking " + b.ID + " created", Metadata: metadata,
	}, err
}

// amount is cents in the currency's own unit, as the log's helpers take it.
func amount(cents int64) float64 { return float64(cents) / 100 }
