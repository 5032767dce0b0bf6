package sink

import "sync"

// once runs a Close the first time and repeats its answer after that.
type once struct {
	do  sync.Once
	err error
}

func (o *once) close(f func() error) error {
	o.do.Do(func() { o.err = f() })
	return o.err
}
