package admin_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestEntryPage: all that is known of an event, its neighbours in the list it was opened
// from, and the way back.
func TestEntryPage(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(12)...)
	w := s.view("/anywhere/logs/ae?level=INFO,WARNING&tz=Europe/Paris&lang=fr")
	require.Equal(t, 200, w.Code)
	body := w.Body.String()
	for _, want := range []string{
		`<time datetime="2024-01-15T10:34:00.000Z">15 janv. 2024 11:34:00.000</time>`, "2024-01-15T10:34:00.000Z", "Expire le", "14 févr. 2024", "Failed to create booking", `<code>ae</code>`, "il y a ",
		`<html lang="fr"`, "<title>API_ERROR · Logs système</title>",
	} {
		require.Contains(t, body, want)
	}
	to := links(w)
	const q = "?lang=fr&level=INFO,WARNING&tz=Europe/Paris"
	require.Contains(t, to, "../logs/af"+q, "the one before it in a list that has the newest first")
	require.Contains(t, to, "../logs/ab"+q, "the next, past one of another level")
	require.Contains(t, to, "../"+q, "back")
	require.Contains(t, to, "../?actorId=user_1&lang=fr&tz=Europe/Paris")
	require.Contains(t, to, "../?lang=fr&level=INFO,WARNING&meta.price=50&tz=Europe/Paris")
	require.Contains(t, to, "../?lang=fr&level=INFO,WARNING&notMeta.price=50&tz=Europe/Paris")
	require.Len(t, regexp.MustCompile(`<li( class="self"[^>]*)?><time`).FindAllString(body, -1), 10, "four older ones, itself, five newer ones")
	col := s.do("GET", "/anywhere/?_col=price&level=INFO", "")
	require.Contains(t, s.view(strings.Replace(col.Header().Get("Location"), "./", "/anywhere/", 1)).Body.String(), `<td role="cell" class="c-meta" data-name="price">50</td>`)

	critical := event("forever", "DATA_CORRUPTION", 99)
	critical.Level, critical.Metadata = syslog.LevelCritical, nil
	s.write(critical)
	body = s.view("/anywhere/logs/forever").Body.String()
	require.Contains(t, body, "Kept for ever")
	require.Contains(t, body, "No metadata")

	part := s.view("/anywhere/logs/ae", "X-Fragment", "1", "X-Base", "./")
	require.True(t, strings.HasPrefix(part.Body.String(), `<article class="entry" data-region="entry" data-id="ae">`))
	for _, path := range links(part) {
		require.True(t, strings.HasPrefix(path, "./"), path)
	}
	require.Equal(t, 404, s.view("/anywhere/logs/none").Code)
	require.Equal(t, 400, s.view("/anywhere/logs/ae?levl=ERROR").Code)
}

// TestEntryContext: around it, of the same actor, of the same type.
func TestEntryContext(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(5)...)
	other := event("other", "OTHER", 2)
	other.ActorID, other.CreatedAt = "user_2", at.Add(90*time.Second)
	s.write(other)
	around := func(view string) (types []string) {
		body := s.view("/anywhere/logs/ac?view=" + view).Body.String()
		for _, m := range regexp.MustCompile(`<li[^>]*><time.*?<span class="type">([A-Z_]+)<`).FindAllStringSubmatch(body, -1) {
			types = append(types, m[1])
		}
		return types
	}
	require.Equal(t, []string{"API_ERROR", "API_ERROR", "API_ERROR", "OTHER", "API_ERROR", "API_ERROR"}, around(""))
	require.Equal(t, strings.Split(strings.Repeat("API_ERROR ", 5), " ")[:5], around("actor"))
	require.Equal(t, strings.Split(strings.Repeat("API_ERROR ", 5), " ")[:5], around("type"))
}

