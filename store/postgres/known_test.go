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
