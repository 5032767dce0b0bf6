package pgtest

import (
	"os/exec"
	"syscall"
)

// runAs has a command run as another user, and end with this process.
func runAs(cmd *exec.Cmd, uid, gid int) {
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
		Pdeathsig:  syscall.SIGQUIT,
	}
}