// TestEntryDeeds: by each value one can filter, leave it out, or copy it.
func TestEntryDeeds(t *testing.T) {
	s := open(t, admin.Options{})
	l := event("one", "A&B", 0)
	l.Actor, l.ActorID, l.Metadata = syslog.ActorUser, "é\u202e", []byte(`{"n":1.50,"list":["in list"],"none":null,"":"x"}`)
	s.write(l)
	w := s.view("/anywhere/logs/one?type=x&notType=y&level=INFO&page=2")
	to := links(w)
	for _, want := range []string{
		"../?level=INFO&type=A%26B", "../?level=INFO&notType=y&notType=A%26B&type=x",
		"../?actor=USER&level=INFO&notType=y&type=x", "../?level=INFO&notActor=USER&notType=y&type=x",
		"../?actorId=%C3%A9%E2%80%AE&level=INFO&notType=y&type=x", "../?level=INFO&notActorId=%C3%A9%E2%80%AE&notType=y&type=x",
	} {
		require.Contains(t, to, want)
	}
	for _, text := range []string{"one", "A&amp;B", "USER", "%C3%A9%E2%80%AE", "1.50", "in%20list", "2024-01-15T10:30:00.000Z"} {
		require.Contains(t, w.Body.String(), `data-text="`+text+`"`)
	}
	require.NotContains(t, w.Body.String(), "\u202e")
}

// TestSameRequest: what else happened in it, within a day.
func TestSameRequest(t *testing.T) {
	s := open(t, admin.Options{Mask: admin.MaskKeys("correlationId")})
	for i, meta := range []string{`{"requestId":"r1"}`, `{"requestId":"r2"}`, `{"requestId":"r1","request_id":"z"}`, `{"requestId":{"a":1},"request_id":7}`, `{"correlationId":"c"}`, `{"requestId":"{3F25}"}`, `{"requestId":"null"}`, `{"requestId":null}`} {
		l := event(string(rune('a'+i))+"_req", "T"+string(rune('A'+i)), i)
		l.Metadata = []byte(meta)
		s.write(l)
	}
	far := event("far", "FAR", 3*24*60)
	far.Metadata = []byte(`{"requestId":"r1"}`)
	s.write(far)
	w := s.view("/anywhere/logs/a_req")
	require.Contains(t, links(w), "../logs/a_req?view=request#context")
	require.Contains(t, w.Body.String(), "Same request (24 h)")
	body := s.view("/anywhere/logs/a_req?view=request").Body.String()
	var types []string
	for _, m := range regexp.MustCompile(`<li[^>]*><time.*?<span class="type">([A-Z_]+)<`).FindAllStringSubmatch(body, -1) {
		types = append(types, m[1])
	}
	require.Equal(t, []string{"TC", "TA"}, types)
	require.Contains(t, links(s.view("/anywhere/logs/d_req")), "../logs/d_req?view=request#context", "by the first key that has a value")
	for id, has := range map[string]bool{"f_req": true, "g_req": true, "h_req": false} {
		require.Equal(t, has, s.view("/anywhere/logs/"+id+"?view=request").Code == 200, id)
	}
	require.NotContains(t, s.view("/anywhere/logs/e_req").Body.String(), "Same request", "masked")
	require.Equal(t, 400, s.view("/anywhere/logs/e_req?view=request").Code)
}

// TestLargeMetadata is shown in part, until somebody asks for all of it.
func TestLargeMetadata(t *testing.T) {
	s := open(t, admin.Options{})
	l := event("large", "T", 0)
	l.Metadata = []byte(`{"stack":"Error: x\n    at y (z.go:1)","text":"` + strings.Repeat("x", 300<<10) + `","last":"end of it"}`)
	s.write(l)
	body := s.view("/anywhere/logs/large").Body.String()
	require.Less(t, len(body), 250<<10)
	require.Contains(t, body, "Show all (300 KB)")
	require.Contains(t, body, "<pre class=\"code\" tabindex=\"0\">Error: x\n    at y (z.go:1)</pre>")
	require.NotContains(t, body, "end of it")
	body = s.view("/anywhere/logs/large?view=all").Body.String()
	require.Contains(t, body, "end of it")
	require.NotContains(t, body, "Show all (")
}
