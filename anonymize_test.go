package syslog_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/syslogtest"
	"github.com/stretchr/testify/require"
)

// justStore hides what a store can do beside the interface.
type justStore struct{ syslog.Store }

func TestAnonymize(t *testing.T) {
	ctx := context.Background()
	f := syslog.Filter{ActorID: "usr_1"}
	for _, l := range []*syslog.Logger{nil, syslog.Default()} {
		_, err := l.Anonymize(ctx, f, nil)
		require.ErrorIs(t, err, syslog.ErrNoStore)
	}
	cannot, err := syslog.New(justStore{syslogtest.NewStore()}, nil)
	require.NoError(t, err)
	defer cannot.Close()
	_, err = cannot.Anonymize(ctx, f, nil)
	require.ErrorIs(t, err, errors.ErrUnsupported)

	st := syslogtest.NewStore()
	l, err := syslog.New(st, nil)
	require.NoError(t, err)
	defer l.Close()
	_, err = l.Anonymize(ctx, syslog.Filter{}, nil)
	require.ErrorIs(t, err, syslog.ErrEmptyFilter)
	_, err = l.Anonymize(ctx, syslog.Filter{Type: "T"}, nil)
	require.ErrorIs(t, err, syslog.ErrInvalidQuery)
	_, err = l.Anonymize(ctx, syslog.Filter{ActorID: "a", Levels: []syslog.LogLevel{3}}, nil)
	require.ErrorIs(t, err, syslog.ErrInvalidQuery)

	l.UserAction(ctx, "X", "usr_1", "by usr_1", syslog.Metadata{"n": json.Number("1.2300")})
	l.UserAction(ctx, "X", "usr_2", "by usr_2")
	require.NoError(t, l.Flush(ctx))
	refused := errors.New("refused")
	for _, scrub := range []syslog.Scrub{
		func(syslog.Log) (string, json.RawMessage, error) { return "", json.RawMessage(`[1]`), nil },
		func(syslog.Log) (string, json.RawMessage, error) { return "", json.RawMessage(`{"a":`), nil },
		func(syslog.Log) (string, json.RawMessage, error) { return "", nil, refused },
	} {
		n, err := l.Anonymize(ctx, f, scrub)
		require.Error(t, err)
		require.Zero(t, n)
	}
	n, err := l.Anonymize(ctx, f, func(l syslog.Log) (string, json.RawMessage, error) {
		require.Equal(t, "usr_1", l.ActorID)
		return "by\x00\xff", l.Metadata, nil
	})
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	got := st.Logs()
	require.Equal(t, []string{"", "by\uFFFD\uFFFD", `{"n":1.2300}`}, []string{got[0].ActorID, got[0].Message, string(got[0].Metadata)})
	n, err = l.Anonymize(ctx, syslog.Filter{ActorID: "usr_2"}, nil)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.Equal(t, "by usr_2", st.Logs()[1].Message, "without a scrub it stays")
}
