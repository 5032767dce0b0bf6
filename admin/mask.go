package admin

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/redact"
)

// Mask says which values of the metadata are not shown, by the names of their keys. Make
// it with [MaskKeys]; the zero Mask is the default of the option that it is for.
type Mask struct{ names *maskNames }

type maskNames struct {
	whole    *redact.Set
	prefixes []string
	all      bool
	given    []string
	wrong    []string // that name nothing
}

// masked stands in place of a value that is not shown.
const masked = "••••••"

var maskedJSON = []byte(`"` + masked + `"`)

// MaskKeys is a mask of these keys, at any depth. Names are compared as those of
// syslog.Config.Redact: in any case, with separators or without, and also where they end a
// longer name, so that "email" masks userEmail and E-Mail. With * behind, a name is the
// beginning of any word: "ip*" masks ip, IPv4 and clientIpAddress. "*" alone masks
// everything, and no name nothing.
func MaskKeys(names ...string) Mask {
	m := &maskNames{given: slices.Clone(names)}
	var whole []string
	for _, name := range names {
		prefix, begins := strings.CutSuffix(strings.TrimSpace(name), "*")
		switch normal := redact.Normal(prefix); {
		case prefix == "" && begins:
			m.all = true
		case normal == "":
			m.wrong = append(m.wrong, name)
		case begins:
			m.prefixes = append(m.prefixes, normal)
		default:
			whole = append(whole, name)
		}
	}
	m.whole = redact.New(whole...)
	return Mask{m}
}

// DefaultMask masks what the library redacts by default, which rows of other programs may
// hold: passwords, tokens, cookies, card numbers and the like.
func DefaultMask() Mask { return MaskKeys(redact.Default()...) }

// With is a mask of more keys.
func (m Mask) With(names ...string) Mask {
	if m.names == nil {
		m = DefaultMask()
	}
	return MaskKeys(slices.Concat(m.names.given, names)...)
}

// check is what is wrong with an option.
func (m Mask) check(option string) error {
	if len(m.names.wrong) > 0 {
		return fmt.Errorf("%s has the name %.40q: want a letter or a digit in each", option, m.names.wrong[0])
	}
	return nil
}

// has reports whether the values of a key are masked.
func (m Mask) has(key string) bool {
	return m.names.all || m.names.whole.Match(key) || redact.Starts(key, m.names.prefixes)
}

// mentions reports whether a masked key may be in a text whose keys cannot be told apart.
func (m Mask) mentions(text string) bool {
	return m.names.all || m.names.whole.Mentions(text) || redact.Starts(text, m.names.prefixes)
}

// textKey is the key under which stores keep metadata that is no JSON.
const textKey = "_value"

// covers reports whether the value of the key that t is at is masked.
func (m Mask) covers(t *tokens) bool {
	key := t.inner()
	if m.has(string(key)) {
		return true
	}
	if string(key) != textKey {
		return false
	}
	value := *t
	value.value()
	return value.kind == tokenString && m.mentions(string(value.inner()))
}

// whole is metadata of which what is no JSON has become text, as stores make of it.
func whole(metadata json.RawMessage) json.RawMessage {
	if len(metadata) == 0 || json.Valid(metadata) {
		return metadata
	}
	quoted, err := json.Marshal(map[string]string{textKey: string(metadata)})
	if err != nil { // a string always has a JSON form
		return nil
	}
	return quoted
}

// apply is metadata as it is shown.
func (m Mask) apply(metadata json.RawMessage) json.RawMessage {
	metadata = whole(metadata)
	t, out := tokens{text: metadata}, splice{text: metadata}
	for t.next() {
		if t.kind == tokenKey && m.covers(&t) {
			t.value()
			out.replace(t.from, t.to, maskedJSON)
		}
	}
	return out.result()
}

// shown is an event as it leaves the house: whatever answers with events shows them so.
func (h *Handler) shown(l syslog.Log) syslog.Log {
	l.Metadata = h.opts.Mask.apply(l.Metadata)
	return l
}

// shownAll is shown for several, in a slice of its own.
func (h *Handler) shownAll(logs []syslog.Log) []syslog.Log {
	out := make([]syslog.Log, len(logs))
	for i, l := range logs {
		out[i] = h.shown(l)
	}
	return out
}
