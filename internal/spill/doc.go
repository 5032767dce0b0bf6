// Package spill keeps frames on disk in the order in which they came: an
// append-only log of segments for one destination, with one goroutine that
// appends and one that reads. docs/SPILL.md describes the files.
//
// What is on disk may be torn by a crash, damaged, made by a newer version or
// not ours at all. None of that is an error: Open takes what is good, leaves
// aside what is not, and tells in notes what it found.
package spill
