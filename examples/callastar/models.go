package main

import "time"

// The service's own tables. Money is in cents.

// Roles of a user.
const (
	roleUser    = "USER"
	roleCreator = "CREATOR"
	roleAdmin   = "ADMIN"
)

// User is somebody who can sign in.
type User struct {
	ID           string `json:"id"`
	Email        string `json:"email" gorm:"uniqueIndex"`
	Role         string `json:"role"`
	PasswordHash string `json:"-"`
}

// CallOffer is a time at which a creator can be called.
type CallOffer struct {
	ID        string    `json:"id"`
	CreatorID string    `json:"creatorId"`
	Cents     int64     `json:"cents"`
	Currency  string    `json:"currency"`
	At        time.Time `json:"dateTime"`
}

// Booking is an offer taken by a user. An offer can be taken once.
type Booking struct {
	ID          string    `json:"id"`
	CallOfferID string    `json:"callOfferId" gorm:"uniqueIndex"`
	UserID      string    `json:"userId"`
	CreatorID   string    `json:"creatorId"`
	CreatedAt   time.Time `json:"createdAt"`
}

// Payment is known at Stripe under ID, and paid once Stripe says so.
type Payment struct {
	ID       string
	UserID   string
	Cents    int64
	Currency string
	Status   string
}

// States of a payout.
const (
	payoutRequested = "REQUESTED"
	payoutApproved  = "APPROVED"
	payoutFailed    = "FAILED"
)

// Payout is what a creator asked to be paid out.
type Payout struct {
	ID        string `json:"id"`
	CreatorID string `json:"creatorId"`
	Cents     int64  `json:"cents"`
	Currency  string `json:"currency"`
	Status    string `json:"status"`
}

// StripeEvent is a webhook that was handled. Its key keeps it from being handled
// again.
type StripeEvent struct {
	ID        string
	Type      string
	CreatedAt time.Time
}
