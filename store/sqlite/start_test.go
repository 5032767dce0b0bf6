package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// Ten replicas start at once on a file that is not there yet.
func TestTenOpenAtOnce(t *testing.T) {
	dir := t.TempDir()
	for round := range 20 {
		path := filepath.Join(dir, fmt.Sprint(round, ".db"))
		var wg sync.WaitGroup
		errs := make([]error, 10)
		for i := range errs {
			wg.Go(func() {
				st, err := sqlite.Open(path)
				if err == nil {
					err = st.Close(context.Background())
				}
				errs[i] = err
			})
		}
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
	}
}
