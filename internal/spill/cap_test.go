package spill

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheOldestSegmentsGoAtTheCap(t *testing.T) {
	const limit = 8000
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, Options{Dir: dir, MaxBytes: limit, Sync: SyncBatch})
	var gone []int
	next := 1
	for size := range 400 {
		b := run(next, 1+size%5, "message"[:size%7])
		p, lost, err := l.Append(b)
		require.NoError(t, err)
		require.True(t, l.Release(&p))
		next += b.N
		for _, g := range lost {
			ids := upTo(int(g.First), int(g.Last))
			require.Equal(t, countsOf(ids), g.Counts)
			require.Equal(t, g.Counts[Levels-1], uint64(len(g.Top)))
			for _, f := range g.Top {
				require.Contains(t, ids, idOf(f))
				require.Equal(t, Levels-1, levelOf(idOf(f)))
			}
			gone = append(gone, ids...)
		}
		sum, _ := sizes(t, dir)
		require.Equal(t, sum, l.Bytes())
		require.LessOrEqual(t, sum, int64(limit))
		if size%40 == 39 { // the oldest segment is consumed in part
			r, _, err := l.Next(2, 1<<20)
			require.NoError(t, err)
			gone = append(gone, idsOf(r.Views)...)
			for _, p := range l.Ack(r.Parts, slices.Values(framesOf(r.Views))) {
				l.Release(&p)
			}
		}
	}
	require.Greater(t, len(gone), 900)
	ids, lost := drain(t, l, 7)
	require.Empty(t, lost)
	require.Equal(t, upTo(1, next-1), slices.Concat(gone, ids), "lost in order, and nothing else")
	require.Greater(t, len(ids), 50, "no more than has to")
	l.Close()
	require.NoDirExists(t, dir)
}

func TestWhatIsInUseStaysAtTheCap(t *testing.T) {
	const limit = 4000
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, Options{Dir: dir, MaxBytes: limit, Sync: SyncSecond})
	var held []Part
	next := 1
	var err error
	for {
		var p Part
		var lost []Lost
		b := run(next, 3, "")
		if p, lost, err = l.Append(b); err != nil {
			require.Empty(t, lost)
			break
		}
		require.Empty(t, lost)
		held = append(held, p)
		next += 3
	}
	require.ErrorIs(t, err, ErrFull)
	sum, _ := sizes(t, dir)
	require.Equal(t, sum, l.Bytes())
	r, lost, err := l.Next(10, 1<<20)
	require.NoError(t, err)
	require.Nil(t, lost)
	require.Zero(t, r.N, "all of it is in memory")

	// One in the middle is given up: exactly its segment goes.
	mine := held[4].seg
	var ids []int
	for i := range held {
		if held[i].seg == mine {
			require.True(t, l.Release(&held[i]))
			ids = append(ids, 3*i+1, 3*i+2, 3*i+3)
		}
	}
	p, gone, err := l.Append(run(next, 3, ""))
	require.NoError(t, err)
	require.Len(t, gone, 1)
	require.Equal(t, ids, upTo(int(gone[0].First), int(gone[0].Last)))
	require.Equal(t, countsOf(ids), gone[0].Counts)
	held = append(held, p)
	sum, _ = sizes(t, dir)
	require.LessOrEqual(t, sum, int64(limit))

	held = slices.DeleteFunc(held, func(p Part) bool { return p.seg == mine })
	for i := range held {
		require.True(t, l.Release(&held[i]))
	}
	got, lostNow := drain(t, l, 100)
	require.Empty(t, lostNow)
	require.Equal(t, slices.DeleteFunc(upTo(1, next+2), func(id int) bool { return slices.Contains(ids, id) }), got)
	l.Close()
	require.NoDirExists(t, dir)
}

func TestABatchAboveTheCap(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, Options{Dir: dir, MaxBytes: 4000, Sync: SyncNever})
	put(t, l, run(1, 3, ""))
	_, lost, err := l.Append(run(4, 3, string(make([]byte, 4000))))
	require.ErrorIs(t, err, ErrFull)
	require.Empty(t, lost, "nothing is dropped for what has no room even so")
	put(t, l, run(4, 3, ""))
	ids, _ := drain(t, l, 100)
	require.Equal(t, upTo(1, 6), ids)
	l.Close()
}

// A directory may be larger than a cap that was lowered.
func TestALoweredCap(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	l, _ := openLog(t, Options{Dir: dir, MaxBytes: 80_000, Sync: SyncNever})
	for i := range 200 {
		put(t, l, run(1+5*i, 5, ""))
	}
	l.Close()
	l, r := openLog(t, Options{Dir: dir, MaxBytes: 20_000, Sync: SyncNever})
	require.Equal(t, 1000, r.Events)
	_, lost, err := l.Append(run(1001, 5, ""))
	require.NoError(t, err)
	require.NotEmpty(t, lost)
	require.LessOrEqual(t, l.Bytes(), int64(20_000))
	sum, _ := sizes(t, dir)
	require.Equal(t, sum, l.Bytes())
	require.EqualValues(t, 1, lost[0].First)
	l.Close()
}
