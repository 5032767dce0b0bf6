package pgtest

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// Binary is the path of a program that comes with the server.
func Binary(t testing.TB, name string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(found) == 0 {
		t.Fatalf("PostgreSQL: no %s in PATH or /usr/lib/postgresql: install the server's package (make deps)", name)
	}
	return found[len(found)-1]
}
