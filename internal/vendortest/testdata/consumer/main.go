// Command consumer is a service that has the page, and says where.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
)

func main() {
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		log.Fatal(err)
	}
	h, err := admin.New(logger, &admin.Options{Authorize: func(*http.Request) (admin.Principal, error) {
		return admin.Principal{ID: "adm_1", Perms: admin.PermAll}, nil
	}})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	h.Register(mux)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	go func() { // ends with who has started it
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}()
	fmt.Printf("http://%s\n", l.Addr())
	server := http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.Serve(l))
}
