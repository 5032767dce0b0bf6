package store

import (
	"bytes"
	"cmp"
	"database/sql"
	"encoding/json"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// columns of the table, in the order of every INSERT.
func (s *Store) columns() string {
	return "id, level, type, actor, " + s.actorID() + ", message, metadata, " + s.created()
}

func (s *Store) actorID() string { return cmp.Or(s.dialect.ActorIDColumn, "actor_id") }
func (s *Store) created() string { return cmp.Or(s.dialect.CreatedAtColumn, "created_at") }

// row adds the arguments of one event to those of an insert.
func (s *Store) row(dst []any, l *syslog.Log) []any {
	if stored := s.dialect.Stored; stored != nil {
		as := stored(*l)
		l = &as
	}
	var actorID, metadata any
	if l.ActorID != "" {
		actorID = l.ActorID
	}
	if len(l.Metadata) > 0 {
		metadata = string(l.Metadata)
	}
	return append(dst, l.ID, l.Level.String(), l.Type, string(l.Actor), actorID, l.Message, metadata, s.dialect.time(l.CreatedAt))
}

// scanLog reads a row. One that another program wrote must not hide the page it
// is on: an unknown level is ERROR, and what is no JSON object becomes one.
func scanLog(rows *sql.Rows) (l syslog.Log, err error) {
	var level, actor string
	var actorID, metadata sql.NullString
	var ms millis
	if err := rows.Scan(&l.ID, &level, &l.Type, &actor, &actorID, &l.Message, &metadata, &ms, new(any)); err != nil {
		return l, err
	}
	l.Level = levelOf(level)
	l.Actor, l.ActorID = syslog.LogActor(actor), actorID.String
	l.CreatedAt = ms.time()
	if metadata.Valid {
		l.Metadata = object([]byte(metadata.String))
	}
	return l, nil
}

// levelOf is the level that a row with this text has.
func levelOf(text string) syslog.LogLevel {
	l, err := syslog.ParseLevel(text)
	if err != nil {
		return syslog.LevelError
	}
	return l
}

// object makes metadata of a column's text: nil, or one JSON object.
func object(text []byte) json.RawMessage {
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0 || string(trimmed) == "null":
		return nil
	case !json.Valid(trimmed):
		quoted, err := json.Marshal(string(text))
		if err != nil {
			return nil // a string always has a JSON form
		}
		trimmed = quoted
	case trimmed[0] == '{':
		return text
	}
	return append(append([]byte(`{"_value":`), trimmed...), '}')
}

// millis reads created_at as Unix milliseconds, whatever type the driver makes
// of it.
type millis int64

func (m *millis) Scan(src any) error {
	switch v := src.(type) {
	case int64:
		*m = millis(v)
	case float64:
		*m = millis(v)
	case time.Time:
		*m = millis(v.UnixMilli())
	case []byte:
		return m.Scan(string(v))
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil { // another program's idea of a time
			t, _ := time.Parse(time.DateTime, v)
			n = t.UnixMilli()
		}
		*m = millis(n)
	default:
		*m = 0
	}
	return nil
}

func (m millis) time() time.Time { return time.UnixMilli(int64(m)).UTC() }
