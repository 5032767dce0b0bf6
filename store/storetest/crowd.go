package storetest

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// readAll reads a list to its end or its failure.
func readAll(ctx context.Context, st syslog.Store) error {
	for _, err := range st.All(ctx, syslog.Filter{Search: "É"}) {
		if err != nil {
			return err
		}
	}
	return nil
}

// readPages turns pages to the last one.
func readPages(ctx context.Context, st syslog.Store) error {
	q := syslog.Query{Limit: 50, Count: syslog.CountCapped}
	for {
		p, err := st.Query(ctx, q)
		if err != nil || p.Pagination.NextCursor == "" {
			return err
		}
		q.Cursor = p.Pagination.NextCursor
	}
}

// testCrowd has six goroutines at work. Whatever their order, each event is
// deleted once, cleaned up once, or left.
func testCrowd(t *testing.T, st syslog.Store) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	const batches, size = 30, 20
	policy := syslog.RetentionPolicy{syslog.LevelWarning: time.Hour}
	var deleted, cleaned atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for _, work := range []func() error{
		func() error { return readAll(bounded, st) },
		func() error { return readPages(bounded, st) },
		func() error {
			n, err := st.Delete(bounded, syslog.Filter{Type: "doomed"})
			deleted.Add(n)
			return err
		},
		func() error {
			n, err := st.Delete(bounded, syslog.Filter{ActorID: "doomed", Search: "é"})
			deleted.Add(n)
			return err
		},
		func() error {
			s, err := st.Cleanup(bounded, policy, day.AddDate(0, 0, 1))
			cleaned.Add(s.TotalDeleted)
			if errors.Is(err, syslog.ErrCleanupRunning) {
				return nil
			}
			return err
		},
	} {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := work(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range batches { // the sixth
		logs := events(size, func(j int, l *syslog.Log) {
			*l = event(size*i + j)
			switch l.Message = "échec"; j % 4 {
			case 0:
				l.Type, l.ActorID = "DOOMED", "doomed"
			case 1:
				l.Level = syslog.LevelWarning
			}
		})
		if err := st.Write(bounded, logs); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	wg.Wait()
	n, err := st.Delete(ctx, syslog.Filter{Type: "DOOMED"})
	require.NoError(t, err)
	s, err := st.Cleanup(ctx, policy, day.AddDate(0, 0, 1))
	require.NoError(t, err)
	require.EqualValues(t, batches*size/4, deleted.Load()+n)
	require.EqualValues(t, batches*size/4, cleaned.Load()+s.TotalDeleted)
	require.EqualValues(t, batches*size/2, total(t, st, syslog.Filter{}))
}

// testCloseAmongCalls closes the store under those who read and delete: each ends
// with an error soon.
func testCloseAmongCalls(t *testing.T, st syslog.Store) {
	bounded, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	write(t, st, events(600, nil)...)
	var wg, started sync.WaitGroup
	for _, work := range []func() error{
		func() error { return readAll(bounded, st) },
		func() error { return readPages(bounded, st) },
		func() error { _, err := st.Delete(bounded, syslog.Filter{Type: "none"}); return err },
		func() error { _, err := st.Cleanup(bounded, syslog.DefaultRetention(), day); return err },
	} {
		started.Add(1)
		wg.Go(func() {
			err := work()
			if err != nil {
				t.Error("before it was closed:", err)
			}
			started.Done()
			for err == nil {
				err = work()
			}
			if errors.Is(err, context.DeadlineExceeded) {
				t.Error("goes on as if nobody had closed the store")
			}
		})
	}
	started.Wait()
	closing := st.Close(ctx)
	wg.Wait()
	require.NoError(t, closing)
}
