package crashtest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

const mountEnv = "SYSLOG_TEST_MOUNTS"

// withMounts runs a test again in a process that may mount file systems, which
// nobody else sees. There it returns true.
func withMounts(t *testing.T) bool {
	t.Helper()
	if os.Getenv(mountEnv) != "" {
		require.NoError(t, syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""))
		return true
	}
	ways := []*syscall.SysProcAttr{{Cloneflags: syscall.CLONE_NEWNS}, { // as root, or as somebody who is it in a world of his own
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}}
	var errs error
	for _, attr := range ways {
		attr.Pdeathsig = syscall.SIGKILL
		cmd := exec.Command(os.Args[0], "-test.v", "-test.run=^"+regexp.QuoteMeta(t.Name())+"$")
		cmd.Env = append(os.Environ(), mountEnv+"=1")
		cmd.SysProcAttr = attr
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &out
		err := cmd.Start()
		if err == nil {
			err = cmd.Wait()
			require.NoError(t, err, out.String())
			require.Contains(t, out.String(), "--- PASS: "+t.Name())
			for line := range strings.Lines(out.String()) {
				if strings.Contains(line, "_test.go:") {
					t.Log(strings.TrimSpace(line))
				}
			}
			return false
		}
		errs = errors.Join(errs, err)
	}
	me, _ := user.Current()
	require.NoError(t, errs, "%v may not mount file systems here: run the tests as root with CAP_SYS_ADMIN, or allow unprivileged user namespaces", me)
	return false
}

// smallDisk mounts a file system of a size in memory.
func smallDisk(t *testing.T, size string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	require.NoError(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size))
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(dir, 0)) })
	return dir
}

// readOnly makes a directory read-only for all who come by its name, as a file
// system that found an error does. What is open stays so.
func readOnly(t *testing.T, dir string) (again func()) {
	t.Helper()
	require.NoError(t, syscall.Mount(dir, dir, "", syscall.MS_BIND, ""))
	require.NoError(t, syscall.Mount("none", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	return func() { require.NoError(t, syscall.Unmount(dir, syscall.MNT_DETACH)) }
}
