package main

import (
	"net/url"

	gormsqlite "gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	_ "modernc.org/sqlite" // SQLite in Go: the example needs no C compiler
)

// openDatabase opens the service's database with what SQLite needs under several
// writers: a write-ahead log, patience, and transactions that lock when they
// begin instead of failing halfway.
func openDatabase(path string) (*gorm.DB, error) {
	dsn := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: url.Values{
		"_pragma": {"journal_mode(WAL)", "busy_timeout(5000)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := gorm.Open(gormsqlite.New(gormsqlite.Config{DriverName: "sqlite", DSN: dsn.String()}), &gorm.Config{
		Logger: logger.Discard, // errors are returned, and logged by whoever gets them
	})
	if err != nil {
		return nil, err
	}
	return db, db.AutoMigrate(&User{}, &CallOffer{}, &Booking{}, &Payment{}, &Payout{}, &StripeEvent{})
}

func closeDatabase(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}
