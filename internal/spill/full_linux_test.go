package spill

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func init() {
	children["small files"] = smallFiles
	children["few files"] = fewFiles
}

// fill appends until the disk takes no more, makes room, and goes on. What was
// appended must be there, and nothing else, at every moment.
func fill(dir string, sync Sync, room func()) (before int, err error) {
	l, _, err := Open(Options{Dir: dir, MaxBytes: 4 << 20, Sync: sync})
	if err != nil {
		return 0, err
	}
	next := 1
	write := func() error {
		p, _, err := l.Append(run(next, 7, strings.Repeat("x", 300)))
		if err == nil && l.Release(&p) {
			next += 7
		}
		return err
	}
	holds := func(when string) error {
		var ids []int
		notes, err := Read(dir, func(f []byte) bool { ids = append(ids, idOf(f)); return true })
		if err != nil || len(notes) > 0 || !slices.Equal(ids, upTo(1, next-1)) {
			return fmt.Errorf("%s: read %d events instead of %d: %v %w", when, len(ids), next-1, notes, err)
		}
		sum := int64(0)
		numbers, err := list(dir)
		for _, n := range numbers {
			if info, err := os.Stat(filepath.Join(dir, fmt.Sprintf(nameOfFiles, n))); err == nil {
				sum += info.Size()
			}
		}
		if err != nil || sum != l.Bytes() {
			return fmt.Errorf("%s: %d bytes on disk, %d are known: %w", when, sum, l.Bytes(), err)
		}
		return nil
	}
	for err == nil {
		err = write()
	}
	before = next - 1
	if !errors.Is(err, syscall.ENOSPC) && !errors.Is(err, syscall.EFBIG) {
		return before, fmt.Errorf("not the error of a full disk: %w", err)
	}
	if err := holds("full"); err != nil {
		return before, err
	}
	if errors.Is(err, syscall.ENOSPC) || before == 0 {
		for range 3 {
			if write() == nil {
				return before, errors.New("the disk is not full")
			}
		}
	}
	if err := holds("still full"); err != nil {
		return before, err
	}
	room()
	for range 30 {
		if err := write(); err != nil {
			return before, fmt.Errorf("there is room again: %w", err)
		}
	}
	if err := holds("again"); err != nil {
		return before, err
	}
	l.Close()
	l, r, err := Open(Options{Dir: dir, MaxBytes: 4 << 20, Sync: sync})
	if err != nil || r.Events != next-1 || len(r.Notes) > 0 {
		return before, fmt.Errorf("%d events instead of %d, %v: %w", r.Events, next-1, r.Notes, err)
	}
	l.Close()
	return before, os.RemoveAll(dir)
}

func smallFiles() {
	signal.Ignore(syscall.SIGXFSZ)
	for _, sync := range []Sync{SyncBatch, SyncSecond, SyncNever} {
		for _, limit := range []uint64{0, 1, headSize - 1, headSize, headSize + batchSize - 1, headSize + batchSize + 1000, 10_000} {
			var was syscall.Rlimit
			err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was)
			small := was
			small.Cur = limit
			if err == nil {
				err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &small)
			}
			before := 0
			if err == nil {
				before, err = fill(filepath.Join(os.Getenv(dirEnv), "d"), sync, func() { _ = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was) })
			}
			if err == nil && (limit == 10_000) != (before > 0) {
				err = fmt.Errorf("%d events before the limit", before)
			}
			if err != nil {
				fmt.Println(sync, limit, err)
				return
			}
		}
	}
	fmt.Println("good")
}

func TestWritesThatFailInTheMiddle(t *testing.T) {
	_, _, out := start(t, "small files", t.TempDir())
	require.Equal(t, "good", line(t, out))
}

func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := syscall.Mount("spill", disk, "tmpfs", 0, "size=256k"); err != nil {
		// Where mounting is not allowed, a device that is always full takes its place.
		t.Log("mount:", err)
		fullDevice(t)
		return
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(disk, 0)) })
	for _, sync := range []Sync{SyncBatch, SyncSecond, SyncNever} {
		ballast := filepath.Join(disk, "ballast")
		require.NoError(t, os.WriteFile(ballast, make([]byte, 150<<10), 0o600))
		before, err := fill(filepath.Join(disk, "d"), sync, func() { require.NoError(t, os.Remove(ballast)) })
		require.NoError(t, err)
		require.NotZero(t, before)
	}
}

