package admin_test

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/admin"
	"github.com/stretchr/testify/require"
)

var (
	inFacet  = regexp.MustCompile(`(?s)<li><a href="([^"]*)"[^>]*><span class="[^"]*" title="[^"]*">.*?</span><span class="num">(≥ )?(\d+)</span>`)
	inTop    = regexp.MustCompile(`(?s)<th scope="row"><a href="([^"]*)" title="[^"]*">.*?<td class="r">(≥ )?(\d+)</td>`)
	isResult = regexp.MustCompile(`<b>(\d+) results?</b>`)
)

// TestCountsAreThoseOfTheListTheyLeadTo, or say that there are at least so many: a filter
// by a type finds others that contain it, too.
func TestCountsAreThoseOfTheListTheyLeadTo(t *testing.T) {
	s := open(t, admin.Options{})
	var events []syslog.Log
	for i, typ := range strings.Fields("PAYMENT PAYMENT PAYMENT_FAILED payment_late LOGIN LOGIN LOGIN LOGOUT") {
		events = append(events, syslog.Log{
			ID: fmt.Sprint("e", i), Level: syslog.Levels()[i%4], Type: typ, Actor: syslog.Actors()[i%3], ActorID: fmt.Sprint("a", i%2), Message: "m",
			CreatedAt: time.Now().Add(-time.Duration(i) * time.Minute),
		})
	}
	s.write(events...)
	for _, query := range []string{"", "level=INFO,ERROR", "notType=FAILED", "minLevel=WARNING&notLevel=ERROR", "type=PAY", "notActor=USER&notActorId=a1"} {
		for path, entries := range map[string]*regexp.Regexp{"facets?": inFacet, "trends?range=7d&": inTop} {
			found := entries.FindAllStringSubmatch(s.view("/anywhere/"+path+query).Body.String(), -1)
			require.NotEmpty(t, found, path+query)
			for _, f := range found {
				if path == "facets?" && strings.Contains(f[0], `aria-current`) {
					continue // takes the choice away
				}
				to := html.UnescapeString(f[1])
				body := s.view("/anywhere/" + strings.TrimPrefix(to, "./")).Body.String()
				n := "0"
				if m := isResult.FindStringSubmatch(body); m != nil {
					n = m[1]
				}
				chosen := strings.Contains(to, "level=") && strings.Contains(query, "level=") && path == "facets?" // a level more
				switch {
				case chosen:
				case f[2] == "":
					require.Equal(t, f[3], n, "%s from %s%s", to, path, query)
				default:
					require.Greater(t, n, f[3], "%s from %s%s", to, path, query)
					require.Contains(t, to, "type=PAYMENT")
				}
			}
		}
	}
	require.Contains(t, s.view("/anywhere/facets").Body.String(), `title="At least: the filter also finds types that contain PAYMENT">PAYMENT</span><span class="num">≥ 2<`)
	require.Contains(t, s.view("/anywhere/facets?lang=fr").Body.String(), "Au moins\u00a0: le filtre")
	require.Equal(t, 1, strings.Count(s.view("/anywhere/trends?range=7d").Body.String(), `<td class="r">≥ 2<`))
}
