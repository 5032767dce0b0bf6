//go:build !linux

package pgtest

import (
	"errors"
	"os/exec"
)

// tie is for systems on which tests run as root, which others are not.
func tie(*exec.Cmd, *account) {}

func guard(string) (release func(), err error) { return func() {}, nil }

var errLinux = errors.New("taking a server down is known on Linux only")

func kill(int) error   { return errLinux }
func freeze(int) error { return errLinux }
func thaw(int) error   { return nil }
