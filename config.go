package syslog

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"github.com/callastar/syslog/internal/jsonenc"
)

// Defaults of [Config].
const (
	DefaultQueueSize     = 100_000               // events
	DefaultQueueBytes    = 64 << 20              // bytes
	DefaultBatchSize     = 10_000                // events; SQLite gains up to here, PostgreSQL hardly above 1 000
	DefaultFlushInterval = 50 * time.Millisecond // short enough for a page that is reloaded
	DefaultMaxMetadata   = 64 << 10              // bytes
	DefaultCloseTimeout  = 10 * time.Second      // of Close
	DefaultSpillMaxBytes = 1 << 30               // bytes
	DefaultDeadLetterMax = 64 << 20              // bytes
)

// Bounds of an event's fields, in bytes. What is longer is cut, and the cut is
// marked in the metadata, under "_truncated".
const (
	MaxType    = 128
	MaxActorID = 256
	MaxMessage = 16 << 10
	maxIDLen   = 64
)

// Limits of [Config]'s fields.
const (
	maxQueueSize     = 100_000_000
	minQueueBytes    = 4 << 10
	maxQueueBytes    = 1 << 40
	maxBatchSize     = 50_000
	maxFlushInterval = time.Hour
	maxMetadataLimit = 1 << 20
)

// Config sets up a [Logger]. The zero value of a field is its default.
type Config struct {
	// MinLevel is the lowest level that is recorded. Events below it are not
	// counted as lost. Default: LevelInfo, which is every level.
	MinLevel LogLevel

	// QueueSize and QueueBytes bound what waits in memory for the store, and
	// again for each extra sink: the number of events, 1 to 100 million,
	// default DefaultQueueSize, and their size in bytes, 4 KiB to 1 TiB,
	// default DefaultQueueBytes. INFO may fill 75 % of either, WARNING 85,
	// ERROR 95 and CRITICAL 100. An empty queue takes any single event.
	//
	// A full queue keeps about QueueBytes alive. The process grows by some MiB and
	// about twice that, since Go's collector lets garbage, anybody's, grow to the
	// size of what is alive (GOGC); GOMEMLIMIT holds it down.
	QueueSize  int
	QueueBytes int64

	// BatchSize is the most events of one write: 1 to 50 000, default
	// DefaultBatchSize. A batch also ends at 4 MiB, and what cannot be written
	// within 10 seconds is halved until it can.
	BatchSize int

	// FlushInterval is how long the oldest event waits at most for company: up
	// to an hour, default DefaultFlushInterval. Flush and Commit do not wait
	// for it.
	FlushInterval time.Duration

	// SpillDir is a directory of this process alone, for events that memory or an
	// outage cannot hold, and for those that are left at Shutdown: the next logger
	// with the same directory delivers them. It is made where it is missing, and
	// locked: New returns ErrSpillDirInUse where another logger has it. "" keeps
	// events in memory only. A directory that cannot be written to has the same effect:
	// until it can be, or, where it could not be locked or read by New, for as long as
	// the logger lives. Stats, Healthy and Logger tell of it.
	SpillDir string
	// SpillMaxBytes bounds the size of what is kept there for the store, and again
	// for each extra sink. Beyond, events stay in memory, and once half of that is full
	// the oldest on disk are dropped, some 1/8 of it at a time, and counted. Least 8 x
	// MaxMetadata and 1 MiB, most 1 TiB, default DefaultSpillMaxBytes.
	SpillMaxBytes int64
	// Durability says what goes to SpillDir, and SpillSync what outlasts a power cut.
	// Their defaults go by SpillDir and by each other: see there.
	Durability Durability
	SpillSync  SpillSync

	// DeadLetterFile gets events that the store or a sink refuses for good, a JSON
	// object a line, with the reason. ReplayDeadLetters tries them again. Default:
	// dead-letters.jsonl in SpillDir; without either such events are dropped and
	// counted. DeadLetterMax bounds its size in bytes: 64 KiB to 1 TiB, default
	// DefaultDeadLetterMax. What no longer fits is dropped and counted.
	DeadLetterFile string
	DeadLetterMax  int64

	// Sinks are destinations beside the store. Each has a queue and a worker of
	// its own: one that hangs holds back neither callers nor what goes to the
	// store and the others. Flush and Shutdown wait for it, unless it is
	// BestEffort.
	Sinks []SinkConfig

	// Retention is what Cleanup goes by. nil is DefaultRetention(); an empty
	// policy keeps everything.
	Retention RetentionPolicy

	// Redact lists names of metadata fields, beside the built-in ones, whose
	// values are replaced by "[REDACTED]" before the event goes anywhere: at
	// any depth, in any case, with or without separators, and also as the last
	// words of a longer name. "password" covers newPassword and DB_PASSWORD.
	//
	// Built in are password(s), passwd, pwd, passphrase, passcode, passwordHash,
	// token(s), jwt, bearer, otp, totp, mfaCode, secret(s), secretKey, privateKey,
	// accessKey, signingKey, encryptionKey, apiKey(s), credential(s), authorization,
	// cookie(s), setCookie, cardNumber, cardNo, cvv, cvv2, cvc and ssn.
	Redact []string
	// NoDefaultRedaction leaves only the names in Redact.
	NoDefaultRedaction bool

	// MaxMetadata is the largest metadata of an event in bytes: 4 KiB to 1 MiB,
	// default DefaultMaxMetadata. Of what is longer, the longest fields are cut.
	MaxMetadata int

	// Logger gets the library's own diagnostics, every ten seconds at most for
	// each destination and kind.
	// Default: text to stderr. It should not be one that writes to this Logger.
	Logger *slog.Logger

	// OnDrop is told of lost events of the store's queue, in sums, on a
	// goroutine of its own. A panic in it is logged.
	OnDrop func(Drop)

	// Now is the clock. It is called by whoever logs and must not wait.
	// Default: time.Now.
	Now func() time.Time
}

