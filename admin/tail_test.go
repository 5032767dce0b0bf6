package admin_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// sse is one event of a stream; comments have the name ":".
type sse struct {
	id, name, data string
	log            syslog.Log
}

// listener is a client of a tail, which remembers where it was.
type listener struct {
	t      *testing.T
	url    string
	last   string
	lines  *bufio.Reader
	leave  context.CancelFunc
	closed func() error
}

func (l *listener) connect() (status int) {
	l.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := http.NewRequestWithContext(ctx, "GET", l.url, nil)
	require.NoError(l.t, err)
	if l.last != "" {
		r.Header.Set("Last-Event-ID", l.last)
	}
	res, err := http.DefaultClient.Do(r) //nolint:bodyclose // drop does
	require.NoError(l.t, err)
	l.lines, l.leave, l.closed = bufio.NewReaderSize(res.Body, 4096), cancel, res.Body.Close
	return res.StatusCode
}

func (l *listener) drop() {
	l.leave()
	_ = l.closed()
}

// next is the next event of the stream, or ok false at its end.
func (l *listener) next() (e sse, ok bool) {
	for {
		line, err := l.lines.ReadString('\n')
		if err != nil {
			return e, false
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch field {
		case "id":
			e.id = value
		case "event":
			e.name = value
		case "data":
			e.data = value
		case "retry":
			e.name = "retry"
		case "":
			if e.name == "" && value == "" && strings.HasPrefix(line, ":") {
				e.name = ":"
				continue
			}
			if e.name == "log" {
				require.NoError(l.t, json.Unmarshal([]byte(e.data), &e.log))
				l.last = e.id
			}
			return e, true
		}
	}
}

// log is the next event of the log.
func (l *listener) log() syslog.Log {
	l.t.Helper()
	for {
		e, ok := l.next()
		require.True(l.t, ok, "the stream ended")
		if e.name == "log" {
			return e.log
		}
	}
}

// ready waits until the tail listens.
func (l *listener) ready() *listener {
	l.t.Helper()
	e, ok := l.next()
	require.True(l.t, ok)
	require.Equal(l.t, "retry", e.name)
	return l
}

// serve is a site over the network.
func (s *site) serve() string {
	srv := httptest.NewServer(s.mux)
	s.t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
		http.DefaultClient.CloseIdleConnections()
	})
	return srv.URL
}

func (s *site) listen(url, query string) *listener {
	l := &listener{t: s.t, url: url + logs + "/tail" + query}
	require.Equal(s.t, 200, l.connect())
	s.t.Cleanup(l.drop)
	return l.ready()
}

// once checks that each event came once, those of a producer in the order in which it
// logged them.
func once(t *testing.T, got []syslog.Log, producers, each int) {
	t.Helper()
	seen, next := map[string]bool{}, make([]int, producers)
	for _, l := range got {
		require.False(t, seen[l.ID], "%s came twice", l.Message)
		seen[l.ID] = true
		var p, n int
		_, err := fmt.Sscanf(l.Message, "%d/%d", &p, &n)
		require.NoError(t, err)
		require.Equal(t, next[p], n, "producer %d", p)
		next[p]++
	}
	require.Len(t, got, producers*each)
}

// TestTailAcrossDroppedConnections: each event once, in order, however often the client
// comes again, while four goroutines log.
func TestTailAcrossDroppedConnections(t *testing.T) {
	s := open(t, admin.Options{TailInterval: 20 * time.Millisecond}) // which finds nothing that is new
	c := s.listen(s.serve(), "?type=WORK&minLevel=WARNING")
	const producers, each = 4, 600
	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for n := range each {
				s.logger.Warning(context.Background(), "WORK", syslog.System(), fmt.Sprintf("%d/%d", p, n))
				s.logger.Info(context.Background(), "WORK", syslog.System(), "not chosen")
				if n%50 == 49 {
					_ = s.logger.Flush(context.Background())
				}
			}
		})
	}
	var got []syslog.Log
	for len(got) < producers*each {
		if got = append(got, c.log()); len(got)%97 == 0 {
			c.drop()
			require.Equal(t, 200, c.connect())
		}
	}
	wg.Wait()
	once(t, got, producers, each)
}

