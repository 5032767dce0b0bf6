package admin

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// stream writes server-sent events. A client that takes nothing for a while is given up.
type stream struct {
	to  patient
	buf bytes.Buffer
}

func newStream(w http.ResponseWriter) *stream {
	w.WriteHeader(http.StatusOK)
	return &stream{to: patient{w, http.NewResponseController(w)}}
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
	_, err := s.to.Write(s.buf.Bytes())
	if s.buf.Reset(); err != nil {
		return err
	}
	return s.to.flush()
}

// end is for the end of the stream, which net/http writes.
func (s *stream) end() { _ = s.to.within(patience) }
