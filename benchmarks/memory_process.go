package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
)

// childEnv tells this program, in its environment, that it is a child, and of what
// kind. Only a process of its own has a peak of its own.
const childEnv = "SYSLOG_BENCHMARKS_CHILD"

// child is what a child's main does.
func child(spec string, out io.Writer) error {
	var s childSpec
	if err := json.Unmarshal([]byte(spec), &s); err != nil {
		return err
	}
	r, err := s.run(context.Background())
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

// peakMemory is the most memory of this process that was ever resident.
func peakMemory() (int64, error) { return statusBytes("VmHWM") }

// residentMemory is what is resident now.
func residentMemory() (int64, error) { return statusBytes("VmRSS") }

func statusBytes(field string) (int64, error) {
	text, unit, _ := strings.Cut(procField("/proc/self/status", field), " ")
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || unit != "kB" {
		return 0, errors.New("only Linux tells of a process's memory, in /proc/self/status")
	}
	return n << 10, nil
}

// runChild runs this program as a child, with a garbage collector of default
// settings.
func runChild(ctx context.Context, s childSpec) (r childResult, err error) {
	spec, err := json.Marshal(s)
	if err != nil {
		return r, err
	}
	self, err := os.Executable()
	if err != nil {
		return r, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "GOGC=") || strings.HasPrefix(v, "GOMEMLIMIT=")
	}), childEnv+"="+string(spec))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		said := stderr.Bytes() // losses of CRITICAL events, and the error at the end
		return r, fmt.Errorf("child: %w: %s", err, said[max(0, len(said)-500):])
	}
	return r, json.Unmarshal(out, &r)
}
