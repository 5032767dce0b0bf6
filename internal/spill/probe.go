package spill

import "os"

// Probe says whether something can be written. It is for the goroutine of Append. A
// crash in the middle leaves a segment without events, which Open removes.
func (l *Log) Probe() error {
	l.mu.Lock()
	number, closed := l.number+1, l.closed
	l.mu.Unlock()
	if closed {
		return errClosed
	}
	if err := os.MkdirAll(l.opt.Dir, folderPerm); err != nil {
		return err
	}
	s, _, err := create(l.opt.Dir, number, false)
	if err == nil {
		s.seal(false)
		_ = os.Remove(s.path)
	}
	_ = os.Remove(l.opt.Dir) // fails unless it is empty
	return err
}
