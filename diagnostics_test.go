package syslog_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// lines is a place for diagnostics.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

func TestAnOutageIsToldFromItsBeginningToItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lines
		st := &memory{}
		st.setHook(func(context.Context, []syslog.Log) error { return errAway })
		l := open(t, st, syslog.Config{SpillDir: t.TempDir(), Logger: slog.New(slog.NewTextHandler(&out, nil))})
		for range 60 {
			l.Info(ctx(), "T", syslog.System(), "m")
			time.Sleep(time.Second)
		}
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		time.Sleep(time.Minute)
		text := out.String()
		require.Contains(t, text, "connection refused")
		require.Regexp(t, `msg="syslog: write failed" destination=store queued=\d+ spilled=[1-9]`, text)
		require.Regexp(t, `msg="syslog: writes succeed again, after 1m.*" destination=store queued=`, text)
		require.LessOrEqual(t, strings.Count(text, "\n"), 9, text)

		st.setHook(func(context.Context, []syslog.Log) error {
			return syslog.Misconfigured(errors.New("no such table; run the migrations"))
		})
		l.Info(ctx(), "T", syslog.System(), "m")
		l.Info(ctx(), "T", syslog.System(), "m")
		time.Sleep(time.Minute)
		require.ErrorContains(t, l.Healthy(ctx()), "until somebody changes something, 2 event(s) waiting: no such table; run the migrations")
		require.Contains(t, out.String(), `until somebody changes something; events are kept" destination=store`)
		st.setHook(nil)
		require.NoError(t, l.Flush(ctx()))
		require.Zero(t, l.Stats().Dropped+l.Stats().DeadLetter)
	})
}

// TestAShortOutageIsOver: once the store is well again, nothing says that it is not.
func TestAShortOutageIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out lines
		st := &memory{}
		l := open(t, st, syslog.Config{Logger: slog.New(slog.NewTextHandler(&out, nil))})
		for range 3 { // outages in the ten seconds of one another
			st.setHook(func(context.Context, []syslog.Log) error { return errAway })
			l.Info(ctx(), "T", syslog.System(), "m")
			time.Sleep(200 * time.Millisecond)
			st.setHook(nil)
			require.NoError(t, l.Flush(ctx()))
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		require.NoError(t, l.Close())
		var got []string
		for line := range strings.Lines(out.String()) {
			_, line, _ = strings.Cut(line, " level=")
			got = append(got, line[:strings.Index(line, `" destination`)])
		}
		require.Len(t, got, 3, out.String())
		require.Equal(t, `ERROR msg="syslog: write failed`, got[0])
		require.Contains(t, got[1], `INFO msg="syslog: writes succeed again, after `)
		require.Equal(t, `WARN msg="syslog: writes failed, and succeed again`, got[2])
	})
}

// TestWhatIsRefusedForGoodIsNotCalledAFailure: it names the file, or the setting.
func TestWhatIsRefusedForGoodIsNotCalledAFailure(t *testing.T) {
	for name, dead := range map[string]string{"lost": "", "set aside": filepath.Join(t.TempDir(), "dead.jsonl")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out lines
				st := &memory{}
				st.setHook(func(_ context.Context, logs []syslog.Log) error {
					for i := range logs {
						if logs[i].Type == "BAD" {
							return syslog.Permanent(errors.New("the host's rule says no"))
						}
					}
					return nil
				})
				l := open(t, st, syslog.Config{DeadLetterFile: dead, Logger: slog.New(slog.NewTextHandler(&out, nil))})
				for _, typ := range []string{"GOOD", "BAD", "GOOD"} {
					l.Error(ctx(), typ, syslog.System(), "m")
				}
				_ = l.Flush(ctx())
				time.Sleep(time.Minute)
				text := out.String()
				require.NotContains(t, text, "write failed")
				require.Contains(t, text, "the host's rule says no")
				if dead == "" {
					require.Contains(t, text, "Config.DeadLetterFile")
					require.Contains(t, text, "count=1 rejected.ERROR=1\n")
				} else {
					require.Contains(t, text, "it is in "+dead)
					require.Contains(t, text, "ReplayDeadLetters")
					require.NotContains(t, text, "events lost")
				}
			})
		})
	}
}

// TestDeadLettersAreLookedAtFirst: a file that cannot be written, and events that wait in
// it, are told of before the next event is refused.
func TestDeadLettersAreLookedAtFirst(t *testing.T) {
	said := func(file string) string {
		var out lines
		require.NoError(t, open(t, &memory{}, syslog.Config{DeadLetterFile: file, Logger: slog.New(slog.NewTextHandler(&out, nil))}).Close())
		return out.String()
	}
	file := filepath.Join(t.TempDir(), "deep", "dead.jsonl")
	require.Empty(t, said(file))
	require.NoFileExists(t, file)
	require.NoError(t, os.WriteFile(file, []byte("{}\n"), 0o600))
	require.Contains(t, said(file), "wait in the dead-letter file: ReplayDeadLetters tries them again\" file="+file+" bytes=3\n")
	require.Contains(t, said("/proc/none/dead.jsonl"), "cannot be written")
	var bad *syslog.ConfigError
	_, err := syslog.New(&memory{}, &syslog.Config{SpillDir: file})
	require.ErrorAs(t, err, &bad)
	require.Len(t, bad.Fields, 1, "DeadLetterFile was not set")
}
