package syslog

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/callastar/syslog/internal/pipeline"
	"github.com/callastar/syslog/internal/spill"
)

const (
	// spillAfter is half of how long an event waits in memory until it goes to disk.
	spillAfter = 500 * time.Millisecond
	// keepJournal is the size at which a segment all of which is delivered is removed.
	keepJournal = 1 << 20
	// folderOfStore and folderOfSink begin the names of the destinations' directories.
	folderOfStore = "store"
	folderOfSink  = "sink-"
)

// lockSpill takes the spill directory. Where it cannot be used, but by no fault of
// another logger, cannot says why: then events are kept in memory only.
func (l *Logger) lockSpill() (cannot, err error) {
	if l.cfg.SpillDir == "" {
		return nil, nil
	}
	l.lock, err = spill.LockDir(l.cfg.SpillDir)
	if errors.Is(err, spill.ErrInUse) {
		return nil, fmt.Errorf("%w: %w: give each process and each logger a SpillDir of its own", ErrSpillDirInUse, err)
	}
	return err, nil
}

// useDisk gives an outlet its part of the spill directory.
func (l *Logger) useDisk(o *outlet, cfg *pipeline.Config, cannot error) {
	if l.cfg.SpillDir == "" {
		return
	}
	keep := int64(0)
	if l.cfg.Durability == Journal {
		keep = keepJournal
	}
	err := cannot
	if err == nil {
		cfg.Disk, cfg.Recovered, err = spill.Open(spill.Options{
			Dir: filepath.Join(l.cfg.SpillDir, folderOf(o.name)), MaxBytes: l.cfg.SpillMaxBytes,
			Sync: spill.Sync(l.cfg.SpillSync), Keep: keep,
		})
	}
	if err != nil {
		o.noDisk = fmt.Errorf("spill directory: %w", err)
		l.report.spill(o.name, o.noDisk)
		return
	}
	o.disk = true
	cfg.Journal = l.cfg.Durability == Journal
	cfg.SpillAfter = max(spillAfter, 2*l.cfg.FlushInterval)
	cfg.OnSpill = func(err error) { l.report.spill(o.name, err) }
	for _, n := range cfg.Recovered.Notes {
		l.report.say(slog.LevelWarn, "syslog: spill directory", "destination", o.label(), "note", n)
	}
	if n := cfg.Recovered.Events; n > 0 {
		l.report.say(slog.LevelInfo, "syslog: events left on disk are delivered first", "destination", o.label(), "events", n)
	}
}

// strangers tells of events that are kept for sinks that this logger does not have.
func (l *Logger) strangers() {
	known := map[string]bool{}
	for _, o := range l.outlets {
		known[folderOf(o.name)] = true
	}
	for _, name := range spillFolders(l.cfg.SpillDir) {
		if !known[name] {
			l.report.say(slog.LevelWarn, "syslog: the spill directory has events for a destination that this logger does not have",
				"directory", filepath.Join(l.cfg.SpillDir, name), "hint", "configure it again to have them delivered, or delete the directory")
		}
	}
}

// spillFolders lists the directories of destinations.
func spillFolders(dir string) (names []string) {
	entries, _ := os.ReadDir(dir) // that it cannot be read shows elsewhere
	for _, e := range entries {
		if e.IsDir() && (e.Name() == folderOfStore || strings.HasPrefix(e.Name(), folderOfSink)) {
			names = append(names, e.Name())
		}
	}
	return names
}

// folderOf is the name of a destination's directory. Names of sinks may be of any
// characters, and file systems may not tell cases apart.
func folderOf(sink string) string {
	if sink == "" {
		return folderOfStore
	}
	var b strings.Builder
	b.WriteString(folderOfSink)
	for i := range len(sink) {
		switch c := sink[i]; {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '-', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	if b.Len() > 100 {
		sum := sha256.Sum256([]byte(sink))
		return fmt.Sprintf("%s.%x", b.String()[:80], sum[:8]) // no short name has a dot
	}
	return b.String()
}

// nameOf is the sink whose directory has a name, as far as that tells.
func nameOf(folder string) string {
	name, ok := strings.CutPrefix(folder, folderOfSink)
	if !ok {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		if name[i] == '%' && i+2 < len(name) {
			if c, err := strconv.ParseUint(name[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(name[i])
	}
	return b.String()
}
