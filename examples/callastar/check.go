package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/sink/console"
)

//go:embed testdata/payment_intent.succeeded.json
var paymentSucceededJSON []byte

//go:embed testdata/payout.failed.json
var payoutFailedJSON []byte

// selfCheck starts the service on a free port, uses all of it once and stops it.
func selfCheck(ctx context.Context, w io.Writer, o options) error {
	a, err := newApp(o)
	if err != nil {
		return err
	}
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, a.shutdown(ctx))
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- a.serveOn(ctx, l) }()

	transport := &http.Transport{}
	c := client{"http://" + l.Addr().String(), o.stripeSecret, &http.Client{Transport: transport, Timeout: grace, CheckRedirect: stay}}
	var user, admin string
	err = tour(w, tourOfTheService(ctx, c, &user, &admin))
	if err == nil {
		err = a.logger.Flush(ctx) // what was logged so far can be read now
	}
	if err == nil {
		err = tour(w, tourOfTheLog(ctx, c, o, admin))
	}
	if err == nil {
		err = a.show(ctx, w)
	}
	transport.CloseIdleConnections()
	stop()
	return errors.Join(err, <-ended)
}

// step is one request of a tour, and the status that it should have.
type step struct {
	what string
	want int
	do   func() (answer, error)
}

// tourOfTheService is all but the activity log. It leaves the tokens of those who sign in.
func tourOfTheService(ctx context.Context, c client, user, admin *string) []step {
	return []step{
		{"sign in with a wrong password", 401, func() (a answer, err error) {
			a, _, err = c.login(ctx, "ada@example.com", "wrong")
			return
		}},
		{"sign in as a user", 200, func() (a answer, err error) {
			a, *user, err = c.login(ctx, "ada@example.com", "correct horse")
			return
		}},
		{"sign in as an administrator", 200, func() (a answer, err error) {
			a, *admin, err = c.login(ctx, "kim@example.com", "kim signs payouts")
			return
		}},
		{"book a call", 201, func() (answer, error) { return c.book(ctx, *user, "off_1") }},
		{"book it again", 409, func() (answer, error) { return c.book(ctx, *user, "off_1") }},
		{"Stripe: a payment succeeded", 200, func() (answer, error) { return c.stripe(ctx, paymentSucceededJSON, time.Now()) }},
		{"Stripe: the same once more", 200, func() (answer, error) { return c.stripe(ctx, paymentSucceededJSON, time.Now()) }},
		{"Stripe: a payout failed", 200, func() (answer, error) { return c.stripe(ctx, payoutFailedJSON, time.Now()) }},
		{"not Stripe: no signature", 400, func() (answer, error) {
			return c.post(ctx, "/api/payments/webhook", nil, payoutFailedJSON)
		}},
		{"approve a payout as a user", 403, func() (answer, error) { return c.approve(ctx, *user, "po_1") }},
		{"approve it as an administrator", 200, func() (answer, error) { return c.approve(ctx, *admin, "po_1") }},
		{"approve it again", 409, func() (answer, error) { return c.approve(ctx, *admin, "po_1") }},
		{"read the log as a user", 403, func() (answer, error) { return c.logs(ctx, *user, "") }},
	}
}

// tour does it all, and prints the answers' status. The error is the first answer that is
// not as it should be.
func tour(w io.Writer, steps []step) error {
	for _, s := range steps {
		got, err := s.do()
		if err != nil {
			return fmt.Errorf("%s: %w", s.what, err)
		}
		if _, err := fmt.Fprintf(w, "%-34s %d\n", s.what, got.status); err != nil {
			return err
		}
		if got.status != s.want {
			return fmt.Errorf("%s: status %d, want %d: %v", s.what, got.status, s.want, got.body)
		}
	}
	return nil
}

func (c client) book(ctx context.Context, token, offer string) (answer, error) {
	return c.as(ctx, token, "/api/bookings", map[string]string{"callOfferId": offer})
}

func (c client) approve(ctx context.Context, token, payout string) (answer, error) {
	return c.as(ctx, token, "/api/admin/payouts/"+payout+"/approve", nil)
}

// show prints what was logged, oldest first.
func (a *app) show(ctx context.Context, w io.Writer) error {
	if err := a.logger.Flush(ctx); err != nil {
		return err
	}
	page, err := a.logger.Query(ctx, syslog.Query{Order: syslog.Asc})
	if err != nil {
		return err
	}
	for i := range page.Logs {
		page.Logs[i].Metadata = nil // too wide for most terminals
	}
	_, err = fmt.Fprintf(w, "\n%d events, here without their metadata:\n", len(page.Logs))
	return errors.Join(err, console.New(w, nil).Write(ctx, page.Logs))
}
