package admin

import (
	"net/http"
	"net/url"
	"strings"
)

// AccessLogPath is the path of a request as an access log may keep it: without its query,
// which has what was searched for and whose events, and with * in place of the id of an actor
// where that is in the path. The ids of events stay.
func AccessLogPath(r *http.Request) string {
	segments := strings.Split(r.URL.EscapedPath(), "/")
	before := strings.Split("api/admin/system-logs/actors", "/")
	for i := len(before); i < len(segments); i++ {
		id := segments[i] != ""
		for j, want := range before {
			plain, _ := url.PathUnescape(segments[i-len(before)+j]) // as routes are found
			id = id && plain == want
		}
		if id {
			segments[i] = "*"
		}
	}
	return strings.Join(segments, "/")
}
