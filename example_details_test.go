package syslog_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// Attrs and Metadata say the same. Attrs does not allocate for scalar values and
// keeps the order; Metadata is a map, sorted by name, and may be changed once the
// call has returned. What a later detail says wins, and what the helper itself
// adds wins over all.
func ExampleAttrs() {
	ctx := context.Background()
	st := syslogtest.NewStore()
	logger, err := syslog.New(st, nil)
	if err != nil {
		log.Fatal(err)
	}

	logger.System(ctx, "BACKUP", "Backup done", syslog.Attrs(
		slog.Int("files", 1250), slog.Group("took", slog.Int("seconds", 12))))
	logger.Booking(ctx, syslog.BookingCreated, "bk_1", "usr_1", "cr_7",
		syslog.Attrs(slog.Int("price", 40), slog.String("bookingId", "another")),
		syslog.Metadata{"price": 50})

	if err := logger.Close(); err != nil {
		log.Fatal(err)
	}
	for _, l := range st.Logs() {
		fmt.Println(l.Type, string(l.Metadata))
	}
	// Output:
	// SYSTEM_BACKUP {"files":1250,"took":{"seconds":12}}
	// BOOKING_CREATED {"price":50,"bookingId":"bk_1","creatorId":"cr_7"}
}

// Fields whose name says that they hold a secret are replaced before the event
// goes anywhere, at any depth. The list can be extended by Config.Redact.
func ExampleMetadata() {
	ctx := context.Background()
	st := syslogtest.NewStore()
	logger, err := syslog.New(st, &syslog.Config{Redact: []string{"iban"}})
	if err != nil {
		log.Fatal(err)
	}

	logger.UserAction(ctx, "PROFILE_UPDATE", "usr_1", "Profile updated", syslog.Metadata{
		"fields": []string{"name", "bio"},
		"form":   map[string]any{"newPassword": "hunter2", "passwordResetAt": "2024-01-31", "customer_iban": "FR76…"},
	})

	if err := logger.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(st.Logs()[0].Metadata))
	// Output:
	// {"fields":["name","bio"],"form":{"customer_iban":"[REDACTED]","newPassword":"[REDACTED]","passwordResetAt":"2024-01-31"}}
}

// AtLevel records an event at another level than the helper would.
func ExampleAtLevel() {
	ctx := context.Background()
	st := syslogtest.NewStore()
	logger, err := syslog.New(st, nil)
	if err != nil {
		log.Fatal(err)
	}

	logger.AdminAction(ctx, "PAYOUT_APPROVED", "adm_1", "Payout po_1 approved")
	logger.AdminAction(ctx, "PAYOUT_APPROVAL_FAILED", "adm_1", "Payout po_2 not approved",
		syslog.AtLevel(syslog.LevelCritical))

	if err := logger.Close(); err != nil {
		log.Fatal(err)
	}
	for _, l := range st.Logs() {
		fmt.Println(l.Level, l.Type)
	}
	// Output:
	// INFO ADMIN_PAYOUT_APPROVED
	// CRITICAL ADMIN_PAYOUT_APPROVAL_FAILED
}
