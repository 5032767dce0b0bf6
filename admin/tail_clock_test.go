package admin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// TestTailOverTime: signs of life, who may not any more, losses, and an end.
func TestTailOverTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := syslogtest.NewStore()
		l, err := syslog.New(st, &syslog.Config{Logger: quiet, QueueSize: 100})
		require.NoError(t, err)
		defer l.Close()
		var denied atomic.Bool
		h, err := admin.New(l, &admin.Options{Logger: quiet, Authorize: func(r *http.Request) (admin.Principal, error) {
			if denied.Load() {
				return admin.Principal{}, admin.ErrUnauthenticated
			}
			return boss(r)
		}})
		require.NoError(t, err)
		listen := func() (w *heard, ended <-chan struct{}) {
			w, done := &heard{header: http.Header{}}, make(chan struct{})
			go func() {
				defer close(done)
				h.ServeHTTP(w, httptest.NewRequest("GET", logs+"/tail", nil))
			}()
			synctest.Wait()
			return w, done
		}
		isOver := func(ended <-chan struct{}) bool {
			synctest.Wait()
			select {
			case <-ended:
				return true
			default:
				return false
			}
		}
		w, ended := listen()
		require.Equal(t, "retry: 3000\n\n", w.String())
		time.Sleep(46 * time.Second)
		synctest.Wait()
		require.Equal(t, 3, strings.Count(w.String(), ":"+" \n\n"))

		release := st.Block() // no room comes
		for range 200 {
			l.Info(context.Background(), "MANY", syslog.System(), "x")
		}
		lost := l.Stats().Refused
		require.NotZero(t, lost)
		release()
		require.NoError(t, l.Flush(context.Background()))
		time.Sleep(time.Second) // until the log itself tells of it
		synctest.Wait()
		require.Equal(t, 1, strings.Count(w.String(), "event: dropped\ndata: {\"dropped\":"))
		require.Equal(t, int(200-lost), strings.Count(w.String(), `"MANY"`))
		require.Equal(t, 1, strings.Count(w.String(), syslog.TypeEventsDropped))

		denied.Store(true)
		time.Sleep(13 * time.Second)
		require.True(t, isOver(ended), "a minute after it was allowed")
		require.True(t, strings.HasSuffix(w.String(), "event: end\ndata: {\"reason\":\"denied\"}\n\n"))
		denied.Store(false)

		_, ended = listen()
		time.Sleep(15*time.Minute - time.Second)
		require.False(t, isOver(ended))
		time.Sleep(time.Second)
		require.True(t, isOver(ended), "for the client to come again")
	})
}

// heard is a response that may be read while it is written.
type heard struct {
	mu     sync.Mutex
	text   strings.Builder
	header http.Header
}

func (h *heard) Header() http.Header { return h.header }
func (h *heard) WriteHeader(int)     {}
func (h *heard) Write(b []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.Write(b)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.text.String()
}

// TestPreviewOnAWholeSecond: what comes within that second is spared, too.
func TestPreviewOnAWholeSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins on one
		l, err := syslog.New(syslogtest.NewStore(), &syslog.Config{Logger: quiet})
		require.NoError(t, err)
		defer l.Close()
		h, err := admin.New(l, &admin.Options{Logger: quiet, Authorize: boss})
		require.NoError(t, err)
		ask := func(method, path, body string) map[string]any {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
			return object(t, w)
		}
		preview := ask("POST", logs+"/delete-preview", `{"deleteType":"filters","type":"X"}`)
		time.Sleep(500 * time.Millisecond)
		l.Info(context.Background(), "X", syslog.System(), "after the preview")
		require.NoError(t, l.Flush(context.Background()))
		require.EqualValues(t, 0, ask("DELETE", logs, `{"deleteType":"filters","type":"X","asOf":"`+preview["asOf"].(string)+`"}`)["deletedCount"])
	})
}

// slowly takes nine seconds for a write.
type slowly struct{ heard }

func (s *slowly) Write(b []byte) (int, error) {
	time.Sleep(9 * time.Second)
	return s.heard.Write(b)
}

// TestTailThatCatchesUpIsAskedAgain whether its client may.
func TestTailThatCatchesUpIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := syslogtest.NewStore()
		l, err := syslog.New(st, &syslog.Config{Logger: quiet})
		require.NoError(t, err)
		defer l.Close()
		var events []syslog.Log
		for i := range 5000 {
			events = append(events, event(string(rune('a'+i/26/26%26))+string(rune('a'+i/26%26))+string(rune('a'+i%26)), "T", i))
		}
		require.NoError(t, st.Write(context.Background(), events))
		asked := 0
		h, err := admin.New(l, &admin.Options{Logger: quiet, Authorize: func(r *http.Request) (admin.Principal, error) {
			if asked++; asked > 1 {
				return admin.Principal{}, admin.ErrUnauthenticated
			}
			return boss(r)
		}})
		require.NoError(t, err)
		defer h.EndTails()
		w := &slowly{heard{header: http.Header{}}}
		h.ServeHTTP(w, httptest.NewRequest("GET", logs+"/tail?since=aaa", nil))
		require.Less(t, strings.Count(w.String(), "event: log\n"), 2000)
		require.Contains(t, w.String(), "denied")
		time.Sleep(2 * time.Minute) // the feed ends
	})
}
