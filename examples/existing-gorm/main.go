// Existing-gorm puts the log into a database that a program has already, beside
// its own tables: an event can be part of a transaction of the program's.
//
//	go run ./examples/existing-gorm
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	_ "modernc.org/sqlite" // SQLite in Go: the example needs no C compiler
)

func main() {
	dir, err := os.MkdirTemp("", "existing-gorm-")
	if err == nil {
		err = errors.Join(run(os.Stdout, filepath.Join(dir, "app.db")), os.RemoveAll(dir))
	}
	if err != nil {
		log.Fatal(err)
	}
}

// Booking is the program's own model.
type Booking struct {
	ID     string
	UserID string
}

func run(w io.Writer, path string) (err error) {
	ctx := context.Background()

	// What the program has anyway. Under several writers SQLite needs a write-ahead
	// log, patience, and transactions that lock when they begin.
	db, err := gorm.Open(gormsqlite.New(gormsqlite.Config{
		DriverName: "sqlite",
		DSN:        path + "?_pragma=journal_mode(WAL)&_pragma=busy_timeout(5000)&_txlock=immediate",
	}), &gorm.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeDatabase(db)) }() // the program's own affair, as before
	if err := db.AutoMigrate(&Booking{}); err != nil {
		return err
	}

	// The log in the same database. Its table is made if it is missing.
	st, err := sqlite.New(db, nil)
	if err != nil {
		return err
	}
	logger, err := syslog.New(st, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, logger.Close()) }()

	// The booking and its event, together or not at all.
	if err := book(db, st, Booking{"bk_1", "usr_ada"}, nil); err != nil {
		return err
	}
	noMoney := errors.New("card declined")
	if err := book(db, st, Booking{"bk_2", "usr_bob"}, noMoney); !errors.Is(err, noMoney) {
		return fmt.Errorf("the second booking should have failed: %w", err)
	}
	// What failed is worth an event too: outside of the transaction that is gone.
	logger.APIError(ctx, "/api/bookings", noMoney, syslog.User("usr_bob"))

	return report(ctx, w, db, logger)
}

// book stores a booking and what tells of it in one transaction, which ends with
// failure if there is one.
func book(db *gorm.DB, st *store.Store, b Booking, failure error) error {
	return db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Create(&b).Error; err != nil {
			return err
		}
		metadata, err := json.Marshal(map[string]string{"bookingId": b.ID})
		if err != nil {
			return err
		}
		if err := st.WriteTx(tx, syslog.Log{
			Type: "BOOKING_CREATED", Actor: syslog.ActorUser, ActorID: b.UserID,
			Message: "Booking " + b.ID + " created", Metadata: metadata,
		}); err != nil {
			return err
		}
		return failure
	})
}

// report prints what is stored, of the program's and of the log's.
func report(ctx context.Context, w io.Writer, db *gorm.DB, logger *syslog.Logger) error {
	var bookings []Booking
	if err := db.Find(&bookings).Error; err != nil {
		return err
	}
	if err := logger.Flush(ctx); err != nil {
		return err
	}
	page, err := logger.Query(ctx, syslog.Query{Order: syslog.Asc})
	if err != nil {
		return err
	}
	for _, b := range bookings {
		if _, err := fmt.Fprintf(w, "booking  %s of %s\n", b.ID, b.UserID); err != nil {
			return err
		}
	}
	for _, l := range page.Logs {
		if _, err := fmt.Fprintf(w, "event    %-7v %-16s %s %s: %s\n", l.Level, l.Type, l.Actor, l.ActorID, l.Message); err != nil {
			return err
		}
	}
	return nil
}

func closeDatabase(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}
