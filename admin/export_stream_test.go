package admin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// TestExportCap: the trailer says what a file lacks, over a real connection.
func TestExportCap(t *testing.T) {
	for rows, limit := range map[int]int{4: 0, 501: 502, 502: 501, 503: 501, 3: 1, 1: 1, 0: 1, 1000: 1000, 1001: 501} {
		s := open(t, admin.Options{ExportCap: limit})
		s.write(some(rows)...)
		server := httptest.NewServer(s.mux)
		defer server.Close()
		for _, format := range []string{"csv", "json", "ndjson"} {
			for _, order := range []string{"asc", "desc"} {
				answer, err := server.Client().Get(server.URL + logs + "/export?type=API&format=" + format + "&orderBy=" + order)
				require.NoError(t, err)
				_, declared := answer.Trailer["X-Export-Truncated"]
				require.True(t, declared)
				body, err := io.ReadAll(answer.Body)
				require.NoError(t, err)
				require.NoError(t, answer.Body.Close())
				want := rows
				if limit > 0 {
					want = min(rows, limit)
				}
				require.Len(t, exported(t, format, body), want)
				require.Equal(t, fmt.Sprint(want < rows), answer.Trailer.Get("X-Export-Truncated"), "%d of %d", want, rows)
			}
		}
		for _, l := range s.exports() {
			require.Contains(t, string(l.Metadata), fmt.Sprintf(`"truncated":%t`, limit > 0 && limit < rows))
		}
	}
}

// breaking is a store whose reads fail from one on.
type breaking struct {
	*syslogtest.Store
	reads  *atomic.Int64
	fails  int64
	broken error
}

func (b breaking) Query(ctx context.Context, q syslog.Query) (syslog.Page, error) {
	if b.reads.Add(1) >= b.fails && q.Type != "ADMIN_" {
		return syslog.Page{}, b.broken
	}
	return b.Store.Query(ctx, q)
}

// TestExportThatFailsIsNoWholeFile: the client sees that the file is broken, and the
// record says why, also below a host's handler that recovers from whatever panics.
func TestExportThatFailsIsNoWholeFile(t *testing.T) {
	for name, recovers := range map[string]bool{"plain": false, "below a handler that recovers": true} {
		t.Run(name, func(t *testing.T) {
			st := breaking{syslogtest.NewStore(), new(atomic.Int64), 3, errors.New("disk on fire")}
			var told bytes.Buffer
			l, h := inMemory(t, st, admin.Options{Logger: slog.New(slog.NewTextHandler(&told, nil))})
			require.NoError(t, st.Write(context.Background(), some(600)))
			handled := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				defer close(handled)
				if recovers {
					defer func() { _ = recover() }()
				}
				h.ServeHTTP(w, r)
			}))
			defer server.Close()
			answer, err := server.Client().Get(server.URL + logs + "/export")
			require.NoError(t, err)
			defer answer.Body.Close()
			require.Equal(t, 200, answer.StatusCode)
			body, err := io.ReadAll(answer.Body)
			if recovers {
				require.NoError(t, err, "net/http is not told")
				require.Equal(t, "true", answer.Trailer.Get("X-Export-Truncated"))
			} else {
				require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			}
			require.Equal(t, 1+1+500, bytes.Count(body, []byte("\n")), "one, and a page")
			<-handled
			record := recorded(t, l, st.Store)
			require.Equal(t, 501.0, record["exportedCount"])
			require.Equal(t, true, record["truncated"])
			require.Contains(t, record["error"], "disk on fire")
			require.Contains(t, told.String(), "disk on fire")

			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("GET", logs+"/export", nil))
			require.Equal(t, 500, w.Code, "an answer as any other")
			require.NotContains(t, w.Body.String(), "fire")
		})
	}
}

func inMemory(t *testing.T, st syslog.Store, opts admin.Options) (*syslog.Logger, *admin.Handler) {
	t.Helper()
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	opts.Authorize = boss
	if opts.Logger == nil {
		opts.Logger = quiet
	}
	h, err := admin.New(l, &opts)
	require.NoError(t, err)
	return l, h
}

// recorded is what the only record of an export says.
func recorded(t *testing.T, l *syslog.Logger, st *syslogtest.Store) (details map[string]any) {
	t.Helper()
	require.NoError(t, l.Flush(context.Background()))
	page, err := st.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_EXPORTED"}})
	require.NoError(t, err)
	require.Len(t, page.Logs, 1)
	require.NoError(t, json.Unmarshal(page.Logs[0].Metadata, &details))
	return details
}

// piped is a server and clients with connections that hold nothing back, in a bubble.
type piped chan net.Conn

