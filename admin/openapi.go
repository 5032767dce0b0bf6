package admin

import (
	_ "embed"
	"net/http"
)

//go:embed openapi.json
var openAPI []byte

// openapi serves GET …/openapi.json: what all of this is, for programs.
func (h *Handler) openapi(w http.ResponseWriter, r *http.Request, _ Principal) error {
	if p := read(r.URL.RawQuery).v.problem(); p != nil {
		return p
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(openAPI) // who has gone away does not hear it
	return nil
}
