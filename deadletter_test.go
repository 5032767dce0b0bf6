package syslog_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// refuse has a store refuse the events of some actors for good.
func refuse(m *memory, bad ...string) {
	m.setHook(func(_ context.Context, logs []syslog.Log) error {
		for _, g := range logs {
			for _, b := range bad {
				if g.Type == "T" && (b == "*" || g.ActorID == b) {
					return syslog.Permanent(fmt.Errorf("CHECK constraint failed: %s", g.ActorID))
				}
			}
		}
		return nil
	})
}

func letters(t *testing.T, path string) (out []syslog.DeadLetter) {
	t.Helper()
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	require.NoError(t, err)
	defer f.Close()
	for in := bufio.NewScanner(f); in.Scan(); {
		var d syslog.DeadLetter
		require.NoError(t, json.Unmarshal(in.Bytes(), &d))
		out = append(out, d)
	}
	return out
}

func TestPoisonAtEveryPositionIsSetAside(t *testing.T) {
	const n = 33
	for bad := range n {
		for _, durability := range []syslog.Durability{syslog.Memory, syslog.Spill, syslog.Journal} {
			dir := t.TempDir()
			cfg := syslog.Config{DeadLetterFile: filepath.Join(dir, "dead.jsonl"), Durability: durability, FlushInterval: 1e9}
			if durability != syslog.Memory {
				cfg.SpillDir = filepath.Join(dir, "spill")
			}
			st := &memory{}
			refuse(st, fmt.Sprint(bad))
			l := open(t, st, cfg)
			for i := range n {
				require.NoError(t, l.Log(ctx(), syslog.Log{Type: "T", ActorID: fmt.Sprint(i)}, syslog.Metadata{"password": "hunter2"}))
			}
			require.NoError(t, l.Flush(ctx()), "what is set aside is not lost")
			want := append(upTo(bad), upTo(n)[bad+1:]...)
			require.Equal(t, want, numbered(st))
			s := l.Stats()
			require.EqualValues(t, 1, s.DeadLetter)
			require.Zero(t, s.Dropped)
			dead := letters(t, cfg.DeadLetterFile)
			require.Len(t, dead, 1)
			require.Equal(t, fmt.Sprint(bad), dead[0].Log.ActorID)
			require.Contains(t, dead[0].Error, "CHECK constraint failed")
			require.JSONEq(t, `{"password":"[REDACTED]"}`, string(dead[0].Log.Metadata))

			require.ErrorIs(t, l.Commit(ctx(), syslog.Log{Type: "T", ActorID: fmt.Sprint(bad)}), syslog.ErrDeadLetter)
			stored, err := l.ReplayDeadLetters(ctx())
			require.ErrorIs(t, err, syslog.ErrDeadLetter)
			require.ErrorContains(t, err, "2 of 2 were refused again")
			require.Zero(t, stored)
			require.Len(t, letters(t, cfg.DeadLetterFile), 2)

			refuse(st)
			stored, err = l.ReplayDeadLetters(ctx())
			require.NoError(t, err)
			require.Equal(t, 2, stored)
			require.NoFileExists(t, cfg.DeadLetterFile)
			require.Len(t, numbered(st), n+1)
			require.Contains(t, st.all(), dead[0].Log, "as it was, with its id and time")
			require.NoError(t, l.Close())
		}
	}
}

func TestDeadLettersOfSinksGoBackToTheirSink(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dead.jsonl")
	st, web := &memory{}, &memory{}
	refuse(web, "*")
	l := open(t, st, syslog.Config{DeadLetterFile: file, Sinks: []syslog.SinkConfig{{Name: "web/1", Sink: web}}})
	l.Info(ctx(), "T", syslog.User("0"), "m")
	require.NoError(t, l.Flush(ctx()))
	require.Equal(t, "web/1", letters(t, file)[0].Sink)
	refuse(web)
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString("{\"sink\":\"gone\",\"log\":{\"type\":\"T\"}}\nno json\n")
	require.NoError(t, err)
	require.NoError(t, f.Close())
	n, err := l.ReplayDeadLetters(ctx())
	require.Equal(t, 1, n)
	require.ErrorContains(t, err, "2 of 3")
	require.Len(t, st.all(), 1)
	require.Len(t, web.all(), 1)
	rest, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, "{\"sink\":\"gone\",\"log\":{\"type\":\"T\"}}\nno json\n", string(rest))
}

func TestDeadLettersAreCapped(t *testing.T) {
	file := filepath.Join(t.TempDir(), "dead.jsonl")
	st := &memory{}
	refuse(st, "*")
	l, err := syslog.New(st, &syslog.Config{DeadLetterFile: file, DeadLetterMax: 64 << 10, Logger: quiet()})
	require.NoError(t, err)
	for range 100 {
		l.Info(ctx(), "T", syslog.User("0"), strings.Repeat("x", 1000))
	}
	require.ErrorIs(t, l.Shutdown(ctx()), syslog.ErrLost)
	s := l.Stats()
	require.NotZero(t, s.DeadLetter)
	require.NotZero(t, s.Dropped)
	require.Len(t, letters(t, file), int(s.DeadLetter))
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.LessOrEqual(t, info.Size(), int64(64<<10))
	conserved(t, l)
}

func TestReplayThatIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "dead.jsonl")
		st := &memory{}
		refuse(st, "*")
		l := open(t, st, syslog.Config{DeadLetterFile: file, QueueSize: 10})
		for range 100 {
			require.ErrorIs(t, l.Commit(ctx(), syslog.Log{Type: "T"}), syslog.ErrDeadLetter)
		}
		st.setHook(func(ctx context.Context, _ []syslog.Log) error { <-ctx.Done(); return ctx.Err() })
		short, cancel := context.WithTimeout(ctx(), 1e9)
		defer cancel()
		n, err := l.ReplayDeadLetters(short)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Zero(t, n)
		require.Greater(t, len(letters(t, file)), 80, "what the queue had no room for")
		require.NoFileExists(t, file+".replay")
		st.setHook(nil)
		require.NoError(t, os.Rename(file, file+".replay")) // as a crash leaves it
		_, err = l.ReplayDeadLetters(ctx())
		require.NoError(t, err)
		require.NoError(t, l.Flush(ctx()))
		require.Len(t, numbered(st), 100)
		require.NoFileExists(t, file+".replay")
	})
}
