// Command page is bare with the admin page.
package main

import (
	"html/template"
	"log"
	"net/http"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
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
	h, err := admin.New(logger, &admin.Options{Authorize: func(*http.Request) (admin.Principal, error) {
		return admin.Principal{ID: "adm_1", Perms: admin.PermAll}, nil
	}})
	if err != nil {
		log.Fatal(err)
	}
	h.Register(http.DefaultServeMux)
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}
