// Command bare is a service that logs, and serves a page of its own.
package main

import (
	"html/template"
	"log"
	"net/http"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
)

var hello = template.Must(template.New("hello").Parse("Hello {{.}}"))

func main() {
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		logger.Info(r.Context(), "HELLO", syslog.Guest(), "hello")
		_ = hello.Execute(w, r.URL.Path)
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
