//go:build !linux

package pgtest

import "os/exec"

// runAs is for systems on which tests run as root, which others are not.
func runAs(*exec.Cmd, int, int) {}
