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

# read what was logged, delete some of it, and clean up as a scheduler would
curl -s "URL/api/admin/system-logs?level=WARNING,ERROR&limit=5" -H "Authorization: Bearer $admin"
curl -s -X DELETE URL/api/admin/system-logs -H "Authorization: Bearer $admin" -H 'Content-Type: application/json' \
  -d '{"deleteType":"filters","type":"ACCESS_DENIED"}'
curl -s -X POST URL/api/cron/cleanup-logs -H "Authorization: Bearer ${CRON_SECRET:-cron_demo}"

`

func guide(w io.Writer, url string) error {
	_, err := io.WriteString(w, strings.ReplaceAll(guideText, "URL", url))
	return err
}
