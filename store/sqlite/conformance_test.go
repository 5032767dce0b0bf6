package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/callastar/syslog/store/storetest"
	"github.com/stretchr/testify/require"
)

func TestConformance(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) (*store.Store, error){
		"file":   func(t *testing.T) (*store.Store, error) { return sqlite.Open(filepath.Join(t.TempDir(), "a.db")) },
		"memory": func(*testing.T) (*store.Store, error) { return sqlite.Open(":memory:") },
		"host":   func(t *testing.T) (*store.Store, error) { return sqlite.New(hostDB(t, nil), nil) },
		"host, other table": func(t *testing.T) (*store.Store, error) {
			return store.New(hostDB(t, nil), &store.Options{Table: "main.Audit_Log", BatchSize: 7, BatchPause: -1})
		},
		"portable": func(t *testing.T) (*store.Store, error) {
			return store.New(hostDB(t, nil), &store.Options{Portable: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) syslog.Store {
				st, err := open(t)
				require.NoError(t, err)
				return st
			})
		})
	}
}
