package main

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// maxBody is the largest body that is read.
const maxBody = 64 << 10

// decode reads a JSON body of the shape that is expected, and nothing else.
func decode(w http.ResponseWriter, r *http.Request, v any) error {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // the caller has gone away
}

func fail(w http.ResponseWriter, status int, message string) {
	reply(w, status, map[string]any{"success": false, "error": message})
}

// refusal is an error of the caller's, with the answer to it.
type refusal struct {
	status  int
	message string
}

func (r refusal) Error() string { return r.message }
