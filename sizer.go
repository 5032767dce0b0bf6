package syslog

import "context"

// Sizer is a Store that can say how much room its events take.
type Sizer interface {
	// Size is Logger.Size. The error is [errors.ErrUnsupported] where the store has the
	// method, but not for this database.
	Size(ctx context.Context) (int64, error)
}

// Size returns how many bytes the stored events take, with their indexes: what the
// disk gives, not what their texts add up to. On PostgreSQL it is the table with all
// of its partitions; on SQLite the whole database file, without its write-ahead log. A
// store that cannot tell is [errors.ErrUnsupported], none is [ErrNoStore].
func (l *Logger) Size(ctx context.Context) (int64, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return 0, ErrNoStore
	}
	s, ok := l.store.(Sizer)
	if !ok {
		return 0, unsupported("Size", "Sizer")
	}
	return s.Size(ctx)
}
