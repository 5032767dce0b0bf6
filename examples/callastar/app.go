package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"gorm.io/gorm"
)

// options are what main decides on. The zero value of now, iterations and the timeouts is
// their default.
type options struct {
	db           string
	stripeSecret string
	cronSecret   string // of the scheduler that has old events deleted; "" lets none in
	now          func() time.Time
	iterations   int // of passwords
	writeTimeout time.Duration
	queryTimeout time.Duration // of the activity log
	demo         demoOptions
}

// app is the service: its database, and the log in the same one.
type app struct {
	options
	gorm     *gorm.DB
	events   *store.Store // for events that belong to a transaction
	logger   *syslog.Logger
	sessions *sessions
	admin    *admin.Handler // of the activity log
}

// newApp opens the database and starts the logger. Close it with shutdown.
func newApp(o options) (a *app, err error) {
	if o.now == nil {
		o.now = time.Now
	}
	if o.iterations == 0 {
		o.iterations = passwordIterations
	}
	if o.writeTimeout == 0 {
		o.writeTimeout = 15 * time.Second
	}
	a = &app{options: o, sessions: newSessions(o.now)}
	if a.gorm, err = openDatabase(o.db); err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeDatabase(a.gorm))
		}
	}()
	if err = a.seed(); err != nil {
		return nil, fmt.Errorf("fill the database: %w", err)
	}
	// The same handle as the service's own tables have.
	if a.events, err = sqlite.New(a.gorm, nil); err != nil {
		return nil, err
	}
	if a.logger, err = syslog.New(a.events, &syslog.Config{Now: o.now}); err != nil {
		return nil, err
	}
	if a.admin, err = a.newAdmin(); err != nil {
		return nil, errors.Join(err, a.logger.Close())
	}
	return a, nil
}

// shutdown stores what is still queued, and then closes the database: the logger
// leaves a handle that it was given open.
func (a *app) shutdown(ctx context.Context) error {
	return errors.Join(a.logger.Shutdown(ctx), closeDatabase(a.gorm))
}
