package syslog

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"reflect"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/callastar/syslog/internal/frame"
	"github.com/callastar/syslog/internal/jsonenc"
	"github.com/callastar/syslog/internal/redact"
	"github.com/callastar/syslog/internal/scan"
)

// draft is an event as a method is called with it, before it is copied, repaired
// and encoded. Type and message come in parts, so that nothing is joined twice.
type draft struct {
	id        string
	level     LogLevel
	typ       [2]string
	actor     Actor
	message   [5]string
	createdAt time.Time
	context   attrs           // what the context carries; everything else wins over it
	raw       json.RawMessage // metadata that is JSON already
	own       [4]slog.Attr    // what the helper adds; it wins over details
	owned     int
}

// add adds a field that the helper itself gives.
func (d *draft) add(key string, v slog.Value) {
	d.own[d.owned] = slog.Attr{Key: key, Value: v}
	d.owned++
}

// encoder turns drafts into frames. It is safe for concurrent use.
type encoder struct {
	redact      *redact.Set
	maxMetadata int
	now         func() time.Time // nil is time.Now
	wall        wallClock
	pool        sync.Pool
}

func newEncoder(set *redact.Set, maxMetadata int, now func() time.Time) *encoder {
	e := &encoder{redact: set, maxMetadata: maxMetadata, now: now}
	e.wall.init()
	e.pool.New = func() any { return &jsonenc.Encoder{Redact: set} }
	return e
}

// clock reads the host's clock, which may be of any quality.
func (e *encoder) clock() (t time.Time) {
	if e.now == nil {
		return time.Now()
	}
	defer func() {
		if recover() != nil || t.IsZero() || !inRange(t) {
			t = time.Now()
		}
	}()
	return e.now()
}

// inRange reports whether JSON and every database have a form for t.
func inRange(t time.Time) bool {
	y := t.UTC().Year()
	return y >= 1 && y <= 9999
}

// frame encodes a draft into the buffer of je.
func (e *encoder) frame(je *jsonenc.Encoder, d *draft, level LogLevel, details []Detail) {
	var h frame.Head
	je.Buf = frame.Begin(je.Buf)

	lv := level.index()
	badLevel := lv < 0
	if badLevel {
		lv = LevelError.index()
	}
	h.Level = uint8(lv)

	badTime := false
	switch at := d.createdAt; {
	case !at.IsZero() && inRange(at):
		h.CreatedAt = at.UnixMilli()
	case e.now == nil:
		badTime = !at.IsZero()
		h.CreatedAt = e.wall.milli()
	default:
		badTime = !at.IsZero()
		h.CreatedAt = e.clock().UnixMilli()
	}

	badID := len(d.id) > maxIDLen || !isClean(d.id)
	if d.id != "" && !badID {
		je.Buf = append(je.Buf, d.id...)
		h.ID = len(d.id)
	} else {
		je.Buf = appendID(je.Buf, h.CreatedAt)
		h.ID = idSize
	}

	h.Type = appendText(je, "type", MaxType, d.typ[:]...)
	if h.Type == 0 {
		je.Buf = append(je.Buf, typeUnspecified...)
		h.Type = len(typeUnspecified)
	}
	kind, badActor := d.actor.Kind, false
	if kind == "" {
		kind = ActorSystem
	} else if !kind.Valid() {
		kind, badActor = ActorSystem, true
	}
	je.Buf = append(je.Buf, kind...)
	h.Actor = len(kind)
	h.ActorID = appendText(je, "actorId", MaxActorID, d.actor.ID)
	h.Message = appendText(je, "message", MaxMessage, d.message[:]...)

	je.Begin(e.maxMetadata)
	if len(d.context) > 0 {
		je.Attrs(d.context)
	}
	if len(d.raw) > 0 {
		je.Object(d.raw)
	}
	for _, det := range details {
		switch det := det.(type) {
		case Metadata:
			je.Map(det)
		case attrs:
			je.Attrs(det)
		}
	}
	for i := range d.own[:d.owned] {
		je.Own(d.own[i].Key, d.own[i].Value)
	}
	if badLevel {
		je.Own("_level", slog.IntValue(int(level)))
	}
	if badActor {
		je.Own("_actor", slog.StringValue(string(d.actor.Kind)))
	}
	if badTime {
		je.Own("_createdAt", slog.StringValue(d.createdAt.String()))
	}
	if badID {
		je.Own("_id", slog.StringValue(d.id))
	}
	h.Metadata = je.End()
	frame.End(je.Buf, h)
}

