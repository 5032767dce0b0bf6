package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// list reads the graph of the module as it is built with cgo ("1") or without.
func list(t *testing.T, cgo string) graph {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps,Module", module+"/...")
	cmd.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	g := graph{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return g
		} else {
			require.NoError(t, err)
		}
		g[p.ImportPath] = p
	}
}

func TestNobodyEntersARoomThatIsNotTheirs(t *testing.T) {
	t.Parallel()
	for name, cgo := range map[string]string{"with cgo": "1", "without cgo": "0"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := list(t, cgo)
			require.Contains(t, g, core)
			for _, r := range []string{core, queue, store, sqlite, suite} {
				require.Contains(t, g, r, "the list is of the whole module")
			}
			require.Empty(t, strings.Join(g.breaches(rooms), "\n"))
		})
	}
}

func TestTheCoreBringsNothingAlong(t *testing.T) {
	t.Parallel()
	g := list(t, "0")
	require.NotEmpty(t, g[core].Deps)
	for _, d := range g[core].Deps {
		require.True(t, g.allowed(d, []string{std, inside}), "the root package reaches %s", d)
	}
}

func TestBreachesAreFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path          string
		imports, deps []string
		want          string
	}{
		"gorm in the core":      {core, []string{"gorm.io/gorm"}, nil, core + " imports gorm.io/gorm"},
		"sql in the core":       {core, []string{"database/sql"}, []string{"database/sql"}, "reaches database/sql"},
		"http far below":        {core, nil, []string{"net/http"}, "reaches net/http"},
		"the store in a sink":   {module + "/sink/jsonl", []string{store}, nil, "imports " + store},
		"a driver in the store": {store, nil, []string{"modernc.org/sqlite/lib"}, "must never know modernc.org"},
		"a sibling":             {sqlite, nil, []string{postgres}, "must never know " + postgres},
		"the core in the queue": {queue, []string{core}, nil, "imports " + core},
		"a router in admin":     {module + "/admin", []string{"github.com/go-chi/chi/v5"}, nil, "imports github.com/go-chi"},
		"gorm in admin":         {module + "/admin/page", nil, []string{"gorm.io/gorm/clause"}, "must never know gorm.io"},
		"a client in metrics":   {module + "/metrics", []string{"github.com/prometheus/client_golang/prometheus"}, nil, "imports github.com/prometheus"},
		"the page in metrics":   {module + "/metrics", nil, []string{module + "/admin"}, "must never know " + module + "/admin"},
		"an example as library": {store, []string{module + "/examples/slog"}, nil, "imports " + module + "/examples/slog"},
		"insides in an example": {module + "/examples/slog", []string{frame}, nil, "imports " + frame},
		"a package of nowhere":  {module + "/utils", nil, nil, "is in no room"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := graph{c.path: {ImportPath: c.path, Imports: c.imports, Deps: c.deps, Module: ours}}
			require.Contains(t, strings.Join(g.breaches(rooms), "\n"), c.want)
		})
	}
}

func TestWhatIsAllowedIsNoBreach(t *testing.T) {
	t.Parallel()
	imports := []string{"context", "database/sql/driver", frame}
	require.Empty(t, graph{
		core:                  {ImportPath: core, Imports: imports, Deps: imports, Module: ours},
		"context":             {Standard: true},
		"database/sql/driver": {Standard: true},
		"gorm.io/gorm":        {Imports: []string{"net/http"}}, // others live as they like
	}.breaches(rooms))
}

var ours = &struct{ Path string }{module}
