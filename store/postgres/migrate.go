package postgres

import (
	"embed"
	"io/fs"
	"strings"

	"github.com/callastar/syslog/store"
	gormpg "gorm.io/driver/postgres"
)

//go:embed migrations
var migrationFiles embed.FS

func partitionedMigrations() fs.FS {
	files, err := fs.Sub(migrationFiles, "migrations/partitioned")
	if err != nil {
		return embed.FS{} // the name is a valid one
	}
	return files
}

// MigrateSQL returns the statements that New would run on an empty database, for
// hosts that keep migrations of their own. They end with the record of what was
// done: New finds then that nothing is left to do. With PrismaLayout there are
// none. Partitions are those of today; New makes the ones that are missing when it
// runs later.
func MigrateSQL(opts *Options) (string, error) {
	o, err := opts.check()
	if err != nil {
		return "", err
	}
	if o.Layout == PrismaLayout {
		return "", nil
	}
	d := o.layout().dialect(&o)
	if o.Trigram && o.Partition == Unpartitioned {
		d.Made = append(d.Made, "CREATE EXTENSION IF NOT EXISTS pg_trgm", "CREATE INDEX "+bare(o.Table+"_trigram")+" ON "+quote(o.Table)+
			" USING gin (message gin_trgm_ops, type gin_trgm_ops, actor_id gin_trgm_ops)")
	}
	return store.MigrationSQL(gormpg.Dialector{Config: &gormpg.Config{}}, d, o.common())
}

// quote quotes a name of the form that Options.Table has, with its schema.
func quote(name string) string { return `"` + strings.ReplaceAll(name, ".", `"."`) + `"` }

// literal quotes text for a statement that takes no arguments.
func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }
