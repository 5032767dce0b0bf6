package pgtest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Bouncer starts a PgBouncer in front of the server that dsn names, which gives
// each transaction a connection that others had before it. It returns the
// connection string through it, and ends with the test.
func Bouncer(t testing.TB, dsn string) string {
	t.Helper()
	h, err := newHome()
	if err != nil {
		t.Fatalf("PgBouncer: %v", err)
	}
	t.Cleanup(h.remove)
	through, p, err := bounce(h, dsn)
	if err != nil {
		t.Fatalf("PgBouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill()
		<-p.gone
	})
	return through
}

func bounce(h *home, dsn string) (string, *process, error) {
	bin, err := pooler()
	if err != nil {
		return "", nil, err
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	server, err := pgx.ParseConfig(dsn)
	if err != nil {
		return "", nil, err
	}
	through, err := url.Parse(dsn)
	if err != nil {
		return "", nil, err
	}
	through.Host = fmt.Sprintf("127.0.0.1:%d", port)
	through.RawQuery = "sslmode=disable"
	password := ""
	if server.Password != "" { // an empty value is a syntax error
		password = " password=" + value(server.Password)
	}
	// Few connections, so that they change hands all the time.
	config := fmt.Sprintf(`[databases]
* = host=%s port=%d user=%s%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
server_reset_query =
server_tls_sslmode = prefer
ignore_startup_parameters = extra_float_digits
`, server.Host, server.Port, value(server.User), password, port)
	if err := os.WriteFile(h.path("ini"), []byte(config), 0o644); err != nil {
		return "", nil, err
	}
	p, err := run(h.command(bin, h.path("ini")), h.path("log"), through.String(), time.Now().Add(startTime))
	return through.String(), p, err
}

// value quotes a value of a connection string of PgBouncer's.
func value(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// pooler is the program, which Debian keeps where only root looks.
func pooler() (string, error) {
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no pgbouncer found in PATH or /usr/sbin: install it (make deps)")
}
