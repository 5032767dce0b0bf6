package postgres_test

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestOutageConstraintOfTheHost has a rule of the host's decline one event in a
// batch: it is lost, and counted, and takes no other along.
func TestOutageConstraintOfTheHost(t *testing.T) {
	const n, declined = 3000, 1234
	for name, constraint := range map[string]string{
		"unique": "UNIQUE (message)", // event 500 says the same
		"check":  "CHECK (actor_id <> 'declined')",
	} {
		for protocol, simple := range map[string]bool{"extended": false, "simple": true} {
			t.Run(name+" "+protocol, func(t *testing.T) {
				t.Parallel()
				dsn := pgtest.New(t)
				db := handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: simple})
				st, err := postgres.New(db, nil)
				require.NoError(t, err)
				require.NoError(t, db.Exec("ALTER TABLE system_logs ADD CONSTRAINT host "+constraint).Error)
				l, err := syslog.New(st, &syslog.Config{BatchSize: n, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
				require.NoError(t, err)
				for i := range n {
					actor, message := fmt.Sprint(i), fmt.Sprint("message ", i)
					if i == declined {
						actor, message = "declined", "message 500"
					}
					l.Info(ctx, "HOST", syslog.User(actor), message)
				}
				var lost *syslog.LostError
				require.ErrorAs(t, l.Flush(ctx), &lost)
				require.EqualValues(t, 1, lost.Count)
				require.Contains(t, lost.Last, "host", "the error does not name the constraint")
				require.NoError(t, errors.Join(l.Flush(ctx), l.Close())) // it is told once, and not tried again

				s := l.Stats()
				require.EqualValues(t, 1, s.Dropped)
				require.EqualValues(t, n+1, s.Accepted) // and the event that tells of the loss
				require.EqualValues(t, n, s.Written, fmt.Sprintf("%+v", s))
				require.Zero(t, s.Refused+s.Duplicate+s.Queued)
				// Of two that say the same either may be first: a large batch goes in as two
				// halves at the same time.
				var rows, same, told int
				require.NoError(t, db.Raw("SELECT count(*) FROM system_logs WHERE type = 'HOST'").Scan(&rows).Error)
				require.Equal(t, n-1, rows)
				require.NoError(t, db.Raw("SELECT count(*) FROM system_logs WHERE message = 'message 500'").Scan(&same).Error)
				require.Equal(t, 1, same)
				require.NoError(t, db.Raw("SELECT count(*) FROM system_logs WHERE type = ?", syslog.TypeEventsDropped).Scan(&told).Error)
				require.Equal(t, 1, told)
			})
		}
	}
}
