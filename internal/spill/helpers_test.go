package spill

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/callastar/syslog/internal/frame"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if child := children[os.Getenv(childEnv)]; child != nil {
		child()
		return
	}
	goleak.VerifyTestMain(m)
}

// mk makes the frame of an event whose id is a number.
func mk(id int, level int, message string) []byte {
	name := strconv.Itoa(id)
	b := append(frame.Begin(nil), name...)
	b = append(b, message...)
	frame.End(b, frame.Head{Level: uint8(level), CreatedAt: 1, ID: len(name), Message: len(message)})
	return b
}

// levelOf spreads events over the levels.
func levelOf(id int) int { return id % Levels }

// run is a batch of events with the numbers first to first+n-1, and ids like these.
func run(first, n int, message string) *Batch {
	b := &Batch{N: n, First: uint64(first)}
	for i := range n {
		b.Views = append(b.Views, mk(first+i, levelOf(first+i), message))
	}
	return b
}

func idOf(f []byte) int {
	n, err := strconv.Atoi(frame.Decode(f).ID)
	if err != nil {
		panic(err)
	}
	return n
}

func framesOf(views [][]byte) (out [][]byte) {
	for _, v := range views {
		for len(v) > 0 {
			n := frame.Size(v)
			out = append(out, v[:n:n])
			v = v[n:]
		}
	}
	return out
}

func idsOf(views [][]byte) (out []int) {
	for _, f := range framesOf(views) {
		out = append(out, idOf(f))
	}
	return out
}

func countsOf(ids []int) (c [Levels]uint64) {
	for _, id := range ids {
		c[levelOf(id)]++
	}
	return c
}

// upTo is the ids from first to last.
func upTo(first, last int) (out []int) {
	for i := first; i <= last; i++ {
		out = append(out, i)
	}
	return out
}

func options(dir string) Options { return Options{Dir: dir, MaxBytes: 1 << 20, Sync: SyncNever} }

func openLog(t testing.TB, opt Options) (*Log, Recovery) {
	t.Helper()
	l, r, err := Open(opt)
	require.NoError(t, err)
	return l, r
}

// put appends a batch that is not kept in memory.
func put(t testing.TB, l *Log, b *Batch) {
	t.Helper()
	p, lost, err := l.Append(b)
	require.NoError(t, err)
	require.Empty(t, lost)
	require.True(t, l.Release(&p))
}

// drain delivers all there is, most events at a time.
func drain(t testing.TB, l *Log, most int) (ids []int, lost []Lost) {
	t.Helper()
	for {
		first, some := l.Head()
		r, gone, err := l.Next(most, 1<<20)
		if gone != nil {
			require.Error(t, err)
			require.Zero(t, r.N)
			lost = append(lost, *gone)
			continue
		}
		require.NoError(t, err)
		if r.N == 0 {
			require.False(t, some)
			return ids, lost
		}
		require.Equal(t, first, r.First)
		frames := framesOf(r.Views)
		require.Len(t, frames, r.N)
		ids = append(ids, idsOf(r.Views)...)
		if rest := l.Ack(r.Parts, slices.Values(frames)); len(rest) > 0 {
			require.Len(t, rest, 1)
			l.Release(&rest[0])
		}
		l.Tidy()
	}
}

// sizes is what the segments in a directory take, and how many there are.
func sizes(t testing.TB, dir string) (sum int64, n int) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		require.NoError(t, err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), suffix) {
			info, err := e.Info()
			require.NoError(t, err)
			sum += info.Size()
			n++
		}
	}
	return sum, n
}

func names(t testing.TB, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if !errors.Is(err, fs.ErrNotExist) {
		require.NoError(t, err)
	}
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

// files is a directory in memory.
type files map[string][]byte

func snapshot(t testing.TB, dir string) files {
	t.Helper()
	f := files{}
	for _, name := range names(t, dir) {
		b, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		f[name] = b
	}
	return f
}

func (f files) write(t testing.TB, dir string) {
	t.Helper()
	require.NoError(t, os.RemoveAll(dir))
	require.NoError(t, os.MkdirAll(dir, 0o700))
	for name, b := range f {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), b, 0o600))
	}
}

// allocates is how many bytes a function allocates.
func allocates(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
