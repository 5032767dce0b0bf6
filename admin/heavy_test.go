package admin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// slow is a store whose large reads end with their context.
type slow struct {
	*syslogtest.Store
	begun chan struct{}
}

func (s slow) Facets(ctx context.Context, _ syslog.Filter, _ syslog.FacetQuery) (syslog.Facet, error) {
	s.begun <- struct{}{}
	<-ctx.Done()
	return syslog.Facet{}, ctx.Err()
}

func (slow) Histogram(context.Context, syslog.Filter, []time.Time) ([]syslog.LevelCounts, error) {
	return []syslog.LevelCounts{{}}, nil
}

// TestLargeReadsTakeTurns: two at a time, others wait, and are told to come back; one whose
// client has gone away ends in the database, and makes room.
func TestLargeReadsTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := slow{syslogtest.NewStore(), make(chan struct{}, 10)}
		l, err := syslog.New(st, &syslog.Config{Logger: quiet})
		require.NoError(t, err)
		defer l.Close()
		h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet, QueryTimeout: time.Minute})
		require.NoError(t, err)
		ask := func(ctx context.Context) <-chan *httptest.ResponseRecorder {
			answer := make(chan *httptest.ResponseRecorder, 1)
			go func() {
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", logs+"/facets?fields=type", nil))
				answer <- w
			}()
			synctest.Wait()
			return answer
		}
		gone, leave := context.WithCancel(context.Background())
		first, second := ask(gone), ask(context.Background())
		require.Len(t, st.begun, 2)
		time.Sleep(time.Second) // of the bubble's clock
		third := ask(context.Background())
		require.Len(t, st.begun, 2, "the third one waits")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", logs, nil))
		require.Equal(t, 200, w.Code, "a list does not")

		leave()
		synctest.Wait()
		require.Equal(t, http.StatusServiceUnavailable, (<-first).Code, "if somebody is there to hear")
		require.Len(t, st.begun, 3, "its place is the third one's")
		fourth := ask(context.Background())
		require.Equal(t, http.StatusGatewayTimeout, (<-second).Code)
		require.Contains(t, (<-third).Body.String(), "took too long")
		w = <-fourth
		require.Equal(t, http.StatusGatewayTimeout, w.Code, "there was room before its wait was over")

		ask(context.Background())
		ask(context.Background())
		time.Sleep(30 * time.Second)
		var codes []int
		var waiting []<-chan *httptest.ResponseRecorder
		for range 4 {
			waiting = append(waiting, ask(context.Background()))
		}
		for _, answer := range waiting {
			w := <-answer
			if codes = append(codes, w.Code); w.Code == http.StatusTooManyRequests {
				require.Equal(t, "1", w.Header().Get("Retry-After"))
			}
		}
		require.ElementsMatch(t, []int{504, 504, 429, 429}, codes, "two had a turn, two waited in vain")
	})
}

// plain is a store with nothing that is optional.
type plain struct{ syslog.Store }

func (plain) Write(context.Context, []syslog.Log) error { return nil }
func (plain) Close(context.Context) error               { return nil }
func (plain) Query(_ context.Context, q syslog.Query) (syslog.Page, error) {
	q, err := q.Normalize()
	return syslog.NewPage(q, nil, 0), err
}

func stripped(prefix string, h http.Handler) http.Handler { return http.StripPrefix(prefix, h) }
