package syslog_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// halving stores the first half of a batch, and fails at the second until it has
// failed so often.
type halving struct {
	memory
	fails int
	err   error
	boast int // what it claims to have stored beyond that
}

func (h *halving) WriteCount(ctx context.Context, logs []syslog.Log) (int, error) {
	if h.fails == 0 || len(logs) < 2 {
		return h.memory.WriteCount(ctx, logs)
	}
	h.fails--
	n, err := h.memory.WriteCount(ctx, logs[:len(logs)/2])
	return n + h.boast, errors.Join(err, h.err)
}

// TestPartOfABatchIsStored: what a failed attempt has stored is no duplicate when
// it comes again, whatever the destination claims.
func TestPartOfABatchIsStored(t *testing.T) {
	for name, st := range map[string]*halving{
		"again":   {fails: 1, err: errors.New("the connection is gone")},
		"refused": {fails: 3, err: syslog.Permanent(errors.New("no"))},
		"boasts":  {fails: 2, err: syslog.RetryAfter(errors.New("no"), time.Nanosecond), boast: 1 << 30},
		"less":    {fails: 2, err: syslog.RetryAfter(errors.New("no"), time.Nanosecond), boast: -1 << 30},
	} {
		t.Run(name, func(t *testing.T) {
			l := open(t, st, syslog.Config{FlushInterval: time.Hour})
			const n = 100
			for range n {
				l.Info(ctx(), "T", syslog.System(), "m")
			}
			require.NoError(t, l.Flush(ctx()))
			s := l.Stats()
			require.EqualValues(t, n, s.Written+s.Duplicate)
			if st.boast >= 0 {
				require.EqualValues(t, n, s.Written)
			}
			l.Info(ctx(), "T", syslog.System(), "m")
			require.NoError(t, l.Flush(ctx()))
			require.Len(t, st.all(), n+1)
			require.Equal(t, s.Duplicate, l.Stats().Duplicate, "the next batch knows nothing of it")
		})
	}
}
