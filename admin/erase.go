package admin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"

	"github.com/callastar/syslog"
)

// The ways of erasing.
const (
	byAnonymizing = "anonymize"
	byDeleting    = "delete"
)

// erasure is the body of an erasure, and of its preview. AsOf and ExpectedCount are as in
// a removal.
type erasure struct {
	Mode          string `json:"mode"`
	Actor         list   `json:"actor"` // the kinds of actor; the same id may be one of several
	AsOf          string `json:"asOf"`
	ExpectedCount *int64 `json:"expectedCount"`
}

// readErasure reads the request, and waits for the events that are on their way to the
// store: an erasure would miss them.
func (h *Handler) readErasure(w http.ResponseWriter, r *http.Request) (body erasure, f syslog.Filter, err error) {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return body, f, p
	}
	if p := readBody(w, r, &body); p != nil {
		return body, f, p
	}
	v := &invalid{}
	if body.Mode != byAnonymizing && body.Mode != byDeleting {
		v.add("mode", "want_mode")
	}
	if body.ExpectedCount != nil && *body.ExpectedCount < 0 {
		v.add("expectedCount", "want_number", 0)
	}
	s := selection{ActorID: r.PathValue("actorId"), Actor: string(body.Actor), AsOf: body.AsOf}
	f = s.filter(v, h.now())
	if p := v.problem(); p != nil {
		return body, f, p
	}
	if f, err = f.Normalize(); err != nil {
		return body, f, asProblem(r.Context(), err)
	}
	if _, err := h.logger.Anonymize(r.Context(), syslog.Filter{}, nil); body.Mode == byAnonymizing && errors.Is(err, errors.ErrUnsupported) {
		return body, f, asProblem(r.Context(), err)
	}
	return body, f, h.settle(r.Context())
}

// settle has what was accepted before stored.
func (h *Handler) settle(parent context.Context) error {
	ctx, cancel := h.limited(parent)
	defer cancel()
	err := h.logger.Flush(ctx)
	var lost *syslog.LostError
	if errors.As(err, &lost) && ctx.Err() == nil { // nothing is left of these to be erased, but nobody else is told now
		h.opts.Logger.ErrorContext(ctx, "syslog/admin: events were lost before an erasure", "error", err)
		return nil
	}
	if err != nil {
		return &problem{status: http.StatusServiceUnavailable, key: "unsettled", cause: err}
	}
	return nil
}

// erasePreview serves POST …/actors/{actorId}/erase-preview: what an erasure would change.
func (h *Handler) erasePreview(w http.ResponseWriter, r *http.Request, _ Principal) error {
	body, f, err := h.readErasure(w, r)
	if err != nil {
		return err
	}
	return h.foresee(w, r, f, body.AsOf)
}

type erasedCount struct {
	Success     bool   `json:"success"`
	ErasedCount int64  `json:"erasedCount"`
	Message     string `json:"message"`
}

// erase serves POST …/actors/{actorId}/erase. Its record, which an erasure that was cut
// short has too, says what was done, and of the actor a hash alone: who knows the id can
// tell that it was this one, and who guesses can as well.
func (h *Handler) erase(w http.ResponseWriter, r *http.Request, who Principal) error {
	body, f, err := h.readErasure(w, r)
	if err != nil {
		return err
	}
	if err := h.unchanged(r.Context(), f, body.ExpectedCount); err != nil {
		return err
	}
	var n int64
	say, did := "deleted", "%d log(s) of an actor deleted"
	if body.Mode == byDeleting {
		n, err = h.logger.Delete(r.Context(), f)
	} else {
		say, did = "anonymised", "%d log(s) of an actor anonymised"
		s := &scrubber{f.ActorID, []Mask{h.opts.Mask, h.opts.Erase}}
		n, err = h.logger.Anonymize(r.Context(), f, s.scrub)
	}
	if err == nil || n > 0 {
		details := syslog.Metadata{"mode": body.Mode, "erasedCount": n, "actorHash": actorHash(f.ActorID)}
		f.ActorID = "" // the record must not keep it
		h.audit(r, who, "LOGS_ERASED", fmt.Sprintf(did, n), f, details, err)
	}
	if err != nil {
		return asProblem(r.Context(), err)
	}
	lang, c := h.lang(r)
	w.Header().Set("Content-Language", lang)
	answer(w, http.StatusOK, erasedCount{true, n, c.say(say, n)})
	return nil
}

// actorHash is the beginning of the SHA-256 of an id, in hexadecimal.
func actorHash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:8])
}
