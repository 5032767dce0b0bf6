package syslog_test

import (
	"encoding/json"
	"log/slog"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestHandlerPassesSlogtest(t *testing.T) {
	st := &memory{}
	epoch := time.Unix(1, 0)
	l := open(t, st, syslog.Config{Now: func() time.Time { return epoch }})
	require.NoError(t, slogtest.TestHandler(l.Handler(), func() []map[string]any {
		require.NoError(t, l.Flush(ctx()))
		var out []map[string]any
		for _, g := range st.all() {
			m := map[string]any{}
			if g.Metadata != nil {
				require.NoError(t, json.Unmarshal(g.Metadata, &m))
			}
			m[slog.LevelKey], m[slog.MessageKey] = g.Level, g.Message
			if !g.CreatedAt.Equal(epoch) { // the record had a time of its own
				m[slog.TimeKey] = g.CreatedAt
			}
			out = append(out, m)
		}
		return out
	}))
}

func TestHandlerFillsFields(t *testing.T) {
	st := &memory{}
	l := open(t, st, syslog.Config{})
	log := slog.New(l.Handler()).With("type", "PAYOUT_APPROVED", "actor", syslog.ActorAdmin)
	log.Debug("not recorded")
	log.Info("a", "actorId", "adm_1", "amount", 500)
	log.WithGroup("g").Warn("b", "type", "inner", slog.Group("h", "x", 1))
	log.Log(ctx(), slog.LevelError+2, "c", "actor", syslog.Creator("cr_1"), "token", "t")
	log.Log(ctx(), 20, "d")
	require.NoError(t, l.Flush(ctx()))
	logs := st.all()
	require.Len(t, logs, 4)
	for _, g := range logs {
		require.Equal(t, "PAYOUT_APPROVED", g.Type)
	}
	require.Equal(t, syslog.Actor{Kind: syslog.ActorAdmin, ID: "adm_1"}, syslog.Actor{Kind: logs[0].Actor, ID: logs[0].ActorID})
	require.JSONEq(t, `{"amount":500}`, string(logs[0].Metadata))
	require.Equal(t, syslog.LevelWarning, logs[1].Level)
	require.JSONEq(t, `{"g":{"type":"inner","h":{"x":1}}}`, string(logs[1].Metadata))
	require.Equal(t, syslog.LevelError, logs[2].Level)
	require.Equal(t, "cr_1", logs[2].ActorID)
	require.JSONEq(t, `{"token":"[REDACTED]"}`, string(logs[2].Metadata))
	require.Equal(t, syslog.LevelCritical, logs[3].Level)
}
