package admin_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// counting is a store that counts facets when it is let.
type counting struct {
	*syslogtest.Store
	facet func(ctx context.Context, field syslog.Field) error
}

func (counting) Histogram(context.Context, syslog.Filter, []time.Time) ([]syslog.LevelCounts, error) {
	return nil, nil
}

func (c counting) Facets(ctx context.Context, _ syslog.Filter, q syslog.FacetQuery) (syslog.Facet, error) {
	return syslog.Facet{}, c.facet(ctx, q.Field)
}

// mounted is a site over a store, and end its end.
func (c counting) mounted(t *testing.T, opts admin.Options) (do func(path string) *httptest.ResponseRecorder, end func()) {
	t.Helper()
	c.Store = syslogtest.NewStore()
	l, err := syslog.New(c, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	opts.Authorize, opts.Logger = boss, quiet
	h, err := admin.New(l, &opts)
	require.NoError(t, err)
	return func(path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
		return w
	}, func() { _ = l.Close() }
}

// TestFacetsUseFreePlaces, at most all of them, and give them back.
func TestFacetsUseFreePlaces(t *testing.T) {
	for _, places := range []int{1, 2, 3, 9} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			now, most, begun := 0, 0, 0
			next := make(chan struct{})
			get, end := counting{facet: func(context.Context, syslog.Field) error {
				mu.Lock()
				now++
				begun++
				most = max(most, now)
				mu.Unlock()
				<-next
				mu.Lock()
				now--
				mu.Unlock()
				return nil
			}}.mounted(t, admin.Options{HeavyQueries: places})
			defer end()
			for range 2 { // the second time as the first: the places are given back
				now, most, begun = 0, 0, 0
				answered := make(chan int, 1)
				go func() { answered <- get(logs + "/facets").Code }()
				for range len(syslog.Fields()) {
					synctest.Wait()
					next <- struct{}{}
				}
				require.Equal(t, 200, <-answered)
				require.Equal(t, min(places, len(syslog.Fields())), most)
				require.Equal(t, len(syslog.Fields()), begun)
			}
		})
	}
}

// TestFacetsFailTogether: the first failure ends the others, a panic in one is one.
func TestFacetsFailTogether(t *testing.T) {
	for name, fail := range map[string]func() error{
		"error": func() error { return errors.New("no") },
		"panic": func() error { panic("no") },
	} {
		t.Run(name, func(t *testing.T) {
			other := make(chan struct{})
			get, end := counting{facet: func(ctx context.Context, _ syslog.Field) error {
				select {
				case other <- struct{}{}: // is there, and waits
					return fail()
				case <-other:
					<-ctx.Done()
					return ctx.Err()
				}
			}}.mounted(t, admin.Options{})
			defer end()
			defer func() { _ = recover() }() // is net/http's, where it was the request's own
			require.Equal(t, 500, get(logs+"/facets").Code)
		})
	}
}
