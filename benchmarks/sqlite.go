package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
)

// ourBatches is the store without the logger in front of it.
const ourBatches = "store, batches"

// lite is the comparison of ways into one SQLite file.
type lite struct {
	*bench
	events []int  // what is recorded, by number
	made   string // the file that a logger made
	text   string // its rows, for the shell
}

func compareSQLite(ctx context.Context, b *bench) error {
	li := &lite{bench: b, events: namedActors(b.rows), made: filepath.Join(b.dir, "made.db"), text: filepath.Join(b.dir, "rows")}
	shell, err := shellVersion(ctx)
	if err != nil {
		return err
	}
	// The rivals write what a logger made: the same rows, in the same order.
	if err := fresh(ctx, li.made); err != nil {
		return err
	}
	if _, err := li.log(ctx, li.made); err != nil {
		return err
	}
	if err := li.export(ctx); err != nil {
		return err
	}
	if err := li.describeLite(ctx, shell); err != nil {
		return err
	}
	r := b.report
	sides := []side{
		li.side(ourLogger, b.rows, sameEvents, li.log),
		li.side(ourBatches, b.rows, sameRows, li.store),
	}
	for _, rival := range li.rivals() {
		sides = append(sides, li.side(rival.name, rival.rows, sameRows, rival.write))
		r.compare(ourLogger, rival.name, rival.least, 0)
	}
	r.compare(ourLogger, ourBatches, 0, 0)
	r.compare(ourBatches, inserts, 0, 0)
	return b.takeTurns(ctx, sides)
}

// namedActors are the numbers of the first n events whose actor has an ID: .import
// has no way to write NULL, and all sides shall write the same.
func namedActors(n int) []int {
	events := make([]int, 0, n)
	for i := 0; len(events) < n; i++ {
		if i%2 == 1 || actorOf(scramble(i)) != syslog.System() { // record takes the others' from a user
			events = append(events, i)
		}
	}
	return events
}

// side has rows written into a new file, and looks whether it then holds those that
// the logger made.
func (li *lite) side(name string, rows int, same string, write func(ctx context.Context, path string) (time.Duration, error)) side {
	return side{name: name, again: true, run: func(ctx context.Context, round int) (err error) {
		dir, err := os.MkdirTemp(li.dir, "turn")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		path := filepath.Join(dir, "a.db")
		if err := fresh(ctx, path); err != nil {
			return err
		}
		took, err := write(ctx, path)
		if err != nil {
			return err
		}
		if err := li.check(ctx, path, rows, same); err != nil {
			return err
		}
		li.report.add(round, name, "rows/s", perSecond(rows, took))
		return nil
	}}
}

// fresh makes a file with the library's table and indexes. Close leaves no -wal.
func fresh(ctx context.Context, path string) error {
	st, err := sqlite.Open(path)
	if err != nil {
		return err
	}
	return st.Close(ctx)
}

// What rows of two files, t and m, have in common. A logger that records the same
// events once more gives them other IDs and times.
const (
	sameEvents = "t.level = m.level AND t.type = m.type AND t.actor = m.actor AND t.actor_id = m.actor_id AND t.message = m.message AND t.metadata = m.metadata"
	sameRows   = sameEvents + " AND t.id = m.id AND t.created_at = m.created_at"
)

// check compares each row with the one at the same place of the file that the
// logger made.
func (li *lite) check(ctx context.Context, path string, rows int, same string) error {
	return opened(ctx, path, func(conn *sql.Conn) error {
		if _, err := conn.ExecContext(ctx, "ATTACH ? AS made", li.made); err != nil {
			return err
		}
		var there, equal int
		err := conn.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM main.system_logs), count(*)
			FROM main.system_logs t JOIN made.system_logs m ON m.rowid = t.rowid AND `+same).Scan(&there, &equal)
		if err == nil && (there != rows || equal != rows) {
			err = fmt.Errorf("%d rows in the table, %d of them as they should be, want %d", there, equal, rows)
		}
		return err
	})
}
