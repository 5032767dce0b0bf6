package pgtest

import "testing"

// Server is a server of one test, which may take it down. Its methods are for one
// goroutine at a time.
type Server struct {
	t testing.TB
	c *cluster
}

// Start starts a server that ends with the test. It takes the binaries of one on
// the machine, also where Env names a server: that one is not ours to take down.
func Start(t testing.TB) *Server {
	t.Helper()
	c, err := newCluster()
	if err != nil {
		t.Fatalf("PostgreSQL: a server that the test can take down: %v", err)
	}
	s := &Server{t, c}
	t.Cleanup(s.end)
	return s
}

// DSN is the connection string, which stays the same.
func (s *Server) DSN() string { return s.c.dsn() }

// Kill ends every process of the server at once, as a power cut does: none gets to
// say or to write anything more.
func (s *Server) Kill() {
	s.t.Helper()
	if err := kill(s.c.proc.cmd.Process.Pid); err != nil {
		s.t.Fatalf("kill the server: %v", err)
	}
	<-s.c.proc.gone
	s.c.proc = nil
}

// Start starts the server after Kill or Stop, with the data that it had.
func (s *Server) Start() {
	s.t.Helper()
	if err := s.c.start(); err != nil {
		s.t.Fatalf("start the server again: %v", err)
	}
}

// Stop ends the server as its administrator does: it rolls back what is under way
// and says so to its clients.
func (s *Server) Stop() { s.c.shut() }

// Pause stops every process of the server where it is. Its connections stay open,
// and new ones are taken, but nothing answers.
func (s *Server) Pause() {
	s.t.Helper()
	if err := freeze(s.c.proc.cmd.Process.Pid); err != nil {
		s.t.Fatalf("pause the server: %v", err)
	}
}

// Resume goes on after Pause.
func (s *Server) Resume() {
	s.t.Helper()
	if err := thaw(s.c.proc.cmd.Process.Pid); err != nil {
		s.t.Fatalf("resume the server: %v", err)
	}
}

// end leaves nothing behind. A server that was killed has shared memory left over,
// which only its next run finds and frees.
func (s *Server) end() {
	if s.c.proc == nil {
		s.Start()
	}
	s.Resume()
	s.c.end()
}
