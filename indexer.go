package syslog

import "context"

// Indexer is a Store that can say by which indexes it finds events.
type Indexer interface {
	// Indexes is Logger.Indexes. The error is [errors.ErrUnsupported] where the store has
	// the method, but not for this database.
	Indexes(ctx context.Context) ([]Index, error)
}

// IndexState is what can be said of an index. A later version may know others.
type IndexState string

// What can be said of an index.
const (
	IndexReady    IndexState = "ready"
	IndexBuilding IndexState = "building" // queries do not use it yet
	IndexInvalid  IndexState = "invalid"  // it costs writes, and queries do not use it: building it was interrupted, or goes on unseen
	IndexMissing  IndexState = "missing"  // queries that need it read the whole table
)

// Index is one of a store's, or one that it lacks.
type Index struct {
	// Name is the database's; of those in use that partitions have without their table it is
	// the first. A missing one has none.
	Name string `json:"name"`
	// Columns are what it is ordered by, as the table calls them; "" is an expression.
	Columns []string `json:"columns"`
	// Text says that it finds parts of messages, wherever they stand in them.
	Text bool `json:"text"`
	// Tables is on how many tables it is: 1, or as many as have it of those partitions
	// whose table has not. A missing one is on none.
	Tables int `json:"tables"`
	// Bytes is what the disk gives for it; 0 where the database cannot tell, as SQLite.
	Bytes int64      `json:"bytes"`
	State IndexState `json:"state"`
}

// Indexes returns the indexes of the stored events, those of a host's own making among them, and
// those that are missing, by what the queries of a [Filter] need. It asks the
// database's catalog, never the events. A store that cannot tell is
// [errors.ErrUnsupported], none is [ErrNoStore].
func (l *Logger) Indexes(ctx context.Context) ([]Index, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return nil, ErrNoStore
	}
	s, ok := l.store.(Indexer)
	if !ok {
		return nil, unsupported("Indexes", "Indexer")
	}
	return s.Indexes(ctx)
}
