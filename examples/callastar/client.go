package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"time"
)

// client talks to the service, for -check and the tests.
type client struct {
	base   string
	secret string // Stripe's
	http   *http.Client
}

// answer is a response: its status and the JSON object in it.
type answer struct {
	status int
	body   map[string]any
}

func (c client) post(ctx context.Context, path string, header http.Header, body []byte) (answer, error) {
	return c.send(ctx, http.MethodPost, path, header, body)
}

func (c client) send(ctx context.Context, method, path string, header http.Header, body []byte) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header = header
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = res.Body.Close() }()
	out := answer{status: res.StatusCode}
	if kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type")); kind != "application/json" {
		_, err := io.Copy(io.Discard, res.Body) // a page, or a file
		return out, err
	}
	if err := json.NewDecoder(res.Body).Decode(&out.body); err != nil {
		return out, fmt.Errorf("answer of %s: %w", path, err)
	}
	return out, nil
}

// as posts a JSON body, or none if it is nil, in somebody's session; "" is nobody's.
func (c client) as(ctx context.Context, token, path string, body any) (answer, error) {
	if body == nil {
		return c.post(ctx, path, bearer(token), nil)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	return c.post(ctx, path, bearer(token), text)
}

// login returns the answer, and the token in it if there is one.
func (c client) login(ctx context.Context, email, password string) (answer, string, error) {
	a, err := c.as(ctx, "", "/api/auth/login", map[string]string{"email": email, "password": password})
	token, _ := a.body["token"].(string)
	return a, token, err
}

// stripe posts a webhook signed at a time.
func (c client) stripe(ctx context.Context, payload []byte, at time.Time) (answer, error) {
	return c.post(ctx, "/api/payments/webhook",
		http.Header{"Stripe-Signature": {signStripe(payload, c.secret, at)}}, payload)
}

// stay has a redirect be the answer.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
