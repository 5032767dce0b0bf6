package admin

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"

	"github.com/callastar/syslog"
)

type cleaned struct {
	Success bool                `json:"success"`
	Message string              `json:"message"`
	Stats   syslog.CleanupStats `json:"stats"`
}

// cron serves POST /api/cron/cleanup-logs. The cleanup itself is an event.
func (h *Handler) cron(w http.ResponseWriter, r *http.Request) error {
	allow := http.MethodPost
	if h.opts.AllowGETCron {
		allow = "GET, POST"
	}
	if r.Method != http.MethodPost && (r.Method != http.MethodGet || !h.opts.AllowGETCron) {
		return &problem{status: http.StatusMethodNotAllowed, key: "method", allow: allow}
	}
	if h.opts.CronSecret == "" {
		return failed(http.StatusServiceUnavailable, "cron_off")
	}
	if !h.knowsSecret(r) {
		w.Header().Set("WWW-Authenticate", "Bearer")
		return failed(http.StatusUnauthorized, "cron_secret")
	}
	stats, err := h.logger.Cleanup(r.Context())
	if err == nil || stats.TotalDeleted > 0 {
		details := syslog.Metadata{"stats": stats}
		if err != nil {
			details["error"] = err.Error()
		}
		h.logger.System(r.Context(), "LOG_CLEANUP", "Log cleanup", details)
	}
	if err != nil {
		return asProblem(r.Context(), err)
	}
	answer(w, http.StatusOK, cleaned{true, "Log cleanup completed successfully", stats})
	return nil
}

// knowsSecret compares in a time that says nothing of the secret, not even its length.
func (h *Handler) knowsSecret(r *http.Request) bool {
	scheme, given, found := strings.Cut(r.Header.Get("Authorization"), " ")
	want, got := sha256.Sum256([]byte(h.opts.CronSecret)), sha256.Sum256([]byte(strings.TrimSpace(given)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && found && strings.EqualFold(scheme, "Bearer")
}
