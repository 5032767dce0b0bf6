package sqlite_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

const childEvents = 5000

// TestChild is the body of the processes that TestManyProcesses starts.
func TestChild(t *testing.T) {
	path := os.Getenv("SYSLOG_TEST_CHILD_DB")
	if path == "" {
		return // run on its own it has nothing to do
	}
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	var diagnostics bytes.Buffer
	l, err := syslog.New(st, &syslog.Config{Logger: textLogger(&diagnostics)})
	require.NoError(t, err)
	ctx := context.Background()
	for i := range childEvents {
		l.Info(ctx, "CHILD", syslog.User(fmt.Sprint(os.Getpid())), "m", syslog.Metadata{"i": i})
		if i%500 == 0 {
			require.NoError(t, l.Flush(ctx))
			_, err := l.Delete(ctx, syslog.Filter{Type: "AGED", ActorID: fmt.Sprint(i)})
			require.NoError(t, err)
			if _, err = l.Cleanup(ctx); err != nil {
				require.ErrorIs(t, err, syslog.ErrCleanupRunning)
			}
		}
	}
	require.NoError(t, l.Close())
	require.Empty(t, diagnostics.String())
}

func TestManyProcesses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.db")
	const children = 4
	type result struct {
		out []byte
		err error
	}
	results := make(chan result)
	for range children { // all of them migrate at once, too
		go func() {
			cmd := exec.Command(os.Args[0], "-test.run=^TestChild$", "-test.count=1")
			cmd.Env = append(os.Environ(), "SYSLOG_TEST_CHILD_DB="+path)
			out, err := cmd.CombinedOutput()
			results <- result{out, err}
		}()
	}
	for range children {
		r := <-results
		require.NoError(t, r.err, string(r.out))
	}
	st, err := sqlite.Open(path)
	require.NoError(t, err)
	page, err := st.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "CHILD", From: time.Unix(1, 0)}})
	require.NoError(t, err)
	require.EqualValues(t, children*childEvents, page.Pagination.TotalCount)
	require.NoError(t, st.Close(context.Background()))
}