// SinkConfig is a destination beside the store.
type SinkConfig struct {
	// Name stands in Stats and errors. It is required and unique.
	Name string
	// Sink is required. The Logger closes it.
	Sink Sink
	// MinLevel is the lowest level that goes to the sink. Default: LevelInfo.
	MinLevel LogLevel
	// Filter, if set, chooses the events for this sink. It is called by whoever
	// logs, concurrently, and must be quick; an event on which it panics is
	// kept.
	Filter func(Log) bool
	// BestEffort makes Flush not wait for the sink, and Shutdown give it up
	// one second after everything else is done.
	BestEffort bool
}

// Drop tells of lost events. Reason is "queue_full" or "closed" for events that
// were refused, "rejected" for ones that the store declined for good and that no
// dead-letter file took, "abandoned" for ones that a sink given up had left,
// "spill_full" for the oldest on disk when SpillMaxBytes was reached, and
// "spill_damaged" for ones on disk that could not be read any more.
type Drop struct {
	Reason string
	Level  LogLevel
	Count  uint64
}

// withDefaults returns a copy of c with every default filled in, or an error
// that lists every wrong field.
func (c *Config) withDefaults(hasStore bool) (Config, error) {
	var out Config
	if c != nil {
		out = *c
	}
	v := validator{}
	v.level("MinLevel", out.MinLevel)
	number(&v, "QueueSize", &out.QueueSize, DefaultQueueSize, 1, maxQueueSize)
	number(&v, "QueueBytes", &out.QueueBytes, DefaultQueueBytes, minQueueBytes, maxQueueBytes)
	number(&v, "BatchSize", &out.BatchSize, DefaultBatchSize, 1, maxBatchSize)
	number(&v, "FlushInterval", &out.FlushInterval, DefaultFlushInterval, 1, maxFlushInterval)
	number(&v, "MaxMetadata", &out.MaxMetadata, DefaultMaxMetadata, jsonenc.MinMax, maxMetadataLimit)
	v.spill(&out)
	out.Sinks = slices.Clone(out.Sinks)
	v.sinks(out.Sinks, hasStore)
	if out.Retention == nil {
		out.Retention = DefaultRetention()
	}
	out.Retention = out.Retention.clone()
	var bad *ConfigError
	if errors.As(out.Retention.Validate(), &bad) {
		v.fields = append(v.fields, bad.Fields...)
	}
	out.Redact = slices.Clone(out.Redact)
	v.redact(out.Redact)
	if out.Logger == nil {
		out.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	if len(v.fields) > 0 {
		return Config{}, &ConfigError{v.fields}
	}
	return out, nil
}

type validator struct{ fields []FieldError }

func (v *validator) add(field string, value any, want string) {
	v.fields = append(v.fields, FieldError{field, value, want})
}

func (v *validator) level(field string, l LogLevel) {
	if !l.Valid() {
		v.add(field, int(l), "a level of Levels()")
	}
}

// number fills in a default for zero and checks the range.
func number[T int | int64 | time.Duration](v *validator, field string, p *T, def, least, most T) {
	switch {
	case *p == 0:
		*p = def
	case *p < least || *p > most:
		v.add(field, *p, fmt.Sprintf("0 for the default of %v, or %v to %v", def, least, most))
	}
}

func (v *validator) sinks(sinks []SinkConfig, hasStore bool) {
	if len(sinks) == 0 && !hasStore {
		v.add("Sinks", "empty", "a store, or at least one sink")
	}
	seen := map[string]bool{}
	for i, s := range sinks {
		at := fmt.Sprintf("Sinks[%d].", i)
		switch {
		case s.Name == "":
			v.add(at+"Name", `""`, "a name")
		case seen[s.Name]:
			v.add(at+"Name", s.Name, "a name that no other sink has")
		}
		seen[s.Name] = true
		if isNil(s.Sink) {
			v.add(at+"Sink", "nil", "a Sink")
		}
		v.level(at+"MinLevel", s.MinLevel)
	}
}

func (v *validator) redact(names []string) {
	for i, n := range names {
		if normalName(n) == "" {
			v.add(fmt.Sprintf("Redact[%d]", i), fmt.Sprintf("%q", n), "a name with at least one letter or digit")
		}
	}
}
