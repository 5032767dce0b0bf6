package postgres

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/callastar/syslog/store"
)

// Layout is the names and types of the table's columns.
type Layout int

// Layouts.
const (
	// DefaultLayout is the table that the library makes.
	DefaultLayout Layout = iota
	// PrismaLayout is the table that Prisma makes of the model Log: "Log", with
	// columns "actorId" and "createdAt", and enums for level and actor. The table
	// must be there, and nothing about it or beside it is changed. An actor that
	// its enum lacks is kept in metadata, under the key of [PrismaActorKey], and
	// read from there again. Metadata of old rows that is no object is read as
	// {"_value": …}.
	PrismaLayout
)

// Partition is the length of time whose events share a partition.
type Partition int

// Partitions. The first one is none: one table.
const (
	Unpartitioned Partition = iota
	Daily
	Weekly
	Monthly
)

// DefaultBatchSize is how many events Delete and Cleanup delete at a time. It is more
// than in other databases: rows that are being deleted are in no writer's way, and
// each batch waits for the disk once.
const DefaultBatchSize = 5000

// Options are the settings of a store. The zero value of a field is its default.
type Options struct {
	// Table is the name of the table, with a schema in front if it is not to be
	// found by the search path: letters, digits and _, at most 41 each, and one
	// dot. The schema must be there; a table that is not is made. Default: store.DefaultTable, or "Log" with PrismaLayout. Tables
	// beside it have its name with something behind.
	Table string
	// NoMigrate leaves the schema alone: for hosts that run [MigrateSQL]
	// themselves. The table must be there. Its partitions are made and dropped
	// all the same.
	NoMigrate bool
	// BatchSize is how many events Delete and Cleanup delete at a time, 1 to
	// 10 000, and BatchPause how long they leave the database to others in
	// between, up to ten seconds; negative is no pause. Defaults: DefaultBatchSize,
	// store.DefaultBatchPause.
	BatchSize  int
	BatchPause time.Duration
	// CleanupBudget is how long a Cleanup may take before it leaves the rest to
	// the next one. Zero is as long as it takes.
	CleanupBudget time.Duration
	// OnProgress, if set, is called by Delete and Cleanup after each batch with
	// the number of events deleted so far.
	OnProgress func(deleted int64)

	// Layout is whose table it is. Default: DefaultLayout.
	Layout Layout
	// Partition splits the table by created_at, so that Cleanup drops what is
	// old instead of deleting it row by row, and the space is free at once. The
	// key is (id, created_at) then: an event that comes again is recognised if
	// its time is the same, as it is when a logger made it. A table that was made
	// without is changed by [Repartition]. Another period than before holds for
	// partitions to come. To make and drop partitions the role must own the
	// table; where it does not, rows are deleted one by one, and Logger is told
	// that no partitions are made.
	Partition Partition
	// Trigram keeps an index on the text of message, type and actorId, by which
	// rare text is found in a large table in a millisecond instead of a second.
	// It needs the extension pg_trgm. With Partition it is built in the
	// background for each partition that is closed, and costs writers nothing.
	// Without, it lies on the table that is written to, whose inserts were then
	// measured at 7 to 36 % of their speed, by how long the texts are: think of
	// Partition first. Where the extension is not allowed the store works
	// without, and Logger is told. Switched off again, the index stays until you
	// drop it: its name is the table's with _trigram.
	Trigram bool
	// Distributed distributes the table by id over the workers of a Citus
	// cluster, whose coordinator the store is connected to.
	Distributed bool
	// Logger is told of what goes wrong in the background. nil is text to
	// stderr.
	Logger *slog.Logger

	now  func() time.Time // of tests
	tick <-chan time.Time // of tests: when the upkeep runs
}

// check returns the options with their defaults, and every wrong field.
func (o *Options) check() (Options, error) {
	var out Options
	if o != nil {
		out = *o
	}
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if out.Layout < DefaultLayout || out.Layout > PrismaLayout {
		wrong("Layout is %d: want DefaultLayout or PrismaLayout", out.Layout)
	}
	if out.Partition < Unpartitioned || out.Partition > Monthly {
		wrong("Partition is %d: want Unpartitioned, Daily, Weekly or Monthly", out.Partition)
	}
	if out.NoMigrate && out.Trigram {
		wrong("Trigram makes an index, and NoMigrate leaves the schema alone: leave Trigram off, and make the index by what MigrateSQL prints with it; queries find it")
	}
	if out.Layout == PrismaLayout {
		for name, on := range map[string]bool{
			"Partition": out.Partition != Unpartitioned, "Trigram": out.Trigram, "Distributed": out.Distributed,
		} {
			if on {
				wrong("%s changes the table, which PrismaLayout leaves as it is: choose one of them", name)
			}
		}
		if out.Table == "" {
			out.Table = "Log"
		}
	}
	if out.Table == "" {
		out.Table = store.DefaultTable
	}
	if out.now == nil {
		out.now = time.Now
	}
	if out.Logger == nil {
		out.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	if err := errors.Join(append(errs, out.common().Check())...); err != nil {
		return out, fmt.Errorf("postgres: invalid Options: %w", err)
	}
	return out, nil
}

// common are the options that every store has.
func (o *Options) common() *store.Options {
	return &store.Options{
		Table: o.Table, NoMigrate: o.NoMigrate || o.Layout == PrismaLayout, BatchSize: cmp.Or(o.BatchSize, DefaultBatchSize), BatchPause: o.BatchPause,
		CleanupBudget: o.CleanupBudget, OnProgress: o.OnProgress,
	}
}
