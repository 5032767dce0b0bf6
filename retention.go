package syslog

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"time"
)

// Forever as an age in a [RetentionPolicy] keeps a level's events for ever.
const Forever time.Duration = math.MaxInt64

// RetentionPolicy says for each level how long its events are kept. A level
// that is missing, or kept [Forever], is never deleted by Cleanup. Zero and
// negative ages are errors. An age is a duration, and a day is 24*time.Hour: of one
// below a minute, as a number of days is by mistake, New warns in Config.Logger.
type RetentionPolicy map[LogLevel]time.Duration

// DefaultRetention keeps INFO for 30 days, WARNING for 60, ERROR for 90 and
// CRITICAL for ever. The map is the caller's own.
func DefaultRetention() RetentionPolicy {
	const day = 24 * time.Hour
	return RetentionPolicy{
		LevelInfo: 30 * day, LevelWarning: 60 * day, LevelError: 90 * day, LevelCritical: Forever,
	}
}

// Age returns how long events of a level are kept, and false for ever.
func (p RetentionPolicy) Age(l LogLevel) (time.Duration, bool) {
	age, ok := p[l]
	return age, ok && age != Forever
}

// Validate returns every wrong entry as a [ConfigError].
func (p RetentionPolicy) Validate() error {
	var fields []FieldError
	for l, age := range p {
		name := fmt.Sprintf("Retention[%v]", l)
		if !l.Valid() {
			fields = append(fields, FieldError{name, age, "a level of Levels() as key"})
		} else if age <= 0 {
			fields = append(fields, FieldError{name, age, "an age above 0, or Forever"})
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return &ConfigError{fields}
}

// brief are the levels whose age is below a minute: in days, seconds or milliseconds, most
// likely, since with that each Cleanup would delete all there is.
func (p RetentionPolicy) brief() (levels []LogLevel) {
	for _, l := range Levels() {
		if age, finite := p.Age(l); finite && age < time.Minute {
			levels = append(levels, l)
		}
	}
	return levels
}

func (p RetentionPolicy) clone() RetentionPolicy { return maps.Clone(p) }

// CleanupStats is what a Cleanup did. When Cleanup also returns an error, the
// counts say what had been deleted by then.
type CleanupStats struct {
	InfoDeleted     int64 `json:"infoDeleted"`
	WarningDeleted  int64 `json:"warningDeleted"`
	ErrorDeleted    int64 `json:"errorDeleted"`
	CriticalDeleted int64 `json:"criticalDeleted"` // in JSON only when the policy has an age for CRITICAL
	TotalDeleted    int64 `json:"totalDeleted"`
	DurationMs      int64 `json:"durationMs"`
	// Remaining is how many events a Cleanup with a time budget left to the next
	// one, at most CountCap of each level. In JSON only when it is not zero.
	Remaining int64 `json:"remaining,omitempty"`

	// Policy is the policy that was applied.
	Policy RetentionPolicy `json:"-"`
}

// Add counts n deleted events of a level.
func (s *CleanupStats) Add(l LogLevel, n int64) {
	switch l {
	case LevelInfo:
		s.InfoDeleted += n
	case LevelWarning:
		s.WarningDeleted += n
	case LevelError:
		s.ErrorDeleted += n
	case LevelCritical:
		s.CriticalDeleted += n
	}
	s.TotalDeleted += n
}

// MarshalJSON leaves criticalDeleted out where the policy keeps CRITICAL for
// ever, as the shape that existing clients know.
func (s CleanupStats) MarshalJSON() ([]byte, error) {
	type plain CleanupStats
	out := struct {
		plain
		CriticalDeleted *int64 `json:"criticalDeleted,omitempty"`
	}{plain: plain(s)}
	if _, finite := s.Policy.Age(LevelCritical); finite || s.CriticalDeleted > 0 {
		out.CriticalDeleted = &s.CriticalDeleted
	}
	return json.Marshal(out)
}

// Cleanup deletes what Config.Retention no longer keeps: every event with
// createdAt before now - age of its level. It works in short batches, so that
// writers go on, and may take long on a large table; when ctx ends it stops
// after the batch at hand and returns what was deleted together with an error
// that wraps ctx's.
//
// Cleanup may be called concurrently, also from several processes: while one
// runs on a table, another returns [ErrCleanupRunning]. Without a store the
// error is [ErrNoStore].
func (l *Logger) Cleanup(ctx context.Context) (CleanupStats, error) {
	ctx = background(ctx)
	if l == nil || l.store == nil {
		return CleanupStats{}, ErrNoStore
	}
	return l.store.Cleanup(ctx, l.cfg.Retention.clone(), l.now())
}
