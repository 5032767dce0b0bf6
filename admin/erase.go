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

// readErasure reads the request.
func (h *Handler) readErasure(w http.ResponseWriter, r *http.Request) (body erasure, f syslog.Filter, err error) {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return body, f, p
	}
	if p := readBody(w, r, &body); p != nil {
		return body, f, p
	}
	f, err = h.erasing(r.Context(), body, r.PathValue("actorId"))
	return body, f, err
}

// erasing is what an erasure of an actor chooses. It waits for the events that are on their
// way to the store, which an erasure would miss.
func (h *Handler) erasing(ctx context.Context, body erasure, actorID string) (f syslog.Filter, err error) {
	v := &invalid{}
	if body.Mode != byAnonymizing && body.Mode != byDeleting {
		v.add("mode", "want_mode")
	}
	if body.ExpectedCount != nil && *body.ExpectedCount < 0 {
		v.add("expectedCount", "want_number", 0)
	}
	if actorID == "" { // would choose everything
		v.add("actorId", "want_id")
	}
	s := selection{ActorID: actorID, Actor: string(body.Actor), AsOf: body.AsOf}
	f = s.filter(v, h.now())
	if p := v.problem(); p != nil {
		return f, p
	}
	if f, err = f.Normalize(); err != nil {
		return f, asProblem(ctx, err)
	}
	if _, err := h.logger.Anonymize(ctx, syslog.Filter{}, nil); body.Mode == byAnonymizing && errors.Is(err, errors.ErrUnsupported) {
		return f, asProblem(ctx, err)
	}
	return f, h.settle(ctx)
}

// settle has what was accepted before stored.
func (h *Handler) settle(parent context.Context) error {
	ctx, cancel := h.limited(parent)
	defer cancel()
	err := h.flush(ctx)
	if lost := (*syslog.LostError)(nil); errors.As(err, &lost) && ctx.Err() == nil {
		return nil // of these nothing is left to be erased
	}
	if err != nil {
		return &problem{status: http.StatusServiceUnavailable, key: "unsettled", cause: err}
	}
	return nil
}

// flush waits for what is on its way to the store. Events that were lost are told of once, by
// whatever waits: here the host's log hears of them.
func (h *Handler) flush(ctx context.Context) error {
	err := h.logger.Flush(ctx)
	if lost := (*syslog.LostError)(nil); errors.As(err, &lost) {
		h.opts.Logger.ErrorContext(ctx, "syslog/admin: events were lost", "error", err)
	}
	return err
}

// erasePreview serves POST …/actors/{actorId}/erase-preview: what an erasure would change.
func (h *Handler) erasePreview(w http.ResponseWriter, r *http.Request, _ Principal) error {
	body, f, err := h.readErasure(w, r)
	if err != nil {
		return err
	}
	return h.answerPreview(w, r, f, body.AsOf)
}

type erasedCount struct {
	Success     bool   `json:"success"`
	ErasedCount int64  `json:"erasedCount"`
	Message     string `json:"message"`
}

// erase serves POST …/actors/{actorId}/erase.
func (h *Handler) erase(w http.ResponseWriter, r *http.Request, who Principal) error {
	body, f, err := h.readErasure(w, r)
	if err != nil {
		return err
	}
	if err := h.unchanged(r.Context(), f, body.ExpectedCount); err != nil {
		return err
	}
	n, _, err := h.eraseAll(r, who, f, body.Mode)
	if err != nil {
		return err
	}
	lang, c := h.lang(r)
	w.Header().Set("Content-Language", lang)
	say := "anonymised"
	if body.Mode == byDeleting {
		say = "deleted"
	}
	answer(w, http.StatusOK, erasedCount{true, n, c.say(say, n)})
	return nil
}

// eraseAll erases what f chooses of its actor. Its record, whose id it returns and which an
// erasure that was cut short has too, says what was done, and of the actor a hash alone: who
// knows the id can tell that it was this one, and who guesses can as well.
func (h *Handler) eraseAll(r *http.Request, who Principal, f syslog.Filter, mode string) (n int64, id string, err error) {
	did := "%d log(s) of an actor deleted"
	if mode == byDeleting {
		n, err = h.logger.Delete(r.Context(), f)
	} else {
		did = "%d log(s) of an actor anonymised"
		s := &scrubber{f.ActorID, []Mask{h.opts.Mask, h.opts.Erase}}
		n, err = h.logger.Anonymize(r.Context(), f, s.scrub)
	}
	if err == nil || n > 0 {
		details := syslog.Metadata{"mode": mode, "erasedCount": n, "actorHash": actorHash(f.ActorID)}
		f.ActorID = "" // the record must not keep it
		id = h.audit(r, who, "LOGS_ERASED", fmt.Sprintf(did, n), f, details, err)
	}
	if err != nil {
		err = asProblem(r.Context(), err)
	}
	return n, id, err
}

// actorHash is the beginning of the SHA-256 of an id, in hexadecimal.
func actorHash(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:8])
}
