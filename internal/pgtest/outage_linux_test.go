package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

func connect(t *testing.T, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(ctx, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(ctx) })
	return conn
}

func TestWhatWasCommittedOutlivesTheServer(t *testing.T) {
	s := Start(t)
	conn := connect(t, s.DSN())
	_, err := conn.Exec(ctx, "CREATE TABLE n AS SELECT 1 AS i")
	require.NoError(t, err)
	for n, down := range []func(){s.Kill, s.Stop} {
		down()
		_, err := pgx.Connect(ctx, s.DSN())
		require.Error(t, err)
		_, err = conn.Exec(ctx, "SELECT 1")
		require.Error(t, err)
		s.Start()
		conn = connect(t, s.DSN())
		var i int
		require.NoError(t, conn.QueryRow(ctx, "UPDATE n SET i = i + 1 RETURNING i").Scan(&i))
		require.Equal(t, n+2, i)
	}
}

func TestPausedServerAnswersLater(t *testing.T) {
	s := Start(t)
	conn := connect(t, s.DSN())
	s.Pause()
	answer := make(chan error)
	go func() {
		_, err := conn.Exec(ctx, "SELECT 1")
		answer <- err
	}()
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	_, err := pgx.Connect(short, s.DSN())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	select {
	case err := <-answer:
		require.Fail(t, "a server that is paused answered", "%v", err)
	default:
	}
	s.Resume()
	require.NoError(t, <-answer)
}

// TestChild is the body of the process that TestKilledTestLeavesNothing kills.
func TestChild(t *testing.T) {
	if os.Getenv("SYSLOG_TEST_CHILD") == "" {
		return // run on its own it has nothing to do
	}
	s := Start(t)
	s.Pause()
	fmt.Println("\n@", s.c.proc.cmd.Process.Pid, s.c.dir)
	select {}
}

func TestKilledTestLeavesNothing(t *testing.T) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestChild$")
	cmd.Env = append(os.Environ(), "SYSLOG_TEST_CHILD=1")
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var pid int
	var dir string
	for lines := bufio.NewScanner(out); dir == "" && lines.Scan(); {
		_, _ = fmt.Sscanf(lines.Text(), "@ %d %s", &pid, &dir)
	}
	require.DirExists(t, dir)
	pids, err := family(pid)
	require.NoError(t, err)
	require.Greater(t, len(pids), 3)
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(startTime); ; <-tick.C {
		_, err := os.Stat(dir)
		left := []string{}
		for _, p := range pids {
			if state, _ := stat(p); state != "" && state != "Z" { // whose parent is gone, somebody else has to bury
				left = append(left, fmt.Sprint(p, state))
			}
		}
		if os.IsNotExist(err) && len(left) == 0 {
			return
		}
		require.True(t, time.Now().Before(end), "left behind: %v %v", dir, left)
	}
}

func TestBouncerNeedsNoMoreThanItsFewConnections(t *testing.T) {
	dsn := Bouncer(t, Start(t).DSN())
	for range 5 {
		conn := connect(t, dsn+"&default_query_exec_mode=simple_protocol")
		_, err := conn.Exec(ctx, "SELECT 1")
		require.NoError(t, err)
	}
}
