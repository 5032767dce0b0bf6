package admin_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

func ids(list any) (out []string) {
	for _, l := range list.([]any) {
		out = append(out, l.(map[string]any)["id"].(string))
	}
	return out
}

// TestEntry: one event, when it expires, and who is next to it in the list.
func TestEntry(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(8)...) // aa … ah, levels in turn, a minute apart
	get := func(path string) map[string]any {
		w := s.do("GET", logs+path, "")
		require.Equal(t, 200, w.Code, w.Body.String())
		return object(t, w)
	}
	e := get("/ac")
	require.Equal(t, "ac", e["log"].(map[string]any)["id"])
	require.Equal(t, at.Add(2*time.Minute).AddDate(0, 0, 90).Format(time.RFC3339), e["expiresAt"], "an ERROR is kept for 90 days")
	require.Equal(t, map[string]any{"previous": "ad", "next": "ab"}, e["neighbours"], "newest first")
	require.Equal(t, map[string]any{"previous": "ab", "next": "ad"}, get("/ac?orderBy=asc")["neighbours"])
	require.Equal(t, map[string]any{"previous": "ag", "next": nil}, get("/ac?level=ERROR")["neighbours"], "of the list that it was opened from")
	require.Nil(t, get("/ad")["expiresAt"], "CRITICAL is kept for ever")
	require.Equal(t, 404, s.do("GET", logs+"/none", "").Code)
	require.Equal(t, 400, s.do("GET", logs+"/ac?limit=1", "").Code)

	odd := event("x/y ?%&é#", "ODD", 50)
	s.write(odd)
	require.Equal(t, odd.ID, get("/" + url.PathEscape(odd.ID))["log"].(map[string]any)["id"])
	require.Contains(t, ids(get("/" + url.PathEscape(odd.ID) + "/context")["before"]), "ah")
}

func event(id, typ string, minute int) syslog.Log {
	return syslog.Log{ID: id, Type: typ, Actor: syslog.ActorUser, ActorID: "usr_" + id, Message: "m", CreatedAt: at.Add(time.Duration(minute) * time.Minute)}
}

// TestContext: what came before and after, oldest first; of the type itself, not of those
// that have its name within.
func TestContext(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(10)...)
	for i := range 30 {
		s.write(event(fmt.Sprintf("x%02d", i), "API_ERROR_LATE", 20+i))
	}
	s.write(event("last", "API_ERROR", 60))
	get := func(query string) map[string]any {
		w := s.do("GET", logs+"/ae/context"+query, "")
		require.Equal(t, 200, w.Code, w.Body.String())
		return object(t, w)
	}
	c := get("")
	require.Equal(t, []string{"aa", "ab", "ac", "ad"}, ids(c["before"]))
	require.Equal(t, []string{"af", "ag", "ah", "ai", "aj"}, ids(c["after"]))
	require.Equal(t, "ae", c["log"].(map[string]any)["id"])
	c = get("?before=1&after=50&scope=type")
	require.Equal(t, []string{"ad"}, ids(c["before"]))
	require.Equal(t, []string{"af", "ag", "ah", "ai", "aj", "last"}, ids(c["after"]))
	c = get("?scope=actor&after=9&before=0")
	require.Equal(t, []string{"af", "ag", "ah", "ai", "aj"}, ids(c["after"]))
	require.Empty(t, c["before"])
	for _, wrong := range []string{"before=-1", "after=51", "scope=me", "level=INFO"} {
		require.Equal(t, 400, s.do("GET", logs+"/ae/context?"+wrong, "").Code, wrong)
	}
}

// TestPagesBack: the page before, from every page, in both orders, while events come in.
func TestPagesBack(t *testing.T) {
	for _, order := range []string{"desc", "asc"} {
		s := open(t, admin.Options{})
		s.write(some(23)...)
		list := func(cursor string) map[string]any {
			w := s.do("GET", logs+"?limit=5&orderBy="+order+"&cursor="+cursor, "")
			require.Equal(t, 200, w.Code, w.Body.String())
			return object(t, w)
		}
		var pages [][]string
		page := list("")
		for {
			p := page["pagination"].(map[string]any)
			require.EqualValues(t, len(pages)+1, p["currentPage"])
			pages = append(pages, ids(page["logs"]))
			if p["hasMore"] == false {
				break
			}
			require.Equal(t, len(pages) == 1, p["prevCursor"] == "")
			page = list(p["nextCursor"].(string))
		}
		require.Len(t, pages, 5)
		s.write(event("new", "T", 100), event("old", "T", -100)) // on both ends
		for n := len(pages) - 2; n >= 0; n-- {
			p := page["pagination"].(map[string]any)
			page = list(p["prevCursor"].(string))
			p = page["pagination"].(map[string]any)
			require.Equal(t, pages[n], ids(page["logs"]), "page %d, %s", n, order)
			require.EqualValues(t, n+1, p["currentPage"])
			require.EqualValues(t, 5*n, p["offset"])
			require.Equal(t, true, p["hasMore"])
			require.Equal(t, pages[n+1], ids(list(p["nextCursor"].(string))["logs"])[:len(pages[n+1])], "and forth again")
		}
	}
}

// TestAsOf keeps what came since the first page out of the next ones.
func TestAsOf(t *testing.T) {
	s := open(t, admin.Options{})
	s.write(some(10)...)
	first := object(t, s.do("GET", logs+"?limit=5", ""))["pagination"].(map[string]any)
	soon := event("soon", "T", 0)
	soon.CreatedAt = time.Now().Add(time.Hour)
	s.write(soon)
	second := object(t, s.do("GET", logs+"?limit=5&page=2&asOf="+first["asOf"].(string), ""))
	require.Equal(t, []string{"ae", "ad", "ac", "ab", "aa"}, ids(second["logs"]))
	require.EqualValues(t, 10, second["pagination"].(map[string]any)["totalCount"])
	require.Equal(t, first["asOf"], second["pagination"].(map[string]any)["asOf"])
	require.Equal(t, "soon", ids(object(t, s.do("GET", logs+"?limit=1", ""))["logs"])[0])
}
