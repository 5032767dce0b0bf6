package spill

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	childEnv = "SPILL_TEST_CHILD"
	dirEnv   = "SPILL_TEST_DIR"
)

// children are what the test binary does instead of testing, in processes that the
// tests start.
var children = map[string]func(){
	"hold":    holdLock,
	"contend": contend,
}

// start runs a child in a directory.
func start(t *testing.T, name, dir string) (cmd *exec.Cmd, stdin io.WriteCloser, stdout *bufio.Reader) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	cmd = exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), childEnv+"="+name, dirEnv+"="+dir)
	cmd.Stderr = os.Stderr
	stdin, err = cmd.StdinPipe()
	require.NoError(t, err)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	return cmd, stdin, bufio.NewReader(out)
}

// holdLock holds the lock until it is killed, or its standard input ends.
func holdLock() {
	if _, err := LockDir(os.Getenv(dirEnv)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("locked")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// contend locks and unlocks for a while, and tells when it found that it was not alone.
func contend() {
	n, err := takeTurns(os.Getenv(dirEnv), time.Now().Add(contention))
	fmt.Println(n > 0, err)
}

func line(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	s, err := r.ReadString('\n')
	require.NoError(t, err)
	return strings.TrimSpace(s)
}
