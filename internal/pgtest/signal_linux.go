package pgtest

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// kill ends a server's processes at once. They are stopped first, so that none
// sees another one go and acts on it.
func kill(pid int) error {
	if err := freeze(pid); err != nil {
		return err
	}
	return signal(pid, syscall.SIGKILL)
}

// freeze stops the parent first: from then on there are no new children.
func freeze(pid int) error {
	if err := syscall.Kill(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	if err := stopped(pid); err != nil {
		return err
	}
	if err := signal(pid, syscall.SIGSTOP); err != nil {
		return err
	}
	pids, err := family(pid)
	for _, p := range pids {
		err = errors.Join(err, stopped(p))
	}
	return err
}

func thaw(pid int) error { return signal(pid, syscall.SIGCONT) }

// signal sends a signal to a server's processes, the parent last: a child's end is
// not noticed before its own.
func signal(pid int, s syscall.Signal) error {
	pids, err := family(pid)
	for _, p := range pids {
		if e := syscall.Kill(p, s); e != nil && !errors.Is(e, syscall.ESRCH) {
			err = errors.Join(err, e)
		}
	}
	return err
}

// family is the children of a server and the server. Its children have none.
func family(pid int) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		p, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if _, parent := stat(p); parent == strconv.Itoa(pid) {
			pids = append(pids, p)
		}
	}
	return append(pids, pid), nil
}

// stat is the state and the parent of a process, or nothing if there is none.
func stat(pid int) (state, parent string) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", ""
	}
	// pid (name) state parent …, and the name may be anything
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	return fields[0], fields[1]
}

// stopped waits until a process has stopped or ended.
func stopped(pid int) error {
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(startTime); ; <-tick.C {
		state, _ := stat(pid)
		if state == "T" || state == "Z" || state == "" {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("process %d is in state %s and does not stop", pid, state)
		}
	}
}
