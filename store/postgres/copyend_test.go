package postgres_test

import (
	"testing"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/stretchr/testify/require"
)

// TestOutageAtTheEndOfCopy takes connection and server away when a batch is about
// to be committed, and when it is but nobody was told.
func TestOutageAtTheEndOfCopy(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	p, through := newProxy(t, server.DSN())
	f := newFlow(t, through, server.DSN())
	f.push(0, outageEvents/2)
	restart := func() {
		server.Stop()
		server.Start()
	}
	crash := func() {
		server.Kill()
		server.Start()
	}
	duplicates := 0
	for _, c := range []struct {
		name      string
		committed bool
		then      func()
	}{
		{"acknowledgement lost in a crash", true, crash},
		{"connection lost before the commit", false, func() {}},
		{"acknowledgement lost in a restart", true, restart},
		{"crash before the commit", false, crash},
		{"acknowledgement lost with the connection", true, func() {}},
		{"restart before the commit", false, restart},
		{"acknowledgement lost in a second crash", true, crash},
	} {
		end := p.next(t)
		before := f.rows()
		require.Equal(t, f.stored(), before, c.name)
		if c.committed {
			end.forward(t)
			await(t, "the batch is committed", func() bool { return f.rows() > before })
			batch := f.rows() - before
			require.LessOrEqual(t, batch, outageBatch, c.name)
			duplicates += batch
		}
		c.then()
		close(end.cut)
	}
	p.pass()
	f.push(outageEvents/2, outageEvents)
	f.end()
	require.EqualValues(t, duplicates, f.logger.Stats().Duplicate)
}

// TestOutageServerNotTold has the server wait for the end of a COPY whose client
// is gone, as where a network in between went down for long.
func TestOutageServerNotTold(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	p, through := newProxy(t, dsn)
	f := newFlow(t, through, dsn)
	f.push(0, outageEvents)
	end := p.next(t)
	await(t, "the server holds rows and waits for more", func() (held bool) {
		f.row(`SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()
			AND query LIKE 'COPY %' AND wait_event = 'ClientRead' AND backend_xid IS NOT NULL)`, &held)
		return held
	})
	require.NoError(t, end.client.Close()) // and the server's connection stays
	p.pass()
	f.end()
}
