package jsonl

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"time"
)

// Sync says when a file is made safe against a loss of power, which costs the
// time of a disk write. A crash of the process alone loses nothing that Write
// has returned nil for, whatever the choice.
type Sync int

// The choices. The zero value is SyncOnClose.
const (
	SyncOnClose Sync = iota // when a file is rotated, reopened or closed
	SyncAlways              // before Write returns
	SyncNever               // left to the operating system
)

// The defaults of [Options].
const (
	DefaultMaxSize int64       = 100 << 20 // bytes
	DefaultMode    fs.FileMode = 0o600
)

// NoMaxSize as Options.MaxSize never rotates by size.
const NoMaxSize int64 = math.MaxInt64

// Options set up a file. The zero value of a field is its default; a wrong
// value is an error of Open.
type Options struct {
	// MaxSize is the size in bytes that a file is rotated before it would
	// exceed; 0 is DefaultMaxSize. A single longer line has a file of its own.
	MaxSize int64
	// RotateEvery starts a new file with every period of this length, counted
	// in UTC: 24 * time.Hour is at midnight. It happens on the first Write in a
	// period. 0 does not rotate by age; the least is one second.
	RotateEvery time.Duration
	// MaxFiles is how many rotated files are kept beside the current one; the
	// oldest go first. 0 keeps all.
	MaxFiles int
	// Sync says when a file is made safe against a loss of power.
	Sync Sync
	// Mode is the mode that files are created with, less the umask; 0 is
	// DefaultMode. A file that exists keeps its own.
	Mode fs.FileMode
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// withDefaults returns a copy that is filled and checked.
func (o *Options) withDefaults() (Options, error) {
	var c Options
	if o != nil {
		c = *o
	}
	var errs []error
	bad := func(field string, v any, want string) {
		errs = append(errs, fmt.Errorf("Options.%s is %v: want %s", field, v, want))
	}
	if c.MaxSize < 0 {
		bad("MaxSize", c.MaxSize, "bytes above 0, or 0 for the default")
	} else if c.MaxSize == 0 {
		c.MaxSize = DefaultMaxSize
	}
	if c.RotateEvery != 0 && c.RotateEvery < time.Second {
		bad("RotateEvery", c.RotateEvery, "at least 1s, or 0 for never")
	}
	if c.MaxFiles < 0 {
		bad("MaxFiles", c.MaxFiles, "a number above 0, or 0 to keep all")
	}
	if c.Sync < SyncOnClose || c.Sync > SyncNever {
		bad("Sync", int(c.Sync), "SyncOnClose, SyncAlways or SyncNever")
	}
	if c.Mode == 0 {
		c.Mode = DefaultMode
	} else if c.Mode&^fs.ModePerm != 0 || c.Mode&0o600 != 0o600 {
		bad("Mode", c.Mode, "permission bits that let the owner read and write")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, errors.Join(errs...)
}
