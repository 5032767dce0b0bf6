// Package pgtest gives tests a real PostgreSQL server: the one that
// SYSLOG_TEST_POSTGRES names by its connection string, or else a throw-away
// cluster made from the binaries on the machine, one for each test binary.
package pgtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of gorm.io/driver/postgres
)

// Env names a server to use instead of a throw-away cluster. Its user must be
// allowed to create databases.
const Env = "SYSLOG_TEST_POSTGRES"

// startTime is how long a cluster may take to start on a busy machine.
const startTime = time.Minute

var (
	once    sync.Once
	server  string // connection string
	errBoot error
	stop    = func() {}
)

// Main runs the tests of a package that uses New, and ends the cluster. It
// returns the exit code.
func Main(m *testing.M) int {
	defer func() { stop() }()
	return m.Run()
}

// New returns the connection string of a new, empty database, which is dropped
// when the test ends. Without a server the test fails: a database that is not
// tested is not supported.
func New(t testing.TB) string {
	t.Helper()
	once.Do(boot)
	if errBoot != nil {
		t.Fatalf("PostgreSQL: %v", errBoot)
	}
	name := "test_" + strings.ToLower(rand.Text())
	do(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { do(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("PostgreSQL: %s must be a URL: %v", Env, err)
	}
	u.Path = "/" + name
	return u.String()
}

func do(t testing.TB, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", server)
	if err == nil {
		_, err = db.ExecContext(context.Background(), statement)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		t.Fatalf("PostgreSQL: %s: %v", statement, err)
	}
}

// boot finds or starts the server.
func boot() {
	if server = os.Getenv(Env); server != "" {
		return
	}
	var bin string
	if bin, errBoot = binaries(); errBoot != nil {
		return
	}
	server, errBoot = start(bin)
}

// binaries is the folder of the newest server on the machine.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", fmt.Errorf("no server found in PATH or /usr/lib/postgresql: install one (make deps), or set %s", Env)
	}
	return filepath.Dir(found[len(found)-1]), nil
}

func start(bin string, settings ...string) (_ string, err error) {
	dir, err := os.MkdirTemp("", "syslog-pg-")
	if err != nil {
		return "", err
	}
	remove := func() { _ = os.RemoveAll(dir) }
	defer func() {
		if err != nil {
			remove()
		}
	}()
	run := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(filepath.Join(bin, name), args...)
		cmd.Dir = dir
		return cmd
	}
	as := func(*exec.Cmd) {}
	if os.Geteuid() == 0 { // the server refuses to run as root
		if as, err = unprivileged(dir); err != nil {
			return "", err
		}
	}
	data := filepath.Join(dir, "data")
	initdb := run("initdb", "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	as(initdb)
	if out, err := initdb.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return "", err
	}
	var log bytes.Buffer
	postgres := run("postgres", "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-c", "listen_addresses=127.0.0.1",
		"-c", "max_connections=50", "-c", "log_min_messages=fatal")
	postgres.Args = append(postgres.Args, settings...)
	as(postgres)
	postgres.Stderr = &log
	if err := postgres.Start(); err != nil {
		return "", err
	}
	stop = func() {
		_ = postgres.Process.Signal(os.Interrupt) // fast shutdown
		_ = postgres.Wait()
		remove()
	}
	dsn := fmt.Sprintf("postgres://test@127.0.0.1:%d/postgres?sslmode=disable", port)
	if err := ready(dsn); err != nil {
		stop()
		stop = func() {}
		return "", fmt.Errorf("%w: %s", err, log.String())
	}
	return dsn, nil
}

// unprivileged makes dir the property of a user that the server accepts, and
// returns what runs a command as that user.
func unprivileged(dir string) (func(*exec.Cmd), error) {
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
		return func(cmd *exec.Cmd) { runAs(cmd, uid, gid) }, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("neither a user postgres nor nobody to run the server as")
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

// ready waits until the server answers.
func ready(dsn string) error {
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(startTime); ; <-tick.C {
		if err = db.PingContext(context.Background()); err == nil || time.Now().After(end) {
			return err
		}
	}
}
