package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/callastar/syslog/examples/callastar/demo"
)

// guideText is lines to paste into a shell, all of it or one by one: what is said between
// them is comments. A test runs it.
const guideText = `# Callastar listens on URL    Ctrl-C stops it
#
#   the activity log    URL/dashboard/admin/system-logs/
#   sign in as          kim@example.com
#   with the password   kim signs payouts
#
INVENTED
# To paste into another terminal:

# ---- sign in, as a user and as the administrator
field() { grep -o "\"$1\":\"\{0,1\}[^\",}]*" | head -n 1 | sed 's/^"[^"]*":"\{0,1\}//'; }
user=$(curl -s URL/api/auth/login -d '{"email":"ada@example.com","password":"correct horse"}' | field token)
admin=$(curl -s URL/api/auth/login -d '{"email":"kim@example.com","password":"kim signs payouts"}' | field token)
logs=URL/api/admin/system-logs

# ---- read the log: a list, what it adds up to, one event
curl -s "$logs?level=WARNING,ERROR&limit=5" -H "Authorization: Bearer $admin"
curl -s "$logs/count?search=payment&range=7d" -H "Authorization: Bearer $admin"
curl -s "$logs/stats?range=24h&limit=3" -H "Authorization: Bearer $admin"
curl -s "$logs/histogram?range=24h&tz=Europe/Paris&buckets=24" -H "Authorization: Bearer $admin"
curl -s "$logs/facets?fields=level,type&limit=5" -H "Authorization: Bearer $admin"
curl -s "$logs/suggest?field=type&q=pay" -H "Authorization: Bearer $admin"
id=$(curl -s "$logs?type=AUTH_LOGIN&limit=1" -H "Authorization: Bearer $admin" | field id)
curl -s "$logs/$id" -H "Authorization: Bearer $admin"

# ---- watch it for five seconds, take it away as a file
curl -sN -m 5 "$logs/tail" -H "Authorization: Bearer $admin"
curl -s "$logs/export?format=csv&minLevel=ERROR" -H "Authorization: Bearer $admin" -o errors.csv

# ---- book a call: the second time it is taken; a wrong password
curl -s URL/api/bookings -H "Authorization: Bearer $user" -d '{"callOfferId":"off_1"}'
curl -s URL/api/bookings -H "Authorization: Bearer $user" -d '{"callOfferId":"off_1"}'
curl -s URL/api/auth/login -d '{"email":"ada@example.com","password":"wrong"}'

# ---- approve a payout: the user may not, the administrator may
curl -s -X POST URL/api/admin/payouts/po_1/approve -H "Authorization: Bearer $user"
curl -s -X POST URL/api/admin/payouts/po_1/approve -H "Authorization: Bearer $admin"

# ---- what Stripe would send
f=examples/callastar/testdata/payment_intent.succeeded.json t=$(date +%s)
v1=$( { printf '%s.' $t; cat $f; } | openssl dgst -sha256 -hmac "${STRIPE_WEBHOOK_SECRET:-whsec_demo}" | sed 's/.* //')
curl -s URL/api/payments/webhook -H "Stripe-Signature: t=$t,v1=$v1" --data-binary @$f

# ---- delete: first what that would be, then just that
delete='"deleteType":"filters","type":"ACCESS_DENIED"'
preview=$(curl -s "$logs/delete-preview" -H "Authorization: Bearer $admin" -H 'Content-Type: application/json' -d "{$delete}")
echo "$preview"
curl -s -X DELETE "$logs" -H "Authorization: Bearer $admin" -H 'Content-Type: application/json' \
  -d "{$delete,\"asOf\":\"$(echo "$preview" | field asOf)\",\"expectedCount\":$(echo "$preview" | field count)}"

# ---- masked values of one event, which is recorded; what an erasure of a person would change
curl -s -X POST "$logs/$id/reveal" -H "Authorization: Bearer $admin"
curl -s "$logs/actors/usr_ada/erase-preview" -H "Authorization: Bearer $admin" -H 'Content-Type: application/json' -d '{"mode":"anonymize"}'

# ---- for machines: health, the description of all this, the nightly cleanup
curl -s "$logs/health" -H "Authorization: Bearer $admin"
curl -s "$logs/openapi.json" -H "Authorization: Bearer $admin" -o openapi.json
curl -s -X POST URL/api/cron/cleanup-logs -H "Authorization: Bearer ${CRON_SECRET:-cron_demo}"

`

func guide(w io.Writer, url string, d demoOptions) error {
	text := "#   The log is empty: without -demo=false it is filled with invented events.\n#"
	if d != (demoOptions{}) {
		text = fmt.Sprintf("#   The log is filled with %d invented events of the last %d days, and %g more a second.\n#   With -demo=false it is empty, with -demo-rows 1000000 it is large.\n#", d.rows, demo.Days, d.rate)
	}
	_, err := io.WriteString(w, strings.NewReplacer("URL", url, "INVENTED", text).Replace(guideText))
	return err
}
