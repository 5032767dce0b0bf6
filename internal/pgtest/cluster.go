package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// startTime is how long a server may take to start on a busy machine.
const startTime = time.Minute

// cluster is a server with data of its own, which may be down.
type cluster struct {
	*home
	bin  string // the folder of the programs
	port int
	also []string // settings, name=value
	proc *process // nil while it is down
}

// binaries is the folder of the newest server on the machine.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("no server found in PATH or /usr/lib/postgresql: install one (make deps)")
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// Run makes a cluster with settings of its own, name=value, for programs that are
// no tests. end removes it.
func Run(settings ...string) (dsn string, end func(), err error) {
	c, err := newCluster(settings...)
	if err != nil {
		return "", nil, err
	}
	return c.dsn(), c.end, nil
}

// newCluster makes a cluster and starts its server.
func newCluster(settings ...string) (_ *cluster, err error) {
	c := &cluster{also: settings}
	if c.bin, err = binaries(); err != nil {
		return nil, err
	}
	if c.port, err = freePort(); err != nil {
		return nil, err
	}
	if c.home, err = newHome(); err != nil {
		return nil, err
	}
	if err = c.init(); err == nil {
		err = c.start()
	}
	if err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

func (c *cluster) init() error {
	initdb := c.command(filepath.Join(c.bin, "initdb"), "-D", c.path("data"), "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	return askForPassword(c.path("data"))
}

func (c *cluster) dsn() string {
	return fmt.Sprintf("postgres://test@127.0.0.1:%d/postgres?sslmode=disable", c.port)
}

// start starts the server. What is left of one that was killed may be in its way
// for a moment, so that it takes several attempts.
func (c *cluster) start() (err error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(startTime); ; <-tick.C {
		// Processes die here, not machines: what the system was given is safe.
		postgres := c.command(filepath.Join(c.bin, "postgres"), "-D", c.path("data"), "-p", strconv.Itoa(c.port), "-k", c.dir,
			"-c", "listen_addresses=127.0.0.1", "-c", "max_connections=50", "-c", "log_min_messages=fatal", "-c", "fsync=off")
		for _, s := range c.also {
			postgres.Args = append(postgres.Args, "-c", s)
		}
		if c.proc, err = run(postgres, c.path("log"), c.dsn(), end); err == nil || time.Now().After(end) {
			return err
		}
	}
}

// shut ends the server in good order.
func (c *cluster) shut() {
	if c.proc != nil {
		_ = c.proc.cmd.Process.Signal(os.Interrupt) // fast shutdown
		<-c.proc.gone
		c.proc = nil
	}
}

// end ends the server for good.
func (c *cluster) end() {
	c.shut()
	c.remove()
}
