package admin_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing/fstest"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
)

// A program adds Spanish, which is English as far as it does not say everything yet. Programs
// embed a folder of such files, and hand over its fs.Sub.
func ExampleOptions_catalogs() {
	spanish := `{
		"lang.name": "Español",
		"not_found": "No se encuentra",
		"problem.home": "Abrir el explorador"
	}`
	logger, err := syslog.New(syslogtest.NewStore(), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer logger.Close()
	h, err := admin.New(logger, &admin.Options{
		Authorize: func(*http.Request) (admin.Principal, error) {
			return admin.Principal{ID: "adm_1", Perms: admin.PermView}, nil
		},
		Catalogs: fstest.MapFS{"es.json": {Data: []byte(spanish)}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := httptest.NewRequest("GET", "/nothing-here", nil)
	r.Header.Set("Accept-Language", "es-MX, en;q=0.5")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Header().Get("Content-Language"))
	for _, text := range []string{"No se encuentra", "Abrir el explorador", "There is no page at this address", ">English<", ">Español<"} {
		fmt.Println(text, regexp.MustCompile(regexp.QuoteMeta(text)).MatchString(w.Body.String()))
	}
	// Output:
	// es
	// No se encuentra true
	// Abrir el explorador true
	// There is no page at this address true
	// >English< true
	// >Español< true
}
