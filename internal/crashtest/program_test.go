package crashtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The test binary is also the programs that the tests start, which these variables
// name and tell what to do.
const (
	programEnv = "SYSLOG_TEST_PROGRAM"
	jobEnv     = "SYSLOG_TEST_JOB"
)

// text is what a process writes while a test may read it.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (x *text) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.Write(p)
}

func (x *text) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.b.String()
}

var programs = map[string]func(){"write": write, "serve": serve}

// program is a process that a test has started.
type program struct {
	t      *testing.T
	cmd    *exec.Cmd
	lines  chan string // what it says; closed at its end
	stderr text
	waited sync.Once
	err    error
}

// start starts a program.
func start(t *testing.T, name string, job any) *program {
	t.Helper()
	text, err := json.Marshal(job)
	require.NoError(t, err)
	p := &program{t: t, cmd: exec.Command(os.Args[0]), lines: make(chan string)}
	p.cmd.Env = append(os.Environ(), programEnv+"="+name, jobEnv+"="+string(text))
	p.cmd.Stderr = &p.stderr
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := p.cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, p.cmd.Start())
	go func() {
		defer close(p.lines)
		for in := bufio.NewScanner(out); in.Scan(); {
			p.lines <- in.Text()
		}
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGKILL)
		_ = p.wait()
	})
	return p
}

func (p *program) signal(s os.Signal) { _ = p.cmd.Process.Signal(s) }

// wait waits for the end, after which the program has not crashed by itself.
func (p *program) wait() error {
	p.t.Helper()
	p.waited.Do(func() {
		for range p.lines {
		}
		p.err = p.cmd.Wait()
		for _, word := range []string{"DATA RACE", "panic:", "fatal error:"} {
			if strings.Contains(p.stderr.String(), word) {
				p.t.Errorf("the program crashed:\n%s", p.stderr.String())
			}
		}
	})
	return p.err
}

// job reads what a program is to do.
func job[T any]() (j T) {
	must(json.Unmarshal([]byte(os.Getenv(jobEnv)), &j))
	return j
}

// say tells the test something. A pipe takes a short line whole or not at all.
func say(format string, args ...any) {
	_, _ = os.Stdout.Write(fmt.Appendf(nil, format+"\n", args...))
}

// must is for programs, which have no test to fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// patience is how long something may take on a busy machine.
const patience = 2 * time.Minute

// await polls until a condition holds.
func await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !holds(); <-tick.C {
		require.True(t, time.Now().Before(end), "not in %v: %s", patience, what)
	}
}
