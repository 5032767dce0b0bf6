package admin

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/redact"
)

// erased stands in place of what was erased.
const erased = "[erased]"

// DefaultErase names what tells of a person, in English and French: names, addresses,
// telephone numbers, dates of birth, accounts and clients. It takes too much rather than
// too little: "name" is the end of fileName, too.
func DefaultErase() Mask {
	return MaskKeys("email*", "mail", "phone*", "telephone", "mobile", "fax", "ip*", "userAgent*", "device*", "fingerprint*",
		"name", "firstName", "lastName", "surname", "fullName", "nickname", "username", "login", "pseudo",
		"address*", "street*", "city", "zip", "zipCode", "postalCode", "postcode", "latitude", "longitude", "location",
		"birth*", "dateOfBirth", "dob", "iban", "bic", "avatar*", "nom", "prenom", "prénom", "adresse*", "ville", "naissance")
}

// scrubber takes an actor out of the text of an event.
type scrubber struct {
	id     string
	hidden []Mask
}

// ofIDs are keys whose numbers may be ids.
var ofIDs = redact.New("id", "ids")

// scrub is a syslog.Scrub.
func (s *scrubber) scrub(l syslog.Log) (message string, metadata json.RawMessage, err error) {
	return s.plain(l.Message), s.metadata(whole(l.Metadata)), nil
}

// plain is text without the actor's id where that stands as a word of its own: beside it is
// neither a letter, a digit, _ nor -.
func (s *scrubber) plain(text string) string {
	var out strings.Builder
	kept := 0
	for at := 0; ; {
		i := strings.Index(text[at:], s.id)
		if i < 0 {
			break
		}
		from, to := at+i, at+i+len(s.id)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if from > 0 && ofWord(before) || to < len(text) && ofWord(after) {
			_, size := utf8.DecodeRuneInString(text[from:])
			at = from + size
			continue
		}
		out.WriteString(text[kept:from] + erased)
		kept, at = to, to
	}
	return out.String() + text[kept:]
}

func ofWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_' || r == '-'
}

// metadata is JSON of which keys and strings lack the id as messages do, numbers that are
// it and belong to a key of ids too, and every value that is hidden.
func (s *scrubber) metadata(text json.RawMessage) json.RawMessage {
	t, out := tokens{text: text}, splice{text: text}
	numbers := false
	for t.next() {
		switch t.kind {
		case tokenKey:
			key := t.inner()
			numbers = ofIDs.Match(string(key))
			s.quoted(&t, &out)
			if s.hides(&t) {
				t.value()
				out.replace(t.from, t.to, []byte(`"`+erased+`"`))
			}
		case tokenString:
			s.quoted(&t, &out)
		case tokenNumber:
			if numbers && string(text[t.from:t.to]) == s.id {
				out.replace(t.from, t.to, []byte(`"`+erased+`"`))
			}
		}
	}
	return out.result()
}

func (s *scrubber) hides(t *tokens) bool {
	for _, m := range s.hidden {
		if m.covers(t) {
			return true
		}
	}
	return false
}

// quoted replaces the id in a key or a string.
func (s *scrubber) quoted(t *tokens, out *splice) {
	inner := t.inner()
	if !bytes.Contains(inner, []byte(s.id)) {
		return
	}
	plain := string(inner)
	scrubbed := s.plain(plain)
	if scrubbed == plain {
		return
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(scrubbed) == nil { // a string always has a JSON form
		out.replace(t.from, t.to, bytes.TrimSpace(b.Bytes()))
	}
}
