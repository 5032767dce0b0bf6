package admin

import (
	"context"
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
	if p := noBody(w, r); p != nil {
		return p
	}
	unhurried(w)
	return h.answerCleanup(w, r, syslog.Metadata{"trigger": "cron"})
}

// cleanup serves POST …/cleanup: the same for somebody who may.
func (h *Handler) cleanup(w http.ResponseWriter, r *http.Request, who Principal) error {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return p
	}
	if p := noBody(w, r); p != nil {
		return p
	}
	return h.answerCleanup(w, r, byHand(who))
}

// byHand is what the record of a cleanup says of one that somebody has started.
func byHand(who Principal) syslog.Metadata {
	details := syslog.Metadata{"trigger": "manual", "adminId": who.ID}
	who.sign(details)
	return details
}

func (h *Handler) answerCleanup(w http.ResponseWriter, r *http.Request, details syslog.Metadata) error {
	stats, _, err := h.cleanUp(r.Context(), details)
	if err != nil {
		return err
	}
	answer(w, http.StatusOK, cleaned{true, "Log cleanup completed successfully", stats})
	return nil
}

// cleanUp deletes by the retention policy, and records that it did, in the event with this
// id. What it deletes does not come back when a client goes away, but it then stops.
func (h *Handler) cleanUp(ctx context.Context, details syslog.Metadata) (stats syslog.CleanupStats, id string, err error) {
	stats, err = h.logger.Cleanup(ctx)
	if err == nil || stats.TotalDeleted > 0 {
		details["stats"] = stats
		if err != nil {
			details["error"] = err.Error()
		}
		id = h.tell(ctx, syslog.Log{Type: cleanupType, Message: "Log cleanup"}, details)
		h.cleaned.forget()
	}
	if err != nil {
		err = asProblem(ctx, err)
	}
	return stats, id, err
}

// cleanupType is that of the event by which a cleanup is recorded.
const cleanupType = "SYSTEM_LOG_CLEANUP"

// knowsSecret compares in a time that says nothing of the secret, not even its length.
func (h *Handler) knowsSecret(r *http.Request) bool {
	scheme, given, found := strings.Cut(r.Header.Get("Authorization"), " ")
	want, got := sha256.Sum256([]byte(h.opts.CronSecret)), sha256.Sum256([]byte(strings.TrimSpace(given)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && found && strings.EqualFold(scheme, "Bearer")
}
