package jsonenc

import "github.com/callastar/syslog/internal/scan"

// Hosts use few names of fields, and the same ones again and again. What is found out
// about a short plain name is kept: its text in JSON, and whether it is redacted.
const (
	keyBits  = 6
	keyTries = 4  // slots that a name may have
	shortKey = 36 // bytes, which makes a slot one or two lines of the cache
)

// keyTable holds what is known of names, by a hash of theirs.
type keyTable [1 << keyBits]knownKey

type knownKey struct {
	text   [shortKey + 3]byte // "name":
	size   uint8              // of text; 0 is an empty slot
	secret bool
	member int32  // of the event's own object,
	event  uint64 // if this is the Encoder's event
}

// knownKey returns the slot of a name, which is valid until the next call, or nil for one
// that is not short and plain, or whose slots other names of this event have.
func (e *Encoder) knownKey(key string) *knownKey {
	n := len(key)
	if n == 0 || n > shortKey {
		return nil
	}
	hash := scan.Hash(key) >> (64 - keyBits)
	var free *knownKey
	for i := range uint64(keyTries) {
		k := &e.keys[(hash+i)%(1<<keyBits)]
		if int(k.size) == n+3 && string(k.text[1:n+1]) == key {
			return k
		}
		if k.event != e.event && (free == nil || k.event < free.event) {
			free = k // an empty one, or the one that was not needed for longest
		}
	}
	if free != nil && e.learn(free, key) {
		return free
	}
	return nil
}

// learn gives a name a slot, if it is plain.
func (e *Encoder) learn(k *knownKey, key string) bool {
	if escaped, wide := scan.JSON(key); escaped || wide {
		return false
	}
	n := copy(k.text[1:], key)
	k.text[0], k.text[n+1], k.text[n+2] = '"', '"', ':'
	k.size, k.secret, k.event = uint8(n+3), e.Redact.Match(key), 0
	return true
}

// noted books that the last member of the event's own object has this name, and that
// an earlier one of the same name has gone by that.
func (e *Encoder) noted(k *knownKey) {
	last := len(e.members) - 1
	if k.event == e.event {
		e.members[k.member].dead = true
		e.objects[top].dead = true
	}
	k.event, k.member = e.event, int32(last)
}
