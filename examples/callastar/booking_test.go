package main

import (
	"net/http"
	"sync"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

func TestBooking(t *testing.T) {
	t.Parallel()
	s := newService(t)
	a := s.status(http.StatusCreated)(s.c.book(t.Context(), s.user(), "off_1"))
	l, metadata := s.one("BOOKING_CREATED")
	requireLog(t, l, syslog.LevelInfo, syslog.User("usr_ada"))
	booking := a.body["booking"].(map[string]any)
	require.Equal(t, booking["id"], metadata["bookingId"])
	require.Equal(t, "cre_zoe", metadata["creatorId"])
	require.InDelta(t, 50, metadata["price"], 0)
	s.none("API_ERROR")
}

func TestBookingRefused(t *testing.T) {
	t.Parallel()
	s := newService(t)
	user := s.user()
	s.status(http.StatusCreated)(s.c.book(t.Context(), user, "off_1"))
	s.status(http.StatusConflict)(s.c.book(t.Context(), user, "off_1"))
	s.status(http.StatusNotFound)(s.c.book(t.Context(), user, "off_9"))
	logs := s.logged("API_ERROR")
	require.Len(t, logs, 2)
	for _, l := range logs {
		requireLog(t, l, syslog.LevelWarning, syslog.User("usr_ada"))
		require.Contains(t, string(l.Metadata), `"action":"CREATE_BOOKING"`)
	}
	s.one("BOOKING_CREATED")
}

func TestBookingOnceOfManyAtOnce(t *testing.T) {
	t.Parallel()
	s := newService(t)
	user := s.user()
	var wg sync.WaitGroup
	statuses := make([]int, 8)
	for i := range statuses {
		wg.Go(func() {
			a, err := s.c.book(t.Context(), user, "off_1")
			if err == nil {
				statuses[i] = a.status
			}
		})
	}
	wg.Wait()
	count := map[int]int{}
	for _, status := range statuses {
		count[status]++
	}
	require.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: len(statuses) - 1}, count)
	s.one("BOOKING_CREATED")
}

// Where the booking cannot be stored there is no event either, and the other way round.
func TestBookingAndEventCommitTogether(t *testing.T) {
	t.Parallel()
	t.Run("no booking", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		user := s.user()
		require.NoError(t, s.gorm.Exec(`CREATE TRIGGER broken BEFORE INSERT ON bookings BEGIN SELECT RAISE(ABORT, 'disk gone'); END`).Error)
		s.status(http.StatusInternalServerError)(s.c.book(t.Context(), user, "off_1"))
		s.none("BOOKING_CREATED")
		l, metadata := s.one("API_ERROR")
		requireLog(t, l, syslog.LevelError, syslog.User("usr_ada"))
		require.Contains(t, metadata["errorMessage"], "disk gone")
	})
	t.Run("no event", func(t *testing.T) {
		t.Parallel()
		s := newService(t)
		user := s.user()
		require.NoError(t, s.logger.Flush(t.Context()))
		require.NoError(t, s.gorm.Exec(`CREATE TRIGGER broken BEFORE INSERT ON system_logs WHEN NEW.type = 'BOOKING_CREATED' BEGIN SELECT RAISE(ABORT, 'disk gone'); END`).Error)
		s.status(http.StatusInternalServerError)(s.c.book(t.Context(), user, "off_1"))
		var bookings int64
		require.NoError(t, s.gorm.Model(&Booking{}).Count(&bookings).Error)
		require.Zero(t, bookings)
		s.one("API_ERROR")
	})
}

func TestBookingNeedsAUser(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.status(http.StatusUnauthorized)(s.c.book(t.Context(), "", "off_1"))
	s.status(http.StatusUnauthorized)(s.c.book(t.Context(), "guessed", "off_1"))
	s.status(http.StatusForbidden)(s.c.book(t.Context(), s.admin(), "off_1"))
	logs := s.logged("ACCESS_DENIED")
	require.Len(t, logs, 3)
	requireLog(t, logs[0], syslog.LevelWarning, syslog.Guest())
	requireLog(t, logs[2], syslog.LevelWarning, syslog.Admin("adm_kim"))
}
