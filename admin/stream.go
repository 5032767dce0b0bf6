package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// stream writes server-sent events. A client that takes nothing for a while is given up.
type stream struct {
	w   http.ResponseWriter
	c   *http.ResponseController
	buf bytes.Buffer
}

func newStream(w http.ResponseWriter) *stream {
	w.WriteHeader(http.StatusOK)
	return &stream{w: w, c: http.NewResponseController(w)}
}

// event adds one; "" is no id.
func (s *stream) event(id, name string, data any) {
	text, err := json.Marshal(data)
	if err != nil { // metadata that somebody else has put into the table
		return
	}
	if id != "" {
		s.buf.WriteString("id: " + id + "\n")
	}
	s.buf.WriteString("event: " + name + "\ndata: ")
	s.buf.Write(text) // has no line breaks
	s.buf.WriteString("\n\n")
}

// send adds text as it is, and flushes.
func (s *stream) send(text string) error {
	s.buf.WriteString(text)
	return s.flush()
}

// flush sends what was added.
func (s *stream) flush() error {
	if s.buf.Len() == 0 {
		return nil
	}
	if err := s.c.SetWriteDeadline(time.Now().Add(tailStall)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	_, err := s.w.Write(s.buf.Bytes())
	if s.buf.Reset(); err != nil {
		return err
	}
	if err := s.c.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}
