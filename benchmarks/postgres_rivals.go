package main

import (
	"context"
	"slices"
	"time"

	"github.com/callastar/syslog"
	"github.com/jackc/pgx/v5"
	gormpg "gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// rival is another way to write the same rows.
type rival struct {
	name  string
	rows  int
	write func(ctx context.Context) (time.Duration, error)
	ours  string // what it is compared with; "" is the logger
	least float64
}

func (in *ingest) rivals() []rival {
	few := min(singles, in.rows)
	tuned := &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true, PrepareStmt: true}
	plain := &gorm.Config{Logger: logger.Discard}
	psql := func(files ...string) func(ctx context.Context) (time.Duration, error) {
		return func(ctx context.Context) (time.Duration, error) { return in.psql(ctx, files...) }
	}
	gormed := func(cfg *gorm.Config, rows int, create func(db *gorm.DB, rows []gormRow) error) func(ctx context.Context) (time.Duration, error) {
		return func(ctx context.Context) (time.Duration, error) { return in.gorm(ctx, cfg, rows, create) }
	}
	return []rival{
		{`psql \copy, text`, in.rows, psql("text"), "", 0.9},
		{`psql \copy, binary`, in.rows, psql("binary"), "", 0},
		{`two psql \copy, text`, in.rows, psql("text 0", "text 1"), ourTwo, 0.9},
		{"GORM CreateInBatches(1000)", in.rows, gormed(plain, in.rows, inBatches), "", 1.8},
		{"GORM CreateInBatches(1000), tuned", in.rows, gormed(tuned, in.rows, inBatches), "", 0},
		{"GORM Create", few, gormed(plain, few, oneByOne), "", 35},
		{"GORM Create, tuned", few, gormed(tuned, few, oneByOne), "", 0},
		{"pgx unnest ON CONFLICT, batches of ours", in.rows, in.unnest, ourRetry, 0},
		{"pgx CopyFrom, batches of ours", in.rows, in.copyFrom, ourCopy, 0},
	}
}

// gormRow is the model that a service with GORM would have.
type gormRow struct {
	ID        string `gorm:"primaryKey"`
	Level     string
	Type      string
	Actor     string
	ActorID   *string
	Message   string
	Metadata  string `gorm:"type:jsonb"`
	CreatedAt time.Time
}

// TableName is our table.
func (gormRow) TableName() string { return "system_logs" }

func inBatches(db *gorm.DB, rows []gormRow) error { return db.CreateInBatches(rows, 1000).Error }

func oneByOne(db *gorm.DB, rows []gormRow) error {
	for i := range rows {
		if err := db.Create(&rows[i]).Error; err != nil {
			return err
		}
	}
	return nil
}

func (in *ingest) gorm(ctx context.Context, cfg *gorm.Config, n int, create func(db *gorm.DB, rows []gormRow) error) (time.Duration, error) {
	logs, err := in.events()
	if err != nil {
		return 0, err
	}
	rows := make([]gormRow, n)
	for i := range rows {
		l := &logs[i]
		rows[i] = gormRow{l.ID, l.Level.String(), l.Type, string(l.Actor), nullable(l.ActorID), l.Message, string(l.Metadata), l.CreatedAt}
	}
	c := *cfg // Open keeps things in it
	db, err := gorm.Open(gormpg.Open(in.dsn), &c)
	if err != nil {
		return 0, err
	}
	pool, err := db.DB()
	if err != nil {
		return 0, err
	}
	defer func() { _ = pool.Close() }()
	start := time.Now()
	err = create(db.WithContext(ctx), rows)
	return time.Since(start), err
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

const ourColumns = "id, level, type, actor, actor_id, message, metadata, created_at"

// unnest adds batches as people who know pgx would, so that they may come again.
func (in *ingest) unnest(ctx context.Context) (time.Duration, error) {
	const insert = "INSERT INTO system_logs (" + ourColumns + ") SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], " +
		"$5::text[], $6::text[], $7::jsonb[], $8::timestamptz[]) ON CONFLICT (id) DO NOTHING"
	return in.pgx(ctx, func(conn *pgx.Conn, batch []syslog.Log) error {
		n := len(batch)
		id, level, typ, actor, message := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
		actorID, metadata, created := make([]*string, n), make([][]byte, n), make([]time.Time, n)
		for i := range batch {
			l := &batch[i]
			id[i], level[i], typ[i], actor[i], actorID[i] = l.ID, l.Level.String(), l.Type, string(l.Actor), nullable(l.ActorID)
			message[i], metadata[i], created[i] = l.Message, l.Metadata, l.CreatedAt
		}
		_, err := conn.Exec(ctx, insert, id, level, typ, actor, actorID, message, metadata, created)
		return err
	})
}

func (in *ingest) copyFrom(ctx context.Context) (time.Duration, error) {
	columns := []string{"id", "level", "type", "actor", "actor_id", "message", "metadata", "created_at"}
	return in.pgx(ctx, func(conn *pgx.Conn, batch []syslog.Log) error {
		_, err := conn.CopyFrom(ctx, pgx.Identifier{"system_logs"}, columns, pgx.CopyFromSlice(len(batch), func(i int) ([]any, error) {
			l := &batch[i]
			return []any{l.ID, l.Level.String(), l.Type, string(l.Actor), nullable(l.ActorID), l.Message, []byte(l.Metadata), l.CreatedAt}, nil
		}))
		return err
	})
}

func (in *ingest) pgx(ctx context.Context, write func(conn *pgx.Conn, batch []syslog.Log) error) (took time.Duration, err error) {
	logs, err := in.events()
	if err != nil {
		return 0, err
	}
	err = connected(ctx, in.dsn, func(conn *pgx.Conn) error {
		start := time.Now()
		for batch := range slices.Chunk(logs, syslog.DefaultBatchSize) {
			if err := write(conn, batch); err != nil {
				return err
			}
		}
		took = time.Since(start)
		return nil
	})
	return took, err
}
