package textline

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var at = time.Date(2024, 1, 31, 12, 0, 0, 123e6, time.UTC)

func TestAppendAlignsColumns(t *testing.T) {
	got := string(Append(nil, Event{at, "INFO", "BOOKING_CREATED", "USER", "u_1", "Booking bk_1 created", []byte("{\n \"a\": 1.50}")}, false))
	require.Equal(t, `2024-01-31T12:00:00.123Z  INFO      BOOKING_CREATED           USER u_1              `+
		`Booking bk_1 created                      {"a":1.50}`+"\n", got)

	messages := map[int]bool{}
	for _, e := range []Event{
		{at, "CRITICAL", "A", "SYSTEM", "", "here", nil},
		{at, "WARNING", "PAYOUT_REJECTED", "CREATOR", "cr_77", "here", nil},
		{at, "INFO", "日本", "USER", "é\u0301", "here", nil},
	} {
		plain := string(Append(nil, e, false))
		cells := 0
		for _, r := range plain[:strings.Index(plain, "here")] {
			cells += width(r)
		}
		messages[cells] = true
	}
	require.Len(t, messages, 1, "every message starts in the same cell")
}

func TestAppendColor(t *testing.T) {
	e := Event{at, "ERROR", "X", "SYSTEM", "", "a\x1b[2Jb", []byte(`{"k":"v"}`)}
	got := string(Append([]byte("before "), e, true))
	require.Contains(t, got, "\x1b[31mERROR\x1b[0m")
	require.Contains(t, got, "a\x1b[7m\\u001b\x1b[27m[2Jb")
	require.Contains(t, got, "\x1b[2m{\"k\":\"v\"}\x1b[0m\n")
	require.True(t, strings.HasPrefix(got, "before "))
	require.Equal(t, string(Append(nil, e, false)), "2024"+strings.SplitN(stripSGR(got), "2024", 2)[1])
}

func TestAppendLevelsDifferWithoutColor(t *testing.T) {
	seen := map[string]bool{}
	for _, level := range []string{"INFO", "WARNING", "ERROR", "CRITICAL", "LogLevel(3)", ""} {
		seen[string(Append(nil, Event{Time: at, Level: level}, false))] = true
	}
	require.Len(t, seen, 6)
}

func TestAppendEscapes(t *testing.T) {
	for in, want := range map[string]string{
		"a\nb":                  `a\nb`,
		"\r\t\x00\x7f":          `\r\t\u0000\u007f`,
		"\u009b31m":             `\u009b31m`, // CSI in one character
		"\u202ecba\u2069":       `\u202ecba\u2069`,
		"\xff\xfe":              `\xff\xfe`,
		"\u2028":                `\u2028`,
		"\U000e0041":            `\U000e0041`,
		"\ufeff":                `\ufeff`,
		"5\u00a0€ 👩‍👧 ن\u200cن": "5\u00a0€ 👩‍👧 ن\u200cن",
	} {
		got := string(Append(nil, Event{Time: at, Level: "INFO", Type: "T", Actor: "USER", Message: in}, false))
		require.True(t, strings.HasSuffix(got, "  "+want+"\n"), "%q gives %q", in, got)
	}
}

func TestAppendQuotesWhatIsNoWord(t *testing.T) {
	e := Event{Time: at, Level: "INFO", Type: "LOGIN  ADMIN", Actor: "USER", ActorID: `u "1"`}
	require.Contains(t, string(Append(nil, e, false)), `  "LOGIN  ADMIN"            USER "u \"1\""`)
}

func TestAppendLeavesOutEmptyMetadata(t *testing.T) {
	for _, meta := range []string{"", "null", "{}", " { } "} {
		got := string(Append(nil, Event{Time: at, Level: "INFO", Message: "m", Metadata: []byte(meta)}, false))
		require.True(t, strings.HasSuffix(got, "  m\n"), "%q", got)
	}
	got := string(Append(nil, Event{Time: at, Metadata: []byte("not\njson")}, false))
	require.Contains(t, got, `not\njson`)
}

func FuzzAppend(f *testing.F) {
	f.Add("INFO", "T", "USER", "u", "m", []byte(`{"a":"\u202e"}`), true)
	f.Add("\x1b[31m", "\n", "\u202e", "\xff", "\u2028\u0085", []byte("{\"\u202e\":\n1}"), false)
	f.Fuzz(func(t *testing.T, level, typ, actor, id, message string, meta []byte, color bool) {
		out := Append(nil, Event{at, level, typ, actor, id, message, meta}, color)
		require.True(t, utf8.Valid(out))
		require.Equal(t, 1, bytes.Count(out, []byte("\n")))
		require.True(t, bytes.HasSuffix(out, []byte("\n")))
		text := string(out[:len(out)-1])
		if color {
			text = stripSGR(text)
		}
		for _, r := range text {
			require.False(t, unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029', "%q in %q", r, text)
		}
	})
}

// stripSGR removes the colours that Append writes, and only these.
func stripSGR(s string) string {
	return strings.NewReplacer(reset, "", dim, "", bold, "", "\x1b[7m", "", "\x1b[27m", "",
		levelColor("INFO"), "", levelColor("WARNING"), "", levelColor("ERROR"), "", levelColor("CRITICAL"), "").Replace(s)
}
