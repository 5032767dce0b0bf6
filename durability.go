package syslog

import (
	"fmt"
	"os"
	"path/filepath"
)

// Durability says which events survive the end of the process. It decides what goes
// to Config.SpillDir.
type Durability int

// The levels of durability. The zero value is Spill where Config.SpillDir is set,
// else Memory. Commit returns nil at every level only once the store has the event.
const (
	// Memory keeps events in memory until they are stored. The end of the process
	// loses what waits.
	Memory Durability = iota + 1
	// Spill writes to disk what fills half of the memory that INFO may fill, what
	// has waited for a second (or four times Config.FlushInterval, if that is more),
	// and at Shutdown what is left. A crash loses what is younger than that, and what
	// is being written.
	Spill
	// Journal writes everything to disk before it is delivered. A crash loses what
	// was logged in the last moments: as a rule milliseconds, as long as one write
	// with its sync takes. While the disk takes no writes, it is like Memory.
	Journal
)

// SpillSync says when what is on disk outlasts a power cut or a crash of the
// system. A crash of the process alone it outlasts as soon as it is written.
type SpillSync int

// The policies. The zero value is SyncBatch at level Journal, else SyncSecond.
const (
	SyncBatch  SpillSync = iota + 1 // with each batch that is written
	SyncSecond                      // about once a second
	SyncNever                       // when the operating system sees fit
)

const (
	minSpillBytes  = 1 << 20
	maxSpillBytes  = 1 << 40
	minDeadLetters = 64 << 10
	deadLetterName = "dead-letters.jsonl"
)

// spill checks the fields that belong to SpillDir and fills in their defaults.
func (v *validator) spill(c *Config) {
	least := max(minSpillBytes, int64(8*c.MaxMetadata))
	if c.Durability < 0 || c.Durability > Journal {
		v.add("Durability", int(c.Durability), "0, Memory, Spill or Journal")
	}
	if c.SpillSync < 0 || c.SpillSync > SyncNever {
		v.add("SpillSync", int(c.SpillSync), "0, SyncBatch, SyncSecond or SyncNever")
	}
	switch {
	case c.SpillDir == "" && c.Durability > Memory:
		v.add("SpillDir", `""`, "a directory of this process alone, since Durability asks for one")
	case c.SpillDir == "" && (c.SpillMaxBytes != 0 || c.SpillSync != 0):
		v.add("SpillDir", `""`, "a directory, since SpillMaxBytes or SpillSync is set")
	case c.SpillDir != "" && c.Durability == Memory:
		v.add("Durability", "Memory", "0, Spill or Journal, since SpillDir is set")
	}
	number(v, "SpillMaxBytes", &c.SpillMaxBytes, max(DefaultSpillMaxBytes, least), least, maxSpillBytes)
	number(v, "DeadLetterMax", &c.DeadLetterMax, DefaultDeadLetterMax, minDeadLetters, maxSpillBytes)
	if c.Durability == 0 {
		c.Durability = Memory
		if c.SpillDir != "" {
			c.Durability = Spill
		}
	}
	if c.SpillSync == 0 {
		c.SpillSync = SyncSecond
		if c.Durability == Journal {
			c.SpillSync = SyncBatch
		}
	}
	if c.SpillDir != "" {
		v.folder("SpillDir", &c.SpillDir)
	}
	if c.DeadLetterFile == "" && c.SpillDir != "" {
		c.DeadLetterFile = filepath.Join(c.SpillDir, deadLetterName)
	} else if c.DeadLetterFile != "" {
		dir := filepath.Dir(c.DeadLetterFile)
		v.folder("DeadLetterFile", &dir)
		c.DeadLetterFile = filepath.Join(dir, filepath.Base(c.DeadLetterFile))
		if info, err := os.Stat(c.DeadLetterFile); err == nil && !info.Mode().IsRegular() {
			v.add("DeadLetterFile", c.DeadLetterFile, "a file, not a directory or a device")
		}
	}
}

// folder makes a path absolute, so that a later change of the working directory
// changes nothing. What stands in its way and is no directory was not meant.
func (v *validator) folder(field string, path *string) {
	abs, err := filepath.Abs(*path)
	if err != nil {
		v.add(field, *path, fmt.Sprintf("an absolute path: %v", err))
		return
	}
	*path = abs
	for at := abs; ; at = filepath.Dir(at) {
		info, err := os.Stat(at)
		if err == nil && !info.IsDir() {
			v.add(field, *path, fmt.Sprintf("a directory: %s is a file", at))
		}
		if err == nil || at == filepath.Dir(at) {
			return
		}
	}
}
