package admin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDatesAreAsWritten(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	for text, c := range map[string]struct {
		loc      *time.Location
		from, to string
	}{
		"2024-01-31":                     {time.UTC, "2024-01-31T00:00:00Z", "2024-01-31T23:59:59.999Z"},
		"2024-02-29":                     {paris, "2024-02-28T23:00:00Z", "2024-02-29T22:59:59.999Z"},
		"2024-03-31":                     {paris, "2024-03-30T23:00:00Z", "2024-03-31T21:59:59.999Z"}, // 23 hours
		"2024-10-27":                     {paris, "2024-10-26T22:00:00Z", "2024-10-27T22:59:59.999Z"}, // 25 hours
		"2024-10-27T02:30":               {paris, "2024-10-27T00:30:00Z", "2024-10-27T01:30:59.999Z"}, // comes twice
		"2024-10-27T02:30:15":            {paris, "2024-10-27T00:30:15Z", "2024-10-27T01:30:15.999Z"},
		"2024-10-27T03:00":               {paris, "2024-10-27T02:00:00Z", "2024-10-27T02:00:59.999Z"},
		"2024-01-31T23:59:59Z":           {paris, "2024-01-31T23:59:59Z", "2024-01-31T23:59:59.999Z"},
		"2024-01-31T23:59:59.5Z":         {time.UTC, "2024-01-31T23:59:59.5Z", "2024-01-31T23:59:59.5Z"},
		"2024-01-31T23:59:59.123456789Z": {time.UTC, "2024-01-31T23:59:59.123456789Z", "2024-01-31T23:59:59.123456789Z"},
		"2024-01-31t23:59z":              {time.UTC, "2024-01-31T23:59:00Z", "2024-01-31T23:59:59.999Z"},
		"2024-01-31 23:59":               {time.UTC, "2024-01-31T23:59:00Z", "2024-01-31T23:59:59.999Z"},
		"2024-01-31T12:00:00+02:00":      {time.UTC, "2024-01-31T10:00:00Z", "2024-01-31T10:00:00.999Z"},
		"2024-01-31T12:00:00 02:00":      {time.UTC, "2024-01-31T10:00:00Z", "2024-01-31T10:00:00.999Z"}, // a + in a query
		"2024-01-31T12:00:00-0530":       {time.UTC, "2024-01-31T17:30:00Z", "2024-01-31T17:30:00.999Z"},
		"9999-12-31":                     {time.UTC, "9999-12-31T00:00:00Z", "9999-12-31T23:59:59.999Z"},
	} {
		s, ok := parseSpan(text, c.loc)
		require.True(t, ok, text)
		require.Equal(t, c.from, s.from.UTC().Format(time.RFC3339Nano), text)
		require.Equal(t, c.to, s.to.UTC().Format(time.RFC3339Nano), text)
	}
	for _, text := range []string{
		"", " ", "now", "2024", "2024-1-31", "31.01.2024", "2024-01-32", "2023-02-29", "2024-01-31T", "2024-01-31T24:00", "2024-01-31T10", "2024-01-31Z",
		"2024-01-31T10:00:00+25:00", "2024-01-31T10:00:60Z", "2024-01-31T10:00Z+01:00", "20240131", "2024-01-31T10:00:00.1234567890Z", "12024-01-31", "２０２４-01-31",
	} {
		_, ok := parseSpan(text, time.UTC)
		require.False(t, ok, text)
	}
}

// TestTimesThatClocksLeaveOut have a moment all the same.
func TestTimesThatClocksLeaveOut(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	s, ok := parseSpan("2024-03-31T02:30", paris)
	require.True(t, ok)
	require.WithinDuration(t, time.Date(2024, 3, 31, 1, 0, 0, 0, time.UTC), s.from, time.Hour)
	require.Equal(t, time.Minute-time.Millisecond, s.to.Sub(s.from))
}

func FuzzParseSpan(f *testing.F) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(f, err)
	for _, text := range []string{"2024-01-31", "2024-10-27T02:30:15.25+02:00", "2024-03-31 02:30", "2024-01-31T10:00:00 02:00"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, loc := range []*time.Location{time.UTC, paris} {
			if s, ok := parseSpan(text, loc); ok && s.to.Before(s.from) {
				t.Fatalf("%q ends at %v, before it begins at %v", text, s.to, s.from)
			}
		}
	})
}

// TestDayWithoutMidnight begins when the clocks are changed, and not the evening before.
func TestDayWithoutMidnight(t *testing.T) {
	for name, day := range map[string]string{
		"Africa/Cairo": "2023-04-28", "Asia/Beirut": "2022-03-27", "America/Sao_Paulo": "2018-11-04", "America/Santiago": "2023-09-03", "America/Havana": "2024-03-10",
		"America/Asuncion": "2023-10-01", "Asia/Tehran": "2022-03-22", "Asia/Damascus": "2022-03-25",
	} {
		loc, err := time.LoadLocation(name)
		require.NoError(t, err)
		s, ok := parseSpan(day, loc)
		require.True(t, ok)
		require.Equal(t, day+" 01", s.from.In(loc).Format("2006-01-02 15"), name)
		before, ok := parseSpan(s.from.In(loc).AddDate(0, 0, -1).Format("2006-01-02"), loc)
		require.True(t, ok)
		require.Equal(t, s.from.Add(-time.Millisecond), before.to, name)
	}
}
