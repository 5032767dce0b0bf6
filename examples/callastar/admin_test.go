package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheLogIsForAdministrators: by the service's own login, and the scheduler by its
// secret.
func TestTheLogIsForAdministrators(t *testing.T) {
	s := newService(t)
	ctx, user, admin := t.Context(), s.user(), s.admin()
	require.NoError(t, s.logger.Flush(ctx))
	s.status(http.StatusUnauthorized)(s.c.logs(ctx, "", ""))
	s.status(http.StatusForbidden)(s.c.logs(ctx, user, ""))
	s.one("ACCESS_DENIED")
	got := s.status(http.StatusOK)(s.c.logs(ctx, admin, "?type=AUTH_LOGIN"))
	require.Len(t, got.body["logs"], 2)

	s.status(http.StatusForbidden)(s.c.deleteLogs(ctx, user, `{"deleteType":"filters","type":"AUTH"}`))
	s.status(http.StatusBadRequest)(s.c.deleteLogs(ctx, admin, `{"deleteType":"filters"}`))
	got = s.status(http.StatusOK)(s.c.deleteLogs(ctx, admin, `{"deleteType":"filters","type":"AUTH_LOGIN"}`))
	require.EqualValues(t, 2, got.body["deletedCount"])
	deleted, _ := s.one("ADMIN_LOGS_DELETED")
	require.Equal(t, "adm_kim", deleted.ActorID)

	s.status(http.StatusUnauthorized)(s.c.cleanup(ctx, "guess"))
	s.status(http.StatusOK)(s.c.cleanup(ctx, "cron_test"))
	s.one("SYSTEM_LOG_CLEANUP")
}
