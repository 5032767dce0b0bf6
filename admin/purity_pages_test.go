package admin_test

import (
	"context"
	"strings"
	"time"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// entries are events whose own texts are of no language.
func entries(n int) []syslog.Log {
	out := some(n)
	for i := range out {
		out[i].Message, out[i].Metadata = "zz", []byte(`{"zz":1,"password":"x","requestId":"r1","deep":{"list":[1,null,true]}}`)
	}
	return out
}

func (g tour) explorer() {
	g.get(200, "/") // nothing yet
	g.write(entries(120)...)
	one := event("one", "ONE", 7)
	one.Message, one.Metadata = "", nil
	g.write(one)
	for _, q := range []string{
		"", "level=ERROR", "level=ERROR,CRITICAL&notType=a&notType=b&meta.zz=1&notMeta.zz=2&range=24h&search=q&notSearch=p&limit=25", "limit=25&page=2", "limit=25&page=2&orderBy=asc", "minLevel=ERROR&actor=USER&actorId=user_1&type=API",
		"notLevel=INFO&notActor=USER,ADMIN&notActorId=x", "search=nothing", "search=nothing&range=7d", "type=nothing&startDate=2024-01-01", "level=INFO&startDate=2030-01-01", "startDate=2024-01-01T10:00&endDate=2024-01-15", "endDate=2024-01-15", "asOf=2024-02-01&limit=25",
		"cols=time,level,message,meta.zz,meta.password,meta.deep.list,meta.requestId&wrap=1", "count=none", "tz=Europe/Paris&range=30d", "range=1h", "actor=OTHER", "asOf=" + time.Now().Add(-time.Second).UTC().Format("2006-01-02T15:04:05Z"),
	} {
		g.get(200, "/?"+q)
		g.page(200, "GET", "/rows?"+q, "", "X-Fragment", "1", "X-Base", "./")
	}
	g.get(200, "/rows")
	long := strings.Repeat("x", 2<<10)
	for _, q := range []string{
		"level=FATAL", "startDate=zz", "endDate=2024-02-30", "startDate=2024-02-01&endDate=2024-01-01", "levl=ERROR", "cols=time,size", "startDate=0001-01-01&tz=Asia/Tokyo", "endDate=9999-12-31&tz=America/New_York", "startDate=0000-01-01", "cols=" + strings.Repeat("meta.a,", 20), "wrap=yes", "page=502", "page=0", "page=zz", "offset=50001", "offset=-1", "tz=Mars/Base", "actor=!", "cursor=rubbish", "limit=0",
		"search=" + long, "meta.a.b.c.d.e.f.g.h.i=1", "meta.=x", "type=a&type=b", "search=%zz&level=", "orderBy=up", "count=most", "page=2&offset=10", "cursor=x&page=2", "range=2d", "minLevel=ERROR,INFO", "notLevel=NOTE", "asOf=zz",
		"startDate=2024-02-01&asOf=2024-01-01", "meta.a=x&meta.a=y", "level=FATAL&limit=-1&tz=x&page=y",
	} {
		if q != "level=" && q != "view=zz" {
			g.get(400, "/?"+q)
			g.page(400, "GET", "/rows?"+q, "", "X-Fragment", "1")
		}
	}
}

func (g tour) entry() {
	for _, q := range []string{"", "?view=actor", "?view=type", "?view=request", "?level=INFO,WARNING&tz=Europe/Paris", "?view=all"} {
		g.get(200, "/logs/ac"+q)
		g.page(200, "GET", "/logs/ac"+q, "", "X-Fragment", "1", "X-Base", "./")
	}
	g.get(200, "/logs/one")
	g.send(200, "/logs/one", "_path=")
	g.send(200, "/logs/ac", "_path=password")
	g.send(200, "/logs/ac", "_path=")
	large := event("large", "LARGE", 300)
	large.Message, large.Metadata, large.Actor = "zz", []byte(`{"zz":"`+strings.Repeat("zz ", 40_000)+`"}`), "OTHER"
	fresh := event("fresh", "FRESH", 0)
	fresh.Level, fresh.Message, fresh.CreatedAt = syslog.LevelInfo, "zz", time.Now().Add(-2*24*time.Hour)
	grave := event("grave", "GRAVE", 301)
	grave.Level, grave.Message = syslog.LevelCritical, "zz"
	g.write(large, fresh, grave)
	for _, path := range []string{"/logs/large", "/logs/large?view=all", "/logs/fresh", "/logs/grave"} {
		g.get(200, path)
	}
	g.get(400, "/logs/ac?view=zz")
	g.get(400, "/logs/ac?levl=x")
	g.get(400, "/logs/one?view=request")
	g.get(404, "/logs/none")
	for form, status := range map[string]int{"_path=none": 400, "path=x": 400, "_path=a&_path=b": 400, "_path=%zz": 400} {
		g.send(status, "/logs/ac", form)
	}
}

func (g tour) counts() {
	g.write(twoWeeks()...)
	for i := range 30 { // more types than are listed
		l := event("type"+string(rune('A'+i)), "KIND_"+string(rune('A'+i)), 500+i)
		l.Message = "zz"
		g.write(l)
	}
	for _, path := range []string{"/facets", "/facets/actors", "/histogram"} {
		for _, q := range []string{"", "?level=ERROR", "?type=AUTH", "?type=KIND_A", "?range=7d", "?search=nothing", "?startDate=2024-01-01&endDate=2024-01-15", "?startDate=2024-01-15T10:00&endDate=2024-01-15T10:40"} {
			g.get(200, path+q)
			g.page(200, "GET", path+q, "", "X-Fragment", "1")
		}
		g.get(400, path+"?level=FATAL")
	}
	for _, q := range []string{"", "?range=all", "?range=1h", "?" + secondWeek, "?" + secondWeek + "&tz=Europe/Paris&level=INFO", "?startDate=2024-01-08", "?startDate=2023-01-01&endDate=2024-01-20", "?type=nothing&range=all", "?startDate=2024-01-02&endDate=2024-01-02", "?type=DATA_LOST&" + secondWeek} {
		g.get(200, "/trends"+q)
	}
	g.get(400, "/trends?level=FATAL")
	g.get(400, "/trends?format=zz")
	g.get(200, "/help")
	g.get(400, "/help?level=INFO")
}

func (g tour) maintenance() {
	g.get(200, "/maintenance")
	g.get(200, "/maintenance?running=1&tz=Europe/Paris")
	g.get(400, "/maintenance?level=INFO")
	g.get(400, "/maintenance?running=yes")
	for i, metadata := range []string{
		`{"trigger":"other","stats":{"infoDeleted":1,"totalDeleted":1,"durationMs":61000,"remaining":1}}`, `{"trigger":"cron","stats":{"totalDeleted":2000,"durationMs":5,"remaining":3}}`, `{"trigger":"manual","adminName":"Ada"}`,
	} {
		l := event("cleanup"+string(rune('0'+i)), "SYSTEM_LOG_CLEANUP", 400+i)
		l.Actor, l.Metadata = syslog.ActorSystem, []byte(metadata)
		g.write(l)
		g.get(200, "/maintenance?done="+l.ID)
	}
	g.send(303, "/maintenance/alert", "alert=A")
	g.send(303, "/maintenance/alert", "alert=C")
	g.send(400, "/maintenance/alert", "alert=none")
	g.send(400, "/maintenance/alert", "x=1")
	require.Equal(g.t, 200, g.do("GET", "/anywhere"+logs+"/export?level=ERROR", "").Code)
	require.Equal(g.t, 200, g.do("DELETE", "/anywhere"+logs, `{"deleteType":"filters","type":"PAYMENT"}`).Code)
	for _, mode := range []string{"anonymize", "delete"} {
		require.Equal(g.t, 200, g.do("POST", "/anywhere"+actors+"usr_2/erase", `{"mode":"`+mode+`"}`).Code)
	}
	require.NoError(g.t, g.logger.Flush(context.Background()))
	g.get(200, "/maintenance?done=none")
	g.page(303, "POST", "/maintenance/cleanup", "")
	g.get(200, "/maintenance")
	g.page(200, "GET", "/maintenance", "", "X-Fragment", "1")
	g.page(400, "POST", "/maintenance/cleanup?level=INFO", "")
	g.write(entries(12)...)
}

// asked is what the form of a page sends, with what was typed.
func (g tour) asked(body, action string, typed ...string) string {
	g.t.Helper()
	form := fields(g.t, body, action)
	for i := 0; i < len(typed); i += 2 {
		form.Set(typed[i], typed[i+1])
	}
	return form.Encode()
}

func (g tour) deletion() {
	for _, q := range []string{"", "?level=INFO&type=A&tz=Europe/Paris", "?range=7d", "?startDate=2024-01-01", "?done=none"} {
		g.get(200, "/delete"+q)
		g.page(200, "GET", "/delete"+q, "", "X-Fragment", "1")
	}
	g.get(400, "/delete?level=X")
	for _, form := range []string{
		"_step=now", "_step=preview&deleteType=filters", "_step=preview&deleteType=all&level=INFO", "_step=preview&deleteType=dateRange&_start=2024-01-01", "_step=preview&deleteType=dateRange&_start=zz&_end=2024-01-01", "_step=preview&deleteType=filters&level=FATAL",
		"_step=preview&deleteType=filters&levl=INFO", "_step=preview&deleteType=filters&search=%zz", "_step=confirm&deleteType=filters&level=INFO&_typed=2", "_step=confirm&deleteType=filters&level=INFO&expectedCount=-2&asOf=zz", "_step=preview&level=INFO&deleteType=filters&level=ERROR",
	} {
		g.send(400, "/delete", form)
	}
	g.send(200, "/delete", "_step=preview&deleteType=filters&type=nothing")
	g.send(200, "/delete", "_step=preview&deleteType=filters&actorId=user_1&_spare=1")
	g.send(409, "/delete", "_step=confirm&deleteType=filters&level=INFO&expectedCount=900&asOf=2024-02-01")
	g.send(409, "/delete", "_step=confirm&deleteType=filters&type=nothing&expectedCount=1&asOf=2024-02-01")
	body := g.send(200, "/delete", "_step=preview&deleteType=filters&level=CRITICAL&search=zz")
	n := fields(g.t, body, "./delete").Get("expectedCount")
	g.send(400, "/delete", g.asked(body, "./delete", "_typed", "0"))
	g.send(303, "/delete", g.asked(body, "./delete", "_typed", n))
	body = g.send(200, "/delete", "_step=preview&deleteType=filters&search=zz&level=ERROR&endDate=2024-01-15T10:32&startDate=2024-01-15T10:32")
	g.send(303, "/delete", g.asked(body, "./delete"))
}

func (g tour) erasure() {
	g.write(entries(3)...)
	for _, mode := range []string{"anonymize", "delete"} {
		for _, who := range []string{"several", "single"} {
			for i := range map[string]int{"several": 3, "single": 1}[who] {
				l := event(mode+who+string(rune('a'+i)), "ERASED", i)
				l.ActorID, l.Message = mode+who, "zz"
				g.write(l)
			}
			body := g.get(200, "/maintenance/actor?actorId="+mode+who)
			body = g.send(200, "/maintenance/actor", g.asked(body, "../maintenance/actor", "mode", mode))
			n := fields(g.t, body, "../maintenance/actor").Get("expectedCount")
			g.send(400, "/maintenance/actor", g.asked(body, "../maintenance/actor", "_typed", "x"))
			g.send(409, "/maintenance/actor", g.asked(body, "../maintenance/actor", "expectedCount", "7"))
			g.send(303, "/maintenance/actor", g.asked(body, "../maintenance/actor", "_typed", n))
		}
	}
	g.get(200, "/maintenance/actor")
	g.get(200, "/maintenance/actor?actorId=nobody&tz=Europe/Paris")
	g.get(200, "/maintenance/actor?done=none")
	g.get(400, "/maintenance/actor?level=INFO")
	for _, form := range []string{"_step=preview&mode=delete", "_step=preview&mode=forget&actorId=x", "_step=confirm&mode=delete&actorId=x", "mode=delete&actorId=x", "_step=preview&mode=delete&actorId=" + strings.Repeat("x", 2000)} {
		g.send(400, "/maintenance/actor", form)
	}
}