const typeUnspecified = "UNSPECIFIED"

// appendText appends the parts, repaired and up to limit bytes, and returns how
// many bytes these are.
func appendText(je *jsonenc.Encoder, field string, limit int, parts ...string) int {
	start, b := len(je.Buf), je.Buf
	for i, s := range parts {
		if s == "" {
			continue
		}
		if len(b)-start+len(s) > limit || !isClean(s) {
			je.Buf = b
			return len(b) - start + appendRepaired(je, field, limit-(len(b)-start), parts[i:])
		}
		b = append(b, s...)
	}
	je.Buf = b
	return len(b) - start
}

func appendRepaired(je *jsonenc.Encoder, field string, limit int, parts []string) int {
	start := len(je.Buf)
	for _, s := range parts {
		left := limit - (len(je.Buf) - start)
		whole := len(s) <= left
		if !whole {
			s = cutText(s, left)
			je.MarkTruncated(field)
		}
		if !isClean(s) {
			je.MarkError(field, "NUL or invalid UTF-8 replaced")
			if s = repairText(s); len(s) > left {
				s = cutText(s, left)
				je.MarkTruncated(field)
			}
		}
		je.Buf = append(je.Buf, s...)
		if !whole {
			break
		}
	}
	return len(je.Buf) - start
}

// isClean reports whether s can be kept as it is.
func isClean(s string) bool {
	nul, wide := scan.Text(s)
	return !nul && (!wide || utf8.ValidString(s))
}

// repairText replaces each NUL and each byte that is not UTF-8, none of which
// every database takes.
func repairText(s string) string {
	if isClean(s) {
		return s
	}
	out := make([]byte, 0, len(s)+16)
	for _, r := range s {
		if r == 0 {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
	}
	return string(out)
}

// cutText shortens s to at most n bytes, at the end of a character.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := n; i > 0 && i > n-utf8.UTFMax; i-- {
		if utf8.RuneStart(s[i]) {
			return s[:i]
		}
	}
	return s[:n]
}

// fromFrame makes a Log whose strings and Metadata are views of f.
func fromFrame(f []byte) Log {
	e := frame.Decode(f)
	return Log{
		ID: e.ID, Level: levelAt(int(e.Level)), Type: e.Type,
		Actor: LogActor(e.Actor), ActorID: e.ActorID, Message: e.Message,
		Metadata: e.Metadata, CreatedAt: time.UnixMilli(e.CreatedAt).UTC(),
	}
}

// logDraft makes a draft of a whole Log.
func logDraft(l *Log) draft {
	return draft{
		id: l.ID, level: l.Level, typ: [2]string{l.Type}, actor: Actor{l.Actor, l.ActorID},
		message: [5]string{l.Message}, createdAt: l.CreatedAt, raw: l.Metadata,
	}
}

// normalize returns l as it would be stored, with nothing shared with l.
func (e *encoder) normalize(l Log) Log {
	je := e.pool.Get().(*jsonenc.Encoder)
	d := logDraft(&l)
	e.frame(je, &d, l.Level, nil)
	out := fromFrame(append([]byte(nil), je.Buf...))
	je.Reset()
	e.pool.Put(je)
	return out
}

var plainEncoder = sync.OnceValue(func() *encoder {
	return newEncoder(redact.New(redact.Default()...), DefaultMaxMetadata, nil)
})

// Normalize returns l as a Logger with the default Config would store it: with
// an ID and a time, repaired, capped and redacted. It is for stores and tests;
// what a Logger is given it normalises itself. The result shares nothing with l.
func Normalize(l Log) Log { return plainEncoder().normalize(l) }

func normalName(s string) string { return redact.Normal(s) }

// isNil also sees a nil pointer in an interface.
func isNil(v any) bool {
	if v == nil {
		return true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Func, reflect.Chan, reflect.Slice:
		return r.IsNil()
	}
	return false
}

// errorType names the type of an error for a person to read.
func errorType(err error) string { return fmt.Sprintf("%T", err) }
