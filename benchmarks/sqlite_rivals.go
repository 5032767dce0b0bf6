package main

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/callastar/syslog"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// inserts is the side with the driver's own prepared INSERT, in transactions of the
// size of ours.
const inserts = "prepared INSERT"

// liteRival is another way to write the same rows.
type liteRival struct {
	name  string
	rows  int
	write func(ctx context.Context, path string) (time.Duration, error)
	least float64
}

func (li *lite) rivals() []liteRival {
	few := min(singles, li.rows)
	tuned := &gorm.Config{Logger: logger.Discard, SkipDefaultTransaction: true, PrepareStmt: true}
	plain := &gorm.Config{Logger: logger.Discard}
	batches := func(cfg *gorm.Config, size int) func(ctx context.Context, path string) (time.Duration, error) {
		return li.gorm(cfg, li.rows, func(db *gorm.DB, rows []liteRow) error { return db.CreateInBatches(rows, size).Error })
	}
	calls := func(db *gorm.DB, rows []liteRow) error {
		for batch := range slices.Chunk(rows, syslog.DefaultBatchSize) {
			if err := db.CreateInBatches(batch, 500).Error; err != nil {
				return err
			}
		}
		return nil
	}
	single := func(db *gorm.DB, rows []liteRow) error {
		for i := range rows {
			if err := db.Create(&rows[i]).Error; err != nil {
				return err
			}
		}
		return nil
	}
	return []liteRival{
		{inserts, li.rows, li.insert(syslog.DefaultBatchSize), 0.95},
		{"prepared INSERT, one transaction", li.rows, li.insert(li.rows), 0},
		{"prepared INSERT, without database/sql", li.rows, li.bare, 0.95},
		{".import", li.rows, li.shell(liteSettings...), 0.8},
		{".import, the shell's defaults", li.rows, li.shell("journal_mode=DELETE"), 0},
		{"GORM CreateInBatches(100)", li.rows, batches(plain, 100), 0},
		{"GORM CreateInBatches(500)", li.rows, batches(plain, 500), 1.6},
		{"GORM CreateInBatches(500), a call for each of our batches", li.rows, li.gorm(plain, li.rows, calls), 0},
		{"GORM CreateInBatches(500), tuned", li.rows, batches(tuned, 500), 0},
		{"GORM Create", few, li.gorm(plain, few, single), 0},
		{"GORM Create, tuned", few, li.gorm(tuned, few, single), 0},
	}
}

func (li *lite) gorm(cfg *gorm.Config, n int, create func(db *gorm.DB, rows []liteRow) error) func(ctx context.Context, path string) (time.Duration, error) {
	return func(ctx context.Context, path string) (took time.Duration, err error) {
		rows, err := li.kept(ctx, n)
		if err != nil {
			return 0, err
		}
		err = pooled(ctx, path, func(pool *sql.DB) error {
			c := *cfg // Open keeps things in it
			db, err := gorm.Open(gormsqlite.Dialector{Conn: pool}, &c)
			if err != nil {
				return err
			}
			start := time.Now()
			err = create(db, rows)
			took = time.Since(start)
			return err
		})
		return took, err
	}
}
