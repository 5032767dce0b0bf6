package main

import (
	"io"
	"strings"
)

// guideText is lines to paste into a shell.
const guideText = `Callastar listens on URL   (Ctrl-C stops it)

# sign in, as a user and as an administrator
token() { sed 's/.*"token":"\([^"]*\)".*/\1/'; }
user=$(curl -s URL/api/auth/login -d '{"email":"ada@example.com","password":"correct horse"}' | token)
admin=$(curl -s URL/api/auth/login -d '{"email":"kim@example.com","password":"kim signs payouts"}' | token)
curl -s URL/api/auth/login -d '{"email":"ada@example.com","password":"wrong"}'

# book a call; the second time it is taken
curl -s URL/api/bookings -H "Authorization: Bearer $user" -d '{"callOfferId":"off_1"}'

# what Stripe would send; the second time it is a replay
f=examples/callastar/testdata/payment_intent.succeeded.json t=$(date +%s)
v1=$( { printf '%s.' $t; cat $f; } | openssl dgst -sha256 -hmac "${STRIPE_WEBHOOK_SECRET:-whsec_demo}" | sed 's/.* //')
curl -s URL/api/payments/webhook -H "Stripe-Signature: t=$t,v1=$v1" --data-binary @$f

# approve a payout: the user may not, the administrator may
curl -s -X POST URL/api/admin/payouts/po_1/approve -H "Authorization: Bearer $user"
curl -s -X POST URL/api/admin/payouts/po_1/approve -H "Authorization: Bearer $admin"

`

func guide(w io.Writer, url string) error {
	_, err := io.WriteString(w, strings.ReplaceAll(guideText, "URL", url))
	return err
}
