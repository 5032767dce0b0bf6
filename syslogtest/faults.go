package syslogtest

import (
	"context"
	"slices"
	"sync"
)

// faults is what a store was told to do wrong.
type faults struct {
	err   error
	left  int             // writes that fail with err; negative is all
	gates []chan struct{} // writes wait until each is closed
}

// next is the fault of the next write.
func (f *faults) next() error {
	if f.err == nil || f.left == 0 {
		return nil
	}
	if f.left > 0 {
		f.left--
	}
	return f.err
}

// FailWrites makes the next n writes fail with err, and store nothing: all
// further ones if n is negative, none if err is nil or n is 0. A new call
// replaces the one before. The logger tries again, unless err is
// syslog.Permanent.
func (s *Store) FailWrites(err error, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.err, s.faults.left = err, n
}

// Block makes writes hang, as a database does that does not answer, until
// release is called or their ctx ends. Reading and deleting go on. release may
// be called more than once; several blocks must all be released.
func (s *Store) Block() (release func()) {
	gate := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.gates = append(s.faults.gates, gate)
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if i := slices.Index(s.faults.gates, gate); i >= 0 {
			s.faults.gates = slices.Delete(s.faults.gates, i, i+1)
			close(gate)
		}
	})
}

// heal ends every fault.
func (s *Store) heal() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, gate := range s.faults.gates {
		close(gate)
	}
	s.faults = faults{}
}

// lockPastGates waits until nothing blocks and returns with s.mu held, or with
// ctx's error.
func (s *Store) lockPastGates(ctx context.Context) error {
	for {
		s.mu.Lock()
		if len(s.faults.gates) == 0 {
			return nil
		}
		gate := s.faults.gates[0]
		s.mu.Unlock()
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
