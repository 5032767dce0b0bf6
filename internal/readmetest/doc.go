// Package readmetest keeps the documentation honest: its test compiles the Go
// code of README.md and of the root package's comment. It holds nothing else.
package readmetest
