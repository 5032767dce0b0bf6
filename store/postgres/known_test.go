package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestOutageBatchInPartKnown writes a batch of which every third event is there
// already, as after a failure that took only a part of the work along.
func TestOutageBatchInPartKnown(t *testing.T) {
	for name, open := range map[string]func(t *testing.T, dsn string) (*store.Store, error){
		"open": func(_ *testing.T, dsn string) (*store.Store, error) { return postgres.Open(ctx, dsn) },
		"simple protocol": func(t *testing.T, dsn string) (*store.Store, error) {
			return postgres.New(handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true}), nil)
		},
		"prisma": func(t *testing.T, dsn string) (*store.Store, error) {
			makePrisma(t, dsn)
			return postgres.OpenWithOptions(ctx, dsn, &postgres.Options{Layout: postgres.PrismaLayout})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, err := open(t, pgtest.New(t))
			require.NoError(t, err)
			defer func() { require.NoError(t, st.Close(ctx)) }()
			var all, known []syslog.Log
			for i := range 3000 {
				l := syslog.Log{
					ID: fmt.Sprintf("id_%06d", i), Type: "T", Actor: syslog.ActorSystem, Message: "new",
					CreatedAt: time.UnixMilli(int64(i) + 1).UTC(),
				}
				all = append(all, l)
				if i%3 == 1 {
					l.Message = "known"
					known = append(known, l)
				}
			}
			for _, w := range []struct {
				logs []syslog.Log
				new  int
			}{{known, 1000}, {all, 2000}, {all, 0}, {known, 0}, {all[:1], 0}} {
				n, err := st.WriteCount(ctx, w.logs)
				require.NoError(t, err)
				require.Equal(t, w.new, n)
			}
			i := 0
			for l, err := range st.All(ctx, syslog.Filter{From: time.UnixMilli(1)}) {
				require.NoError(t, err)
				want := all[len(all)-1-i] // newest first
				if (len(all)-1-i)%3 == 1 {
					want.Message = "known" // what is there stays as it is
				}
				require.Equal(t, want, l)
				i++
			}
			require.Len(t, all, i)
		})
	}
}

// TestHalvesThatWaitForEachOther has both halves of a batch bring the same IDs, in
// opposite order: the server ends one of two transactions that wait for each other. It
// may do so once more, and then the batch goes in as one.
func TestHalvesThatWaitForEachOther(t *testing.T) {
	t.Parallel()
	st, err := postgres.Open(ctx, pgtest.New(t))
	require.NoError(t, err)
	defer func() { require.NoError(t, st.Close(ctx)) }()
	const events = 20_000
	all := make([]syslog.Log, 2*events)
	for i := range events {
		l := syslog.Log{ID: fmt.Sprintf("id_%06d", i), Type: "T", Actor: syslog.ActorSystem, CreatedAt: time.UnixMilli(int64(i) + 1).UTC()}
		all[i], all[len(all)-1-i] = l, l
	}
	written := 0
	for attempt := 1; ; attempt++ {
		n, err := st.WriteCount(ctx, all)
		if err == nil {
			written = max(written, n) // what a failed attempt has stored is none of it
			break
		}
		require.ErrorContains(t, err, "deadlock")
		require.Less(t, attempt, 3)
	}
	n := 0
	for _, err := range st.All(ctx, syslog.Filter{From: time.UnixMilli(1)}) {
		require.NoError(t, err)
		n++
	}
	require.Equal(t, events, n)
	require.LessOrEqual(t, written, events)
}