func TestFullDevice(t *testing.T) { fullDevice(t) }

func fullDevice(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, options(dir))
	put(t, l, run(1, 5, ""))
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	require.NoError(t, err)
	require.NoError(t, l.active.w.Close())
	l.active.w = full
	_, _, err = l.Append(run(6, 5, ""))
	require.ErrorIs(t, err, syscall.ENOSPC)
	put(t, l, run(6, 5, ""))
	ids, lost := drain(t, l, 100)
	require.Empty(t, lost)
	require.Equal(t, upTo(1, 10), ids)
	l.Close()
	require.NoDirExists(t, dir)
}

// fewFiles reads where no file can be opened, and then where one can.
func fewFiles() {
	fmt.Println(func() error {
		dir := filepath.Join(os.Getenv(dirEnv), "d")
		l, _, err := Open(options(dir))
		if err != nil {
			return err
		}
		p, _, err := l.Append(run(1, 5, ""))
		if err != nil {
			return err
		}
		l.Release(&p)
		var taken []*os.File
		var was syscall.Rlimit
		_ = syscall.Getrlimit(syscall.RLIMIT_NOFILE, &was)
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 50, Max: was.Max})
		for err == nil {
			var f *os.File
			if f, err = os.Open(os.DevNull); err == nil {
				taken = append(taken, f)
			}
		}
		for range 3 {
			r, lost, err := l.Next(10, 1<<20)
			if !errors.Is(err, syscall.EMFILE) || lost != nil || r.N != 0 {
				return fmt.Errorf("without a file: %w", err)
			}
		}
		for _, f := range taken {
			_ = f.Close()
		}
		r, lost, err := l.Next(10, 1<<20)
		if err != nil || lost != nil || !slices.Equal(idsOf(r.Views), upTo(1, 5)) {
			return fmt.Errorf("%d events: %w", r.N, err)
		}
		l.Ack(r.Parts, slices.Values(framesOf(r.Views)))
		l.Tidy()
		l.Close()
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("left behind: %w", err)
		}
		return nil
	}())
}

func TestTooManyOpenFilesAreNoDamage(t *testing.T) {
	_, _, out := start(t, "few files", t.TempDir())
	require.Equal(t, "<nil>", line(t, out))
}

// openFiles counts what this process has open below a directory.
func openFiles(t *testing.T, dir string) (n int) {
	t.Helper()
	for _, fd := range names(t, "/proc/self/fd") {
		if _, err := strconv.Atoi(fd); err == nil {
			if path, err := os.Readlink("/proc/self/fd/" + fd); err == nil && strings.HasPrefix(path, dir) {
				n++
			}
		}
	}
	return n
}

func TestNoFileStaysOpen(t *testing.T) {
	root := t.TempDir()
	dir := filepath.Join(root, "d")
	lock, err := LockDir(root)
	require.NoError(t, err)
	require.Equal(t, 1, openFiles(t, root))
	for i := range 3 * len(accidents) {
		opt := Options{Dir: dir, MaxBytes: 3000, Sync: Sync(1 + i%3)}
		l, _ := openLog(t, opt)
		for j := range 40 {
			p, _, err := l.Append(run(1+3*j, 3, ""))
			require.NoError(t, err)
			require.True(t, l.Release(&p))
			require.LessOrEqual(t, openFiles(t, root), 3, "a segment that is written, and one that was read by lose")
		}
		numbers, err := list(dir)
		require.NoError(t, err)
		for k, n := range numbers { // also the one that is appended to
			if k%2 == 1 || k == len(numbers)-1 {
				require.NoError(t, os.Truncate(filepath.Join(dir, fmt.Sprintf(nameOfFiles, n)), 60))
			}
		}
		if i%2 == 0 {
			_, lost := drain(t, l, 5)
			require.NotEmpty(t, lost)
			require.LessOrEqual(t, openFiles(t, root), 2, "the cursor")
		} else {
			_, _, err := l.Next(2, 100)
			require.NoError(t, err)
		}
		l.Close()
		require.Equal(t, 1, openFiles(t, root))
		require.NoError(t, os.RemoveAll(dir))
	}
	lock.Unlock()
	require.Zero(t, openFiles(t, root))
}
