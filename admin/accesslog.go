package admin

import (
	"net/http"
	"regexp"
)

// actorInPath is what stands for the id of an actor.
var actorInPath = regexp.MustCompile(`(/api/admin/system-logs/actors/)[^/]+(/|$)`)

// AccessLogPath is the path of a request as an access log may keep it: without its query,
// which has what was searched for and whose events, and with * in place of the id of an actor
// where that is in the path. The ids of events stay.
func AccessLogPath(r *http.Request) string {
	return actorInPath.ReplaceAllString(r.URL.EscapedPath(), "${1}*${2}")
}
