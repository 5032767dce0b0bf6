package main

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"time"

	"github.com/callastar/syslog"
)

const liteColumns = "id, level, type, actor, actor_id, message, metadata, created_at"

// liteRow is the model that a service with GORM would have.
type liteRow struct {
	ID        string `gorm:"primaryKey"`
	Level     string
	Type      string
	Actor     string
	ActorID   string
	Message   string
	Metadata  string
	CreatedAt int64 `gorm:"autoCreateTime:milli"`
}

// TableName is our table.
func (liteRow) TableName() string { return "system_logs" }

// event is the row as the store takes it.
func (r *liteRow) event() (syslog.Log, error) {
	level, err := syslog.ParseLevel(r.Level)
	return syslog.Log{
		ID: r.ID, Level: level, Type: r.Type, Actor: syslog.LogActor(r.Actor), ActorID: r.ActorID,
		Message: r.Message, Metadata: []byte(r.Metadata), CreatedAt: time.UnixMilli(r.CreatedAt).UTC(),
	}, err
}

// kept reads the first n rows that a logger made. They do not stay in memory: the
// garbage collector would look at them in the turns of those that do not need them.
func (li *lite) kept(ctx context.Context, n int) (rows []liteRow, err error) {
	defer runtime.GC() // not in the time of those who asked
	err = opened(ctx, li.made, func(conn *sql.Conn) error {
		found, err := conn.QueryContext(ctx, "SELECT "+liteColumns+"+0 FROM system_logs ORDER BY rowid LIMIT ?", n) // +0 is no time for the driver
		if err != nil {
			return err
		}
		defer func() { _ = found.Close() }()
		for found.Next() {
			var r liteRow
			if err := found.Scan(&r.ID, &r.Level, &r.Type, &r.Actor, &r.ActorID, &r.Message, &r.Metadata, &r.CreatedAt); err != nil {
				return err
			}
			rows = append(rows, r)
		}
		return found.Err()
	})
	if err == nil && len(rows) != n {
		err = fmt.Errorf("a logger stored %d events of %d", len(rows), n)
	}
	return rows, err
}
