package admin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestNumbersAndTimes(t *testing.T) {
	en, fr := ours.voices["en"], ours.voices["fr"]
	for n, want := range map[int64][2]string{
		0: {"0", "0"}, 999: {"999", "999"}, 1500: {"1,500", "1\u202f500"}, 1234567: {"1,234,567", "1\u202f234\u202f567"}, -1500: {"-1,500", "-1\u202f500"},
	} {
		require.Equal(t, want, [2]string{en.number(n), fr.number(n)})
	}
	for n, want := range map[int64][2]string{0: {"0 results", "0 résultat"}, 1: {"1 result", "1 résultat"}, 2: {"2 results", "2 résultats"}, 1500: {"1,500 results", "1\u202f500 résultats"}} {
		require.Equal(t, want, [2]string{en.counted("explorer.results", n), fr.counted("explorer.results", n)})
	}
	for bytes, want := range map[int64][2]string{
		0: {"0 B", "0\u00a0o"}, 100: {"100 B", "100\u00a0o"}, 1023: {"1,023 B", "1\u202f023\u00a0o"}, 1024: {"1 KB", "1\u00a0Ko"}, 319488: {"312 KB", "312\u00a0Ko"},
		1<<20 - 513: {"1,023 KB", "1\u202f023\u00a0Ko"}, 1<<20 - 1: {"1.0 MB", "1,0\u00a0Mo"}, 1 << 20: {"1.0 MB", "1,0\u00a0Mo"},
		1<<30 - 1<<20: {"1023.0 MB", "1023,0\u00a0Mo"}, 1<<30 - 1: {"1.0 GB", "1,0\u00a0Go"}, 90 << 30: {"90.0 GB", "90,0\u00a0Go"},
	} {
		require.Equal(t, want, [2]string{en.size(bytes), fr.size(bytes)})
	}
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	at := time.Date(2026, 11, 22, 17, 59, 12, 481e6, time.UTC)
	require.Equal(t, stamp{"2026-11-22T17:59:12.481Z", "22 nov. 2026 18:59:12.481"}, fr.stamp(at, paris))
	require.Equal(t, "Sun 22 Nov 2026", en.weekday(at))
	require.Equal(t, "17:59:12", en.clock(at, at.Add(6*time.Hour)))
	require.Equal(t, "22 nov. 2026 17:59:12", fr.clock(at, at.Add(7*time.Hour)))
	require.Equal(t, "17:59:12", fr.since(at, at.Add(6*time.Hour)))
	require.Equal(t, "le 22 nov. 2026 17:59:12", fr.since(at, at.Add(7*time.Hour)))
	require.Equal(t, "22 Nov 2026 17:59", en.minute(at.Truncate(time.Minute)))
	require.Equal(t, "22 Nov 2026 17:59:12", en.minute(at.Truncate(time.Second)))
	for ago, want := range map[time.Duration]string{0: "just now", 2 * time.Minute: "2 min ago", 47 * time.Hour: "47 h ago", 49 * time.Hour: "2 d ago", -90 * 24 * time.Hour: "in 90 d"} {
		require.Equal(t, want, en.ago(at.Add(-ago), at))
	}
	require.Equal(t, "il y a 2\u00a0min", fr.ago(at.Add(-2*time.Minute), at))
	require.Equal(t, "Europe/Paris (UTC+1)", zoneName(paris, at))
	india, err := time.LoadLocation("Asia/Kolkata")
	require.NoError(t, err)
	require.Equal(t, "Asia/Kolkata (UTC+5:30)", zoneName(india, at))
	west, err := time.LoadLocation("America/St_Johns")
	require.NoError(t, err)
	require.Equal(t, "America/St_Johns (UTC−3:30)", zoneName(west, at))
	require.Equal(t, "22 Nov 2026 17:00–18:00", en.spanText(at.Truncate(time.Hour), at.Truncate(time.Hour).Add(time.Hour)))
}

// TestPlurals: by CLDR, as far as there are two forms.
func TestPlurals(t *testing.T) {
	for lang, want := range map[string][4]string{
		"en": {".other", ".one", ".other", ".other"}, "es-MX": {".other", ".one", ".other", ".other"}, "fr": {".one", ".one", ".other", ".other"}, "pt-BR": {".one", ".one", ".other", ".other"},
		"pt-PT": {".other", ".one", ".other", ".other"}, "pa": {".one", ".one", ".other", ".other"}, "yo": {".other", ".other", ".other", ".other"}, "ja": {".other", ".other", ".other", ".other"}, "zh-Hant-TW": {".other", ".other", ".other", ".other"}, "pl": {".other", ".one", ".other", ".other"},
	} {
		v := voice{lang: lang}
		require.Equal(t, want, [4]string{v.plural(0), v.plural(1), v.plural(2), v.plural(1_000_000)}, lang)
	}
}
