package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// PrismaActorKey is the key of the metadata in which PrismaLayout keeps an actor
// that the enum of the table lacks. The event's own metadata is beside it, under
// PrismaMetadataKey.
const (
	PrismaActorKey    = "_syslogActor"
	PrismaMetadataKey = "_syslogMetadata"
)

// The name of an actor where metadata keeps it, and metadata without it.
const (
	prismaActor    = "COALESCE(metadata->>'" + PrismaActorKey + "', actor::text)"
	prismaJSON     = "(CASE WHEN metadata->>'" + PrismaActorKey + "' IS NULL THEN metadata ELSE metadata->'" + PrismaMetadataKey + "' END)"
	prismaMetadata = prismaJSON + "::text"
)

// prisma reads from the catalog how the table is made, and says what is missing.
func (l *layout) prisma(ctx context.Context, db *sql.DB, o *Options) error {
	table := quote(o.Table)
	var found sql.NullString
	if err := db.QueryRowContext(ctx, "SELECT to_regclass("+literal(table)+")::text").Scan(&found); err != nil {
		return err
	}
	if !found.Valid {
		return fmt.Errorf("table %s does not exist: run `prisma migrate deploy` first, name another with Options.Table, or leave Options.Layout off to have the library make a table of its own", table)
	}
	types, err := columnTypes(ctx, db, table)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range []struct{ name, want string }{
		{"id", "text"}, {"level", "enum"}, {"type", "text"}, {"actor", "enum"}, {"actorId", "text"},
		{"message", "text"}, {"metadata", "jsonb"}, {"createdAt", "timestamp"},
	} {
		if kind := types[c.name].kind; kind != c.want {
			errs = append(errs, fmt.Errorf("column %q is %s, want %s", c.name, orMissing(kind), c.want))
		}
	}
	if t := types["createdAt"]; t.kind == "timestamp" && (t.modifier < 0 || t.modifier > 3) {
		// Times are compared in milliseconds: of two in the same one, pages would skip some.
		errs = append(errs, errors.New(`column "createdAt" keeps parts of a millisecond, want timestamp(3), as Prisma makes of DateTime`))
	}
	l.actors = map[syslog.LogActor]bool{}
	for _, label := range types["actor"].labels {
		l.actors[syslog.LogActor(label)] = true
	}
	for _, a := range syslog.Actors() {
		if !l.actors[a] && types["actor"].kind == "enum" {
			errs = append(errs, fmt.Errorf("the enum of column actor lacks %s", a))
		}
	}
	for _, level := range syslog.Levels() {
		if t := types["level"]; t.kind == "enum" && !slices.Contains(t.labels, level.String()) {
			errs = append(errs, fmt.Errorf("the enum of column level lacks %s", level))
		}
	}
	var unique bool
	if err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
		WHERE i.indrelid = `+literal(table)+`::regclass AND i.indisunique AND i.indisvalid AND i.indnkeyatts = 1 AND i.indpred IS NULL AND a.attname = 'id')`).Scan(&unique); err != nil {
		return err
	}
	if !unique {
		errs = append(errs, errors.New("id is not its primary key"))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("table %s is not what Prisma makes of the model Log: %w; correct the model, name another table with Options.Table, or leave Options.Layout off", table, err)
	}
	l.actorID, l.createdAt, l.timeType, l.timeOID = `"actorId"`, `"createdAt"`, "timestamp", oidTimestamp
	l.levelType, l.actorType = types["level"].name, types["actor"].name
	return nil
}

// columnType is the type of a column: kind is its name, or enum.
type columnType struct {
	kind, name string // name is quoted, with its schema
	labels     []string
	modifier   int // the digits of a second, of a timestamp
}

func columnTypes(ctx context.Context, db *sql.DB, table string) (map[string]columnType, error) {
	rows, err := db.QueryContext(ctx, `SELECT a.attname, CASE t.typtype WHEN 'e' THEN 'enum' ELSE t.typname END,
			quote_ident(n.nspname) || '.' || quote_ident(t.typname),
			COALESCE((SELECT string_agg(e.enumlabel, ' ') FROM pg_enum e WHERE e.enumtypid = t.oid), ''), a.atttypmod
		FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace n ON n.oid = t.typnamespace
		WHERE a.attrelid = `+literal(table)+`::regclass AND a.attnum > 0 AND NOT a.attisdropped`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	types := map[string]columnType{}
	for rows.Next() {
		var name, labels string
		var t columnType
		if err := rows.Scan(&name, &t.kind, &t.name, &labels, &t.modifier); err != nil {
			return nil, err
		}
		t.labels = strings.Fields(labels)
		types[name] = t
	}
	return types, rows.Err()
}

func orMissing(kind string) string {
	if kind == "" {
		return "missing"
	}
	return "of type " + kind
}

// wrapActor has an actor that the enum lacks kept in metadata. Metadata that uses
// the key itself is wrapped too: nobody can pass for another by it.
func wrapActor(e syslog.Log, known map[syslog.LogActor]bool) syslog.Log {
	as := e.Actor
	if !known[as] {
		as = syslog.ActorSystem
	} else if !mentions(e.Metadata) {
		return e
	}
	wrapped := map[string]any{PrismaActorKey: e.Actor, PrismaMetadataKey: nil}
	if len(e.Metadata) > 0 {
		wrapped[PrismaMetadataKey] = e.Metadata
	}
	text, err := json.Marshal(wrapped)
	if err != nil { // metadata is no JSON: the database will say so
		return e
	}
	e.Actor, e.Metadata = as, text
	return e
}

// mentions reports whether the key may be in metadata, be it with escapes.
func mentions(metadata []byte) bool {
	return bytes.Contains(metadata, []byte(PrismaActorKey)) || bytes.Contains(metadata, []byte(`\u`))
}

// actorsIn is the condition that the actor is one of these.
func actorsIn(known map[syslog.LogActor]bool) func(actors []syslog.LogActor) (string, []any) {
	return func(actors []syslog.LogActor) (string, []any) {
		var args []any
		list := func(actors []syslog.LogActor) string {
			for _, a := range actors {
				args = append(args, string(a))
			}
			return " IN (?" + strings.Repeat(", ?", len(actors)-1) + ")"
		}
		column := []syslog.LogActor{syslog.ActorSystem} // where those that the enum lacks are
		for _, a := range actors {
			if known[a] && !slices.Contains(column, a) {
				column = append(column, a)
			}
		}
		return "(" + prismaActor + list(actors) + " AND actor" + list(column) + ")", args
	}
}
