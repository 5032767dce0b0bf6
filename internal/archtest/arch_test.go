// Package archtest reads the project's import graph and its files, and fails
// where they break the rules of docs/DESIGN.md.
package archtest

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/callastar/syslog"

// rule says what a package, or every package below a path that ends with /...,
// must not import. A rule with only allows nothing else but the standard library.
type rule struct {
	pkg        string
	never      []string // prefixes; with everything they import in turn
	only       []string // direct imports beside the standard library
	exceptions []string
}

var rules = []rule{
	{pkg: module, never: []string{"gorm.io", "database/sql", "net/http", "html/template", "github.com/mattn", "modernc.org", module + "/store", module + "/sink", module + "/admin"},
		only: []string{module + "/internal"}, exceptions: []string{"database/sql/driver"}},
	{pkg: module + "/internal/pipeline", only: []string{module + "/internal/frame"}},
	{pkg: module + "/internal/frame", only: []string{}},
	{pkg: module + "/internal/jsonenc", only: []string{module + "/internal/redact"}},
	{pkg: module + "/sink/...", never: []string{"gorm.io", "database/sql", module + "/store", module + "/admin"},
		only: []string{module, module + "/internal", module + "/sink"}, exceptions: []string{"database/sql/driver"}},
	{pkg: module + "/store", never: []string{"gorm.io/driver", "github.com/mattn", "modernc.org", "net/http", module + "/sink", module + "/admin"},
		only: []string{module, module + "/internal", "gorm.io/gorm"}},
	{pkg: module + "/store/sqlite", never: []string{module + "/store/postgres", module + "/admin", module + "/sink", "gorm.io/driver/postgres"}},
	{pkg: module + "/syslogtest", never: []string{"gorm.io", "github.com/stretchr", module + "/store", module + "/admin"},
		only: []string{module, module + "/internal"}},
}

type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Deps       []string
}

func list(t *testing.T) map[string]pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Standard,Imports,Deps", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	require.NoError(t, err)
	all := map[string]pkg{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
}

func under(path string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// breaches returns what a package imports against a rule.
func breaches(r rule, p pkg, all map[string]pkg) (bad []string) {
	for _, dep := range p.Imports {
		if under(dep, r.never) && !slices.Contains(r.exceptions, dep) {
			bad = append(bad, dep)
		} else if r.only != nil && !all[dep].Standard && dep != "C" && !under(dep, r.only) {
			bad = append(bad, dep)
		} else if slices.Contains(r.only, module) && strings.HasPrefix(dep, module+"/") && !under(dep, without(r.only, module)) {
			bad = append(bad, dep) // the root, not all that lies below it
		}
	}
	for _, dep := range p.Deps {
		// What a dependency needs is its own affair; ours is held to the rule.
		if !all[dep].Standard && under(dep, r.never) && !slices.Contains(bad, dep) {
			bad = append(bad, dep+" (indirectly)")
		}
	}
	return bad
}

func without(list []string, s string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == s })
}

func TestWhoMayImportWhom(t *testing.T) {
	all := list(t)
	for _, r := range rules {
		seen := false
		for path, p := range all {
			if prefix, below := strings.CutSuffix(r.pkg, "/..."); path == r.pkg || below && under(path, []string{prefix}) {
				seen = true
				require.Empty(t, breaches(r, p, all), path)
			}
		}
		require.True(t, seen, "no package for the rule of %s", r.pkg)
	}
}

func TestTheRulesCanFail(t *testing.T) {
	all := list(t)
	for name, c := range map[string]struct{ as, is string }{
		"a store is no core":  {module, module + "/store"},
		"a driver in a store": {module + "/store", module + "/store/sqlite"},
		"a store in a sink":   {module + "/sink/...", module + "/store"},
		"testify for users":   {module + "/syslogtest", module + "/store/storetest"},
		"core in a pipeline":  {module + "/internal/pipeline", module},
	} {
		i := slices.IndexFunc(rules, func(r rule) bool { return r.pkg == c.as })
		require.NotEmpty(t, breaches(rules[i], all[c.is], all), name)
	}
}

const (
	maxLines    = 500
	maxMedian   = 150
	leastSample = 20
)

func TestFileSizes(t *testing.T) {
	var sizes []int
	require.NoError(t, filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n := bytes.Count(b, []byte("\n"))
		if n > maxLines {
			t.Errorf("%s has %d lines, above %d", path, n, maxLines)
		}
		if !strings.HasSuffix(path, "_test.go") {
			sizes = append(sizes, n)
		}
		return nil
	}))
	require.Greater(t, len(sizes), leastSample)
	slices.Sort(sizes)
	require.LessOrEqual(t, sizes[len(sizes)/2], maxMedian, "median of %v", sizes)
}
