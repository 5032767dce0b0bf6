package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// stripeTolerance is how far a webhook's time may be off. It bounds how long
// somebody who got hold of one can send it again.
const stripeTolerance = 5 * time.Minute

var (
	errNoSignature  = errors.New("no usable Stripe-Signature header")
	errBadSignature = errors.New("no signature matches")
	errExpired      = errors.New("timestamp outside the tolerance of 5 minutes")
)

// verifyStripe checks the header "t=<seconds>,v1=<hex>[,v1=<hex>…]" against the
// body as it was received. There are several v1 while a secret is being replaced;
// one must match.
func verifyStripe(header string, payload []byte, secret string, now time.Time) error {
	var seconds string
	var signatures [][]byte
	for part := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch key {
		case "t":
			seconds = value
		case "v1":
			if mac, err := hex.DecodeString(value); err == nil {
				signatures = append(signatures, mac)
			}
		}
	}
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || len(signatures) == 0 {
		return errNoSignature
	}
	want := stripeMAC(seconds, payload, secret)
	matches := false
	for _, mac := range signatures {
		matches = hmac.Equal(mac, want) || matches // in constant time
	}
	if !matches {
		return errBadSignature
	}
	if age := now.Sub(time.Unix(unix, 0)); age.Abs() > stripeTolerance {
		return errExpired
	}
	return nil
}

// stripeMAC is HMAC-SHA256 over "t.payload".
func stripeMAC(seconds string, payload []byte, secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(seconds + "."))
	mac.Write(payload)
	return mac.Sum(nil)
}

// signStripe makes the header that Stripe would send.
func signStripe(payload []byte, secret string, at time.Time) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	return fmt.Sprintf("t=%s,v1=%x", seconds, stripeMAC(seconds, payload, secret))
}