func (p piped) Accept() (net.Conn, error) {
	c, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (p piped) Close() error   { return nil }
func (p piped) Addr() net.Addr { return &net.TCPAddr{} }

func (p piped) serve(t *testing.T, h http.Handler) *http.Client {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 15 * time.Second, ErrorLog: slog.NewLogLogger(quiet.Handler(), 0)}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(p)
	}()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		client, server := net.Pipe()
		p <- server
		return client, nil
	}}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		close(p)
		_ = server.Close()
		<-ended
	})
	return &http.Client{Transport: transport}
}

// wideExport is of them; the clock of a bubble begins in the year 2000.
const wideExport = logs + "/export?type=T&asOf=2030-01-01"

// wide are events of 16 KiB and more.
func wide(n int) []syslog.Log {
	events := make([]syslog.Log, n)
	for i := range events {
		events[i] = event(fmt.Sprintf("%06d", i), "T", i)
		events[i].Message = strings.Repeat("x", syslog.MaxMessage)
	}
	return events
}

// TestExportToSlowReaders: one that reads slowly has the whole file, after more than the
// time that the server gives to an answer; one that has stopped reading is given up, and
// its turn is another's.
func TestExportToSlowReaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := syslogtest.NewStore()
		l, h := inMemory(t, st, admin.Options{HeavyQueries: 1})
		require.NoError(t, st.Write(context.Background(), wide(600)))
		client := make(piped).serve(t, h)
		begun := time.Now()
		answer, err := client.Get("http://x" + wideExport)
		require.NoError(t, err)
		size := 0
		for buf := make([]byte, 128<<10); err == nil; {
			var n int
			n, err = io.ReadFull(answer.Body, buf)
			size += n
			time.Sleep(time.Second) // of the bubble's clock
		}
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "of ReadFull's buffer")
		require.Greater(t, size, 600*syslog.MaxMessage)
		require.Equal(t, "false", answer.Trailer.Get("X-Export-Truncated"))
		require.Greater(t, time.Since(begun), time.Minute)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, 600.0, recorded(t, l, st)["exportedCount"])

		stuck, err := client.Get("http://x" + wideExport)
		require.NoError(t, err)
		defer stuck.Body.Close()
		begun = time.Now()
		for range 3 {
			more, err := client.Get("http://x" + wideExport)
			require.NoError(t, err)
			defer more.Body.Close()
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", wideExport, nil))
		require.Equal(t, http.StatusTooManyRequests, w.Code, "there are four")
		w = httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", logs+"/count", nil))
		require.Equal(t, 200, w.Code, "other large reads have their turn")
		require.Equal(t, 5*time.Second, time.Since(begun), "for as long as a read may take the fifth one waited")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		require.NoError(t, l.Flush(context.Background()))
		page, err := st.Query(context.Background(), syslog.Query{Filter: syslog.Filter{Type: "ADMIN_LOGS_EXPORTED"}})
		require.NoError(t, err)
		require.Len(t, page.Logs, 5)
		require.Contains(t, string(page.Logs[0].Metadata), "i/o timeout")
	})
}

// TestExportEndsWithItsClient, and its turn is another's at once.
func TestExportEndsWithItsClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := syslogtest.NewStore()
		l, h := inMemory(t, st, admin.Options{HeavyQueries: 1})
		require.NoError(t, st.Write(context.Background(), wide(1200)))
		client := make(piped).serve(t, h)
		answer, err := client.Get("http://x" + wideExport)
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, answer.Body, 1<<20)
		require.NoError(t, err)
		begun := time.Now()
		require.NoError(t, answer.Body.Close())
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", logs+"/count", nil))
		require.Equal(t, 200, w.Code)
		require.Zero(t, time.Since(begun))
		synctest.Wait() // the record is made
		record := recorded(t, l, st)
		require.Less(t, record["exportedCount"], 600.0)
		require.NotEmpty(t, record["error"])
	})
}

// waiting is a store whose second read waits.
type waiting struct {
	*syslogtest.Store
	reads *atomic.Int64
	goOn  chan struct{}
}

func (s waiting) Query(ctx context.Context, q syslog.Query) (syslog.Page, error) {
	if s.reads.Add(1) == 2 {
		<-s.goOn
	}
	return s.Store.Query(ctx, q)
}

// TestExportBeginsAtOnce: the first event is on its way while the others are looked for.
func TestExportBeginsAtOnce(t *testing.T) {
	st := waiting{syslogtest.NewStore(), new(atomic.Int64), make(chan struct{})}
	_, h := inMemory(t, st, admin.Options{})
	require.NoError(t, st.Write(context.Background(), some(3)))
	server := httptest.NewServer(h)
	defer server.Close()
	answer, err := server.Client().Get(server.URL + logs + "/export?format=ndjson")
	require.NoError(t, err)
	defer answer.Body.Close()
	first := make([]byte, len(`{"id":"ac"`))
	_, err = io.ReadFull(answer.Body, first)
	require.NoError(t, err)
	require.Equal(t, `{"id":"ac"`, string(first))
	close(st.goOn)
	rest, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	require.Equal(t, 3, bytes.Count(rest, []byte("\n")))
}
