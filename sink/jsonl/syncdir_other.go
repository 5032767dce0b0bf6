//go:build !unix

package jsonl

// syncDir does nothing where folders cannot be synced.
func syncDir(string) error { return nil }
