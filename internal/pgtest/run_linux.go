package pgtest

import (
	"os/exec"
	"syscall"
)

// tie has a command end with this process, and run as another user.
func tie(cmd *exec.Cmd, as *account) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if as != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(as.uid), Gid: uint32(as.gid)}
	}
}

// watch waits for the end of who holds its input open. A server that is paused
// does not feel the signal of its parent's death before it goes on.
const watch = `trap "" HUP INT TERM
read -r _
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
lives() { grep -qsF -- "$1" "/proc/$pid/cmdline"; }
lives "$1" && kill -QUIT "$pid" && kill -CONT "$pid"
while lives "$1"; do sleep 0.1; done
rm -rf -- "$1"`

// guard removes a directory, and ends the server in it, once release is called or
// this process has ended, however that was.
func guard(dir string) (release func(), err error) {
	cmd := exec.Command("sh", "-c", watch, "sh", dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // what ends our group is not for it
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return func() {
		_ = input.Close()
		_ = cmd.Wait()
	}, nil
}
