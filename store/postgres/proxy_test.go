package postgres_test

import (
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// proxy stands between a store and its server, and holds each COPY at its end.
type proxy struct {
	server string // its address
	listen net.Listener
	ends   chan *copyEnd // of COPYs that are held
	open   chan struct{} // closed: none is held any more
	over   chan struct{} // closed at the end of the test
	work   sync.WaitGroup
}

// copyEnd is a COPY whose rows the server has, but not that they were all.
type copyEnd struct {
	message []byte
	client  net.Conn
	server  net.Conn
	cut     chan struct{} // closed: the connections are cut
}

// forward tells the server that it was all. Its answer gets nowhere.
func (c *copyEnd) forward(t *testing.T) {
	t.Helper()
	_, err := c.server.Write(c.message)
	require.NoError(t, err)
}

// newProxy returns a proxy for the server of dsn, and the connection string
// through it.
func newProxy(t *testing.T, dsn string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	p := &proxy{server: u.Host, ends: make(chan *copyEnd), open: make(chan struct{}), over: make(chan struct{})}
	p.listen, err = net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	u.Host = p.listen.Addr().String()
	p.work.Go(func() {
		for {
			client, err := p.listen.Accept()
			if err != nil {
				return
			}
			p.work.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, p.listen.Close())
		p.pass()
		close(p.over)
		p.work.Wait()
	})
	return p, u.String()
}

// next is the next COPY at its end.
func (p *proxy) next(t *testing.T) *copyEnd {
	t.Helper()
	select {
	case end := <-p.ends:
		return end
	case <-time.After(patience):
		require.Fail(t, "no COPY came to its end")
		return nil
	}
}

// pass lets everything through from now on.
func (p *proxy) pass() {
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}

// serve connects a client with the server until one of them or a cut ends it.
func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return // it is down, and so is the client's connection
	}
	ended := make(chan struct{})
	defer close(ended)
	p.work.Go(func() { // a test that failed leaves connections open
		select {
		case <-p.over:
			_, _ = client.Close(), server.Close()
		case <-ended:
		}
	})
	answers := &gate{to: client}
	var back sync.WaitGroup
	back.Go(func() {
		defer client.Close()
		_, _ = io.Copy(answers, server)
	})
	defer back.Wait()
	defer server.Close()
	head := make([]byte, 4) // of the startup message: its length
	for started := false; ; started, head = true, make([]byte, 5) {
		message, err := readMessage(client, head)
		if err != nil {
			return
		}
		if started && message[0] == 'c' { // CopyDone
			end := &copyEnd{message, client, server, make(chan struct{})}
			answers.shut()
			select {
			case p.ends <- end:
				select {
				case <-end.cut:
				case <-p.over:
				}
				return
			case <-p.open:
				answers.reopen()
			}
		}
		if _, err := server.Write(message); err != nil {
			return
		}
	}
}
