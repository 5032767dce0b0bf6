package admin_test

import (
	"context"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

// TestTailOfRows: an event comes as the row that the list of the same query has of it, in
// its language, its zone and its columns, with its links, masked.
func TestTailOfRows(t *testing.T) {
	s := open(t, admin.Options{TailInterval: -1})
	url := s.serve()
	for _, query := range []string{
		"tz=Asia/Tokyo&lang=fr&search=card&minLevel=INFO", "cols=time,type,meta.password,meta.amount,message&wrap=1", "meta.amount=50&notActor=GUEST&range=24h",
	} {
		c := s.listen(url, "?"+query+"&format=html&_base=../&_limit=25&_count=none")
		l := syslog.Log{ID: "id/" + query, Level: syslog.LevelError, Type: "PAY<b>", Actor: syslog.ActorUser, ActorID: "usr_1", Message: "the card <script>\n of usr_1", Metadata: []byte(`{"password":"hunter2","amount":50}`)}
		require.NoError(t, s.logger.Commit(context.Background(), l))
		e, ok := c.next()
		require.True(t, ok)
		require.Equal(t, "log", e.name)
		var got struct{ ID, Day, Row string }
		require.NoError(t, json.Unmarshal([]byte(e.data), &got))
		require.Equal(t, l.ID, got.ID)
		list := s.view("/anywhere/rows?limit=25&count=none&"+query, "X-Fragment", "1", "X-Base", "../").Body.String()
		row := regexp.MustCompile(`(?s)<tr role="row" class="r-error" data-id="` + regexp.QuoteMeta(html.EscapeString(l.ID)) + `">.*?</tr>`).FindString(list)
		require.NotEmpty(t, row)
		require.Equal(t, row, got.Row)
		require.Contains(t, list, `<tr role="row" class="day"><th scope="rowgroup" role="rowheader" colspan="5">`+got.Day+"</th></tr>")
		require.NotContains(t, got.Row, "hunter2")
		require.NotContains(t, got.Row, "format")
		require.Contains(t, got.Row, `href="../`)
		require.NotEmpty(t, e.id)
		c.drop()
	}
	c := s.listen(url, "?format=html&_base=//evil.example/")
	require.NoError(t, s.logger.Commit(context.Background(), syslog.Log{Type: "X"}))
	e, _ := c.next()
	require.NotContains(t, e.data, "evil")
	require.Equal(t, 1, strings.Count(e.data, "data-id"))
	c = s.listen(url, "?format=json")
	require.NoError(t, s.logger.Commit(context.Background(), syslog.Log{Type: "Y"}))
	require.Equal(t, "Y", c.log().Type)
}
