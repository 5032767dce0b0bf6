package admin_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// document is what of the OpenAPI description is compared with the handler.
type document struct {
	Paths map[string]map[string]struct {
		Description string
		Parameters  []map[string]any
		Responses   map[string]any
		RequestBody any
	}
	Components struct {
		Parameters map[string]map[string]any
	}
}

// TestDescriptionIsComplete: the same paths, methods, permissions and parameters as the
// handler has, none more and none less.
func TestDescriptionIsComplete(t *testing.T) {
	s := open(t, admin.Options{CronSecret: "x"})
	s.write(some(8)...)
	w := s.do("GET", logs+"/openapi.json", "")
	require.Equal(t, 200, w.Code)
	var doc document
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &doc))

	described, served := []string{"post " + cron}, []string{}
	for path, methods := range doc.Paths {
		for method := range methods {
			served = append(served, method+" "+path)
		}
	}
	names := map[string]bool{"levl": true}
	query := func(all []map[string]any) map[string]bool {
		own := map[string]bool{}
		for _, p := range all {
			if ref, ok := p["$ref"].(string); ok {
				p = doc.Components.Parameters[ref[strings.LastIndex(ref, "/")+1:]]
			}
			if name := fmt.Sprint(p["name"]); p["in"] == "query" {
				own[strings.Replace(name, ".*", ".price", 1)], names[strings.Replace(name, ".*", ".price", 1)] = true, true
			}
		}
		return own
	}
	own := map[string]map[string]bool{}
	for _, r := range requests(t, "/api/") {
		described = append(described, strings.ToLower(r.Method)+" "+r.Path)
		op := doc.Paths[r.Path][strings.ToLower(r.Method)]
		require.Contains(t, op.Description, "Needs the permission "+permission(r.Perm)+".", "%s %s", r.Method, r.Path)
		require.Equal(t, r.body != "", op.RequestBody != nil, "%s %s", r.Method, r.Path)
		own[r.Method+r.Path] = query(op.Parameters)
	}
	require.ElementsMatch(t, described, served)
	for _, r := range requests(t, "/api/") {
		for name := range names {
			and := map[bool]string{true: "&", false: "?"}[strings.Contains(r.path, "?")]
			with := r
			with.path += and + name + "=rubbish"
			_, body := s.ask(with)
			refused := strings.Contains(body, "is not a parameter here") || strings.Contains(body, "cannot be given")
			require.Equal(t, own[r.Method+r.Path][name], !refused, "%s %s: %s: %s", r.Method, r.Path, name, body)
		}
	}
}

func permission(p admin.Perm) string {
	return map[admin.Perm]string{
		admin.PermView: "view", admin.PermExport: "export", admin.PermDelete: "delete",
		admin.PermCleanup: "cleanup", admin.PermReveal: "reveal", admin.PermErase: "erase",
	}[p]
}
