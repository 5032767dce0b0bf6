package pgtest

import (
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
)

// home is a directory in which a server lives, and the user that it runs as.
type home struct {
	dir     string
	user    *account
	release func() // ends the guard of the directory
}

// account is a user by its numbers; nil is the one who runs the tests.
type account struct{ uid, gid int }

// newHome makes the directory. It is gone when remove is called, and also when
// this process is killed.
func newHome() (_ *home, err error) {
	h := &home{}
	if h.dir, err = os.MkdirTemp("", "syslog-pg-"); err != nil {
		return nil, err
	}
	if os.Geteuid() == 0 { // servers refuse to run as root
		err = h.giveAway()
	}
	if err == nil {
		h.release, err = guard(h.dir)
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(h.dir))
	}
	return h, nil
}

// giveAway makes the directory the property of a user that servers accept.
func (h *home) giveAway() error {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.Atoi(u.Uid)
		if err != nil {
			continue
		}
		gid, err := strconv.Atoi(u.Gid)
		if err != nil {
			continue
		}
		h.user = &account{uid, gid}
		return os.Chown(h.dir, uid, gid)
	}
	return errors.New("neither a user postgres nor nobody to run the server as")
}

// command is a program that is to run in the directory, as its user, and not
// longer than this process.
func (h *home) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = h.dir
	tie(cmd, h.user)
	return cmd
}

func (h *home) path(name string) string { return filepath.Join(h.dir, name) }

func (h *home) remove() {
	h.release()
	_ = os.RemoveAll(h.dir)
}