// TestTailGoesOnFromTheStore where the feed has forgotten, and in another process.
func TestTailGoesOnFromTheStore(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	c := s.listen(s.serve(), "")
	say := func(l *syslog.Logger, from, to int) {
		for n := from; n < to; n++ {
			l.Info(context.Background(), "WORK", syslog.System(), fmt.Sprintf("0/%d", n))
		}
		require.NoError(t, l.Flush(context.Background()))
	}
	say(s.logger, 0, 10)
	var got []syslog.Log
	for range 10 {
		got = append(got, c.log())
	}
	c.drop()
	say(s.logger, 10, 6000) // more than a feed keeps
	require.Equal(t, 200, c.connect())
	for range 3000 {
		got = append(got, c.log())
	}
	c.drop() // in the middle of catching up
	require.Equal(t, 200, c.connect())
	for range 2990 {
		got = append(got, c.log())
	}
	say(s.logger, 6000, 6010)
	for range 10 {
		got = append(got, c.log())
	}
	c.drop()

	st, err := sqlite.Open(s.path) // the next process
	require.NoError(t, err)
	l, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	say(l, 6010, 6020)
	h, err := admin.New(l, &admin.Options{Authorize: boss, Logger: quiet, TailInterval: -1})
	require.NoError(t, err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	t.Cleanup(h.EndTails)
	c.url = srv.URL + logs + "/tail"
	require.Equal(t, 200, c.connect())
	for range 10 {
		got = append(got, c.log())
	}
	say(l, 6020, 6030)
	for range 10 {
		got = append(got, c.log())
	}
	once(t, got, 1, 6030)
}

// TestTailOfOtherProcesses: what others store is found by looking, and what this process
// stores is not found again.
func TestTailOfOtherProcesses(t *testing.T) {
	s := open(t, admin.Options{TailInterval: 5 * time.Millisecond})
	st, err := sqlite.Open(s.path)
	require.NoError(t, err)
	other, err := syslog.New(st, &syslog.Config{Logger: quiet})
	require.NoError(t, err)
	t.Cleanup(func() { _ = other.Close() })
	s.logger.Info(context.Background(), "BEFORE", syslog.System(), "not shown")
	require.NoError(t, s.logger.Flush(context.Background()))
	c := s.listen(s.serve(), "?type=WORK")
	var got []syslog.Log
	for n := range 50 {
		other.Info(context.Background(), "WORK", syslog.System(), fmt.Sprintf("0/%d", n))
		s.logger.Info(context.Background(), "WORK", syslog.System(), fmt.Sprintf("1/%d", n))
		got = append(got, c.log(), c.log())
	}
	once(t, got, 2, 50)

	const many = 12_000 // more than are read at a time
	var events []syslog.Log
	for n := range many {
		events = append(events, syslog.Log{ID: fmt.Sprintf("x%06d", n), Type: "WORK", Actor: syslog.ActorSystem, Message: fmt.Sprintf("0/%d", n), CreatedAt: time.Now().UTC().Truncate(time.Millisecond)})
	}
	s.write(events...)
	got = nil
	for range many {
		got = append(got, c.log())
	}
	once(t, got, 1, many)
}

// TestSlowReaderSlowsNobody: it takes nothing while much more is stored than lies between
// it and the log, and then has it all.
func TestSlowReaderSlowsNobody(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	c := s.listen(s.serve(), "")
	const events = 20_000
	long := strings.Repeat("x", 2000)
	for n := range events {
		s.logger.Info(context.Background(), "WORK", syslog.System(), fmt.Sprintf("0/%d %s", n, long))
		if n%5000 == 4999 {
			require.NoError(t, s.logger.Flush(context.Background()), "nobody is held back")
		}
	}
	stats := s.logger.Stats()
	require.Zero(t, stats.Dropped+stats.Refused)
	var got []syslog.Log
	for range events {
		got = append(got, c.log())
	}
	once(t, got, 1, events)
}

// TestTailBeginsBehindAnEvent that a page has.
func TestTailBeginsBehindAnEvent(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	for i := range 5 {
		require.NoError(t, s.logger.Commit(context.Background(), syslog.Log{ID: fmt.Sprint("id", i), Type: "T"}))
	}
	url := s.serve()
	c := s.listen(url, "?since=id2")
	require.Equal(t, "id3", c.log().ID)
	require.Equal(t, "id4", c.log().ID)
	again := s.listen(url, "?lastEventId="+c.last)
	require.NoError(t, s.logger.Commit(context.Background(), syslog.Log{ID: "id5", Type: "T"}))
	require.Equal(t, "id5", c.log().ID)
	require.Equal(t, "id5", again.log().ID)
}

// TestTailRefuses what makes no sense, and too many.
func TestTailRefuses(t *testing.T) {
	s := open(t, admin.Options{MaxTails: 2, TailInterval: -1})
	for query, field := range map[string]string{
		"endDate=2024-01-31": "endDate", "asOf=2024-01-31": "asOf", "lastEventId=x": "lastEventId", "lastEventId=a.1.b": "lastEventId", "limit=5": "limit", "level=FATAL": "level", "format=xml": "format",
		"format=html&cols=nothing": "cols",
	} {
		w := s.do("GET", logs+"/tail?"+query, "")
		require.Equal(t, 400, w.Code, query)
		require.Contains(t, w.Body.String(), `"field":"`+field+`"`)
	}
	require.Equal(t, 400, s.do("GET", logs+"/tail", "", "Last-Event-ID", "rubbish").Code)
	require.Equal(t, 404, s.do("GET", logs+"/tail?since=nothing", "").Code)
	w := s.do("HEAD", logs+"/tail", "")
	require.Equal(t, 200, w.Code)
	require.Equal(t, "text/event-stream; charset=utf-8", w.Header().Get("Content-Type"))
	url := s.serve()
	first := s.listen(url, "")
	s.listen(url, "")
	w = s.do("GET", logs+"/tail", "")
	require.Equal(t, 429, w.Code)
	require.NotEmpty(t, w.Header().Get("Retry-After"))
	first.drop()
	require.Eventually(t, func() bool {
		third := &listener{t: t, url: url + logs + "/tail"}
		defer func() { third.drop() }()
		return third.connect() == 200
	}, 10*time.Second, time.Millisecond)
}

// TestTailEndsWithTheLogger, and when told to: a server that shuts down does not wait.
func TestTailEndsWithTheLogger(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	c := s.listen(s.serve(), "")
	s.logger.Info(context.Background(), "LAST", syslog.System(), "x")
	require.NoError(t, s.logger.Close())
	require.Equal(t, "LAST", c.log().Type)
	e, ok := c.next()
	require.True(t, ok)
	require.Equal(t, sse{name: "end", data: `{"reason":"over"}`}, e)
	_, ok = c.next()
	require.False(t, ok)
	require.Equal(t, 503, s.do("GET", logs+"/tail", "").Code)

	s = open(t, admin.Options{TailInterval: -1})
	h, err := admin.New(s.logger, &admin.Options{Authorize: boss, Logger: quiet})
	require.NoError(t, err)
	srv := httptest.NewServer(h)
	srv.Config.RegisterOnShutdown(h.EndTails)
	c = s.listen(srv.URL, "")
	require.NoError(t, srv.Config.Shutdown(context.Background()))
	e, ok = c.next()
	require.True(t, ok)
	require.Equal(t, "end", e.name)
}

// TestTailOverHTTP2 outlives the time that a client may take for what it is sent.
func TestTailOverHTTP2(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	srv := httptest.NewUnstartedServer(s.handler)
	srv.EnableHTTP2 = true
	srv.StartTLS()
	t.Cleanup(srv.Close)
	t.Cleanup(s.handler.EndTails)
	require.Zero(t, deadlinesLeft(t, s.handler))
	res, err := srv.Client().Get(srv.URL + logs + "/tail")
	require.NoError(t, err)
	require.Equal(t, 2, res.ProtoMajor)
	s.logger.Info(context.Background(), "ONE", syslog.System(), "x")
	lines := bufio.NewReader(res.Body)
	for line := ""; !strings.Contains(line, "ONE"); {
		line, err = lines.ReadString('\n')
		require.NoError(t, err)
	}
	require.NoError(t, res.Body.Close())
}

// deadlines notes what a handler sets.
type deadlines struct {
	heard
	left atomic.Int32 // 1 while there is one
}

func (d *deadlines) Flush() {}
func (d *deadlines) SetWriteDeadline(at time.Time) error {
	d.left.Store(map[bool]int32{true: 0, false: 1}[at.IsZero()])
	return nil
}

// deadlinesLeft is how many there are while a tail waits.
func deadlinesLeft(t *testing.T, h *admin.Handler) int32 {
	ctx, leave := context.WithCancel(context.Background())
	w, ended := &deadlines{heard: heard{header: http.Header{}}}, make(chan struct{})
	go func() {
		defer close(ended)
		h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", logs+"/tail", nil))
	}()
	require.Eventually(t, func() bool { return strings.Contains(w.String(), "retry") && w.left.Load() == 0 }, 10*time.Second, time.Millisecond)
	left := w.left.Load()
	leave()
	<-ended
	return left
}

// TestClockAhead: an event of the future keeps none of the present away.
func TestClockAhead(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	c := s.listen(s.serve(), "")
	ctx := context.Background()
	require.NoError(t, s.logger.Commit(ctx, syslog.Log{Type: "AHEAD", CreatedAt: time.Now().Add(time.Hour)}))
	require.Equal(t, "AHEAD", c.log().Type)
	c.drop()
	for i := range 5 {
		require.NoError(t, s.logger.Commit(ctx, syslog.Log{Type: "GAP", Message: fmt.Sprint(i), CreatedAt: time.Now().Add(time.Second)}))
	}
	h, err := admin.New(s.logger, &admin.Options{Authorize: boss, Logger: quiet, TailInterval: -1}) // as of another process
	require.NoError(t, err)
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	t.Cleanup(h.EndTails)
	c.url = srv.URL + logs + "/tail"
	require.Equal(t, 200, c.connect())
	for i := range 5 {
		require.Equal(t, fmt.Sprint(i), c.log().Message)
	}
}
