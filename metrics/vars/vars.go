// Package vars publishes what a [syslog.Logger] counts as a variable of package
// expvar.
//
// Like every import of expvar, this package's registers /debug/vars, which shows
// the command line, on [net/http.DefaultServeMux]. That is why it stands alone.
package vars

import (
	"encoding/json"
	"errors"
	"expvar"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/callastar/syslog"
)

// ErrNameTaken is what [Publish] wraps for a name of somebody else's variable.
var ErrNameTaken = errors.New("vars: name is taken by another expvar")

// publishing keeps calls of Publish from each other's names.
var publishing sync.Mutex

// Publish makes the logger's [syslog.Stats] the variable of this name in package
// expvar, as JSON. They are read anew whenever the variable is.
//
// Where the name was published before by Publish, the logger replaces the one
// before it: a nil one, whose Stats are zero, lets go of it, since expvar has no
// way to remove a name. A name that is somebody else's stays theirs, and the
// error wraps [ErrNameTaken]. Publish may be called concurrently.
func Publish(name string, logger *syslog.Logger) (err error) {
	publishing.Lock()
	defer publishing.Unlock()
	taken := fmt.Errorf("%w: %q", ErrNameTaken, name)
	switch v := expvar.Get(name).(type) {
	case *variable:
		v.logger.Store(logger)
		return nil
	case nil:
		defer func() {
			if recover() != nil { // somebody else was there since Get
				err = taken
			}
		}()
		first := new(variable)
		first.logger.Store(logger)
		expvar.Publish(name, first)
		return nil
	}
	return taken
}

// variable is an expvar.Var.
type variable struct{ logger atomic.Pointer[syslog.Logger] }

// String returns the JSON.
func (v *variable) String() string {
	text, err := json.Marshal(v.logger.Load().Stats())
	if err != nil {
		return "null" // the page of all variables must stay JSON
	}
	return string(text)
}
