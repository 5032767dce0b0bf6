package main

import (
	"context"
	"net/http"
)

// The addresses of the activity log.
const (
	logsPath    = "/api/admin/system-logs"
	cleanupPath = "/api/cron/cleanup-logs"
)

// bearer is the header of a session, or of the scheduler; "" is nobody's.
func bearer(token string) http.Header {
	header := http.Header{"Content-Type": {"application/json"}}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	return header
}

// logs lists events by the parameters of a query.
func (c client) logs(ctx context.Context, token, query string) (answer, error) {
	return c.send(ctx, http.MethodGet, logsPath+query, bearer(token), nil)
}

func (c client) deleteLogs(ctx context.Context, token, body string) (answer, error) {
	return c.send(ctx, http.MethodDelete, logsPath, bearer(token), []byte(body))
}

// cleanup is what a scheduler sends each night.
func (c client) cleanup(ctx context.Context, secret string) (answer, error) {
	return c.send(ctx, http.MethodPost, cleanupPath, bearer(secret), nil)
}
