package syslog

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestClosedIsClosed asks a logger whose only destination is BestEffort.
func TestClosedIsClosed(t *testing.T) {
	l, err := New(nil, &Config{
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Sinks:  []SinkConfig{{Name: "a", Sink: away{}, BestEffort: true}},
	})
	require.NoError(t, err)
	require.NoError(t, l.Healthy(context.Background()))
	require.NoError(t, l.Close())
	require.ErrorIs(t, l.Healthy(context.Background()), ErrClosed)
}
