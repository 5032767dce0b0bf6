package syslog

import (
	"database/sql/driver"
	"fmt"
	"strings"
)

// LogLevel says how grave an event is. It is ordered and lies on the scale of
// log/slog, so a slog.Level converts by a plain conversion. The zero value is
// [LevelInfo].
//
// As text, in JSON and in SQL a level is its upper-case name.
type LogLevel int

// The four levels, in ascending order.
const (
	LevelInfo     LogLevel = 0  // normal activity
	LevelWarning  LogLevel = 4  // unusual, nothing is broken
	LevelError    LogLevel = 8  // something failed
	LevelCritical LogLevel = 12 // needs a person now
)

// Levels lists the levels in ascending order. The slice is the caller's own.
func Levels() []LogLevel {
	return []LogLevel{LevelInfo, LevelWarning, LevelError, LevelCritical}
}

// ParseLevel reads a level's name in any case. The error wraps
// [ErrInvalidLevel].
func ParseLevel(s string) (LogLevel, error) {
	for _, l := range Levels() {
		if strings.EqualFold(s, l.String()) {
			return l, nil
		}
	}
	return 0, fmt.Errorf("%w %.40q: want INFO, WARNING, ERROR or CRITICAL", ErrInvalidLevel, s)
}

// Valid reports whether l is one of [Levels].
func (l LogLevel) Valid() bool { return l.index() >= 0 }

// String returns the name of a level, and "LogLevel(n)" for any other number.
func (l LogLevel) String() string {
	switch l {
	case LevelInfo:
		return "INFO"
	case LevelWarning:
		return "WARNING"
	case LevelError:
		return "ERROR"
	case LevelCritical:
		return "CRITICAL"
	}
	return fmt.Sprintf("LogLevel(%d)", int(l))
}

// MarshalText implements encoding.TextMarshaler, and with it the JSON form.
// A number that is no level is an error wrapping [ErrInvalidLevel].
func (l LogLevel) MarshalText() ([]byte, error) {
	if !l.Valid() {
		return nil, fmt.Errorf("%w %d", ErrInvalidLevel, int(l))
	}
	return []byte(l.String()), nil
}

// UnmarshalText implements encoding.TextUnmarshaler as [ParseLevel].
func (l *LogLevel) UnmarshalText(text []byte) error {
	v, err := ParseLevel(string(text))
	if err == nil {
		*l = v
	}
	return err
}

// Value implements driver.Valuer: the upper-case name.
func (l LogLevel) Value() (driver.Value, error) {
	b, err := l.MarshalText()
	return string(b), err
}

// Scan implements sql.Scanner for text columns.
func (l *LogLevel) Scan(src any) error {
	switch v := src.(type) {
	case string:
		return l.UnmarshalText([]byte(v))
	case []byte:
		return l.UnmarshalText(v)
	}
	return fmt.Errorf("%w: cannot scan %T", ErrInvalidLevel, src)
}

// index is the position of l in Levels, or -1.
func (l LogLevel) index() int {
	switch l {
	case LevelInfo:
		return 0
	case LevelWarning:
		return 1
	case LevelError:
		return 2
	case LevelCritical:
		return 3
	}
	return -1
}

// levelAt is the inverse of index.
func levelAt(i int) LogLevel { return LogLevel(i * 4) }
