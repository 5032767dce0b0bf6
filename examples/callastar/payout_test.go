package main

import (
	"net/http"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestApprove(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusOK)(s.c.approve(t.Context(), s.admin(), "po_1"))
	l, metadata := s.one("ADMIN_PAYOUT_APPROVED")
	requireLog(t, l, syslog.LevelInfo, syslog.Admin("adm_kim"))
	require.Equal(t, "po_1", metadata["payoutId"])
	require.Equal(t, "cre_zoe", metadata["creatorId"])
	require.InDelta(t, 500, metadata["amount"], 0)
	require.Equal(t, "EUR", metadata["currency"])
	require.Equal(t, "127.0.0.1", metadata["ip"])

	logs := s.logged("PAYOUT_APPROVED") // a substring: both events
	require.Len(t, logs, 2)
	requireLog(t, logs[1], syslog.LevelInfo, syslog.Creator("cre_zoe"))
}

func TestApproveUnauthorised(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusUnauthorized)(s.c.approve(t.Context(), "", "po_1"))
	s.status(http.StatusForbidden)(s.c.approve(t.Context(), s.user(), "po_1"))
	logs := s.logged("ACCESS_DENIED")
	require.Len(t, logs, 2)
	requireLog(t, logs[0], syslog.LevelWarning, syslog.Guest())
	requireLog(t, logs[1], syslog.LevelWarning, syslog.User("usr_ada"))
	s.none("PAYOUT_APPROVED")
	var p Payout
	require.NoError(t, s.gorm.Take(&p, "id = ?", "po_1").Error)
	require.Equal(t, payoutRequested, p.Status)
}

func TestApproveRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	admin := s.admin()
	s.status(http.StatusOK)(s.c.approve(t.Context(), admin, "po_1"))
	s.status(http.StatusConflict)(s.c.approve(t.Context(), admin, "po_1"))
	s.status(http.StatusNotFound)(s.c.approve(t.Context(), admin, "po_9"))
	logs := s.logged("ADMIN_PAYOUT_APPROVAL_FAILED")
	require.Len(t, logs, 2)
	requireLog(t, logs[0], syslog.LevelWarning, syslog.Admin("adm_kim"))
}

func TestApproveFails(t *testing.T) {
	t.Parallel()
	s := newService(t)
	admin := s.admin()
	require.NoError(t, s.gorm.Migrator().DropTable(&Payout{}))
	s.status(http.StatusInternalServerError)(s.c.approve(t.Context(), admin, "po_1"))
	l, metadata := s.one("ADMIN_PAYOUT_APPROVAL_FAILED")
	requireLog(t, l, syslog.LevelCritical, syslog.Admin("adm_kim"))
	require.Contains(t, metadata["errorMessage"], "no such table")
}
