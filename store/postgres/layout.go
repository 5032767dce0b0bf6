package postgres

import (
	"cmp"
	"embed"
	"strings"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
)

// layout is how a table's columns are called and typed.
type layout struct {
	actorID, createdAt string // quoted
	timeType           string
	timeOID            uint32
	// levelType and actorType are enums, quoted; "" is text.
	levelType, actorType string
	// actors are the values of the enum for actors; nil is any.
	actors map[syslog.LogActor]bool
	// key is what makes a row unique.
	key string
}

// timedKey is what makes a row of a partitioned table unique.
const timedKey = "(id, created_at)"

func (o *Options) layout() *layout {
	l := &layout{actorID: "actor_id", createdAt: "created_at", timeType: "timestamptz", timeOID: oidTimestamptz, key: "(id)"}
	if o.Partition != Unpartitioned {
		l.key = timedKey
	}
	return l
}

// columns is the list for an INSERT or COPY.
func (l *layout) columns() string {
	return "id, level, type, actor, " + l.actorID + ", message, metadata, " + l.createdAt
}

// cast is an expression as a type; "" is the type that it has.
func (l *layout) cast(expr, typ string) string {
	if typ == "" {
		return expr
	}
	return expr + "::" + typ
}

// stored is an event as the table has it.
func (l *layout) stored(e *syslog.Log) *syslog.Log {
	if l.actors == nil {
		return e
	}
	as := wrapActor(*e, l.actors)
	return &as
}

// dialect is how the store speaks to the table.
func (l *layout) dialect(o *Options) store.Dialect {
	d := store.DialectOf("postgres", false)
	if o.Partition != Unpartitioned {
		d.TimeInKey = true
		d.Migrations = partitionedMigrations()
		d.Made = o.Partition.made(o.Table, o.now())
	}
	if o.Distributed {
		d.Size, d.Indexes = nil, nil // what the workers have is not the coordinator's
		d.Made = append(d.Made, "SELECT create_distributed_table("+literal(quote(o.Table))+", 'id')")
	}
	if o.Layout == PrismaLayout {
		d.Migrations = embed.FS{} // none
		d.ActorIDColumn, d.CreatedAtColumn, d.Moment = l.actorID, l.createdAt, l.timeType
		d.CreatedAt = strings.ReplaceAll(d.CreatedAt, "created_at", l.createdAt)
		d.Actor, d.Metadata, d.MetadataJSON, d.Actors = prismaActor, prismaMetadata, prismaJSON, actorsIn(l.actors)
		d.OrderID = `id COLLATE "C"` // the column has the collation of the database
		d.Casts = []string{"text", cmp.Or(l.levelType, "text"), "text", cmp.Or(l.actorType, "text"), "text", "text", "jsonb", l.timeType}
		d.Stored = func(e syslog.Log) syslog.Log { return wrapActor(e, l.actors) }
		d.PartialIndexes, d.LimitEach = false, false
	}
	return d
}
