//go:build !cgo

package sqlite_test

// hostParams is what a sensible host sets.
const hostParams = "_pragma=busy_timeout(5000)"
