package syslog_test

import (
	"context"
	"fmt"
	"log"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

// The first event. A program opens a store on a database, for example by
// sqlite.Open("app-logs.db").
func Example() {
	ctx := context.Background()
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer logger.Close()

	logger.Auth(ctx, syslog.AuthLogin, "usr_1", true)
	logger.Auth(ctx, syslog.AuthLogin, "", false, syslog.Metadata{"email": "eve@example.com"})

	if err := logger.Flush(ctx); err != nil { // until then they may still be queued
		fmt.Println(err)
		return
	}
	page, err := logger.Query(ctx, syslog.Query{Order: syslog.Asc})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range page.Logs {
		fmt.Println(l.Level, l.Type, l.Actor, l.ActorID, l.Message, string(l.Metadata))
	}
	// Output:
	// INFO AUTH_LOGIN USER usr_1 Login of user usr_1 succeeded {"success":true}
	// WARNING AUTH_LOGIN GUEST  Login of a guest failed {"email":"eve@example.com","success":false}
}
