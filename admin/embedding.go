package admin

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// policy allows what the handler itself serves, and no script or style within a page. %s is
// who may embed it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors %s; require-trusted-types-for 'script'; trusted-types syslog#html"

// origins are what browsers compare: a policy has a grammar of its own, of which nothing else
// may be written here.
var origins = regexp.MustCompile(`^https?://[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*(?::([0-9]{1,5}))?$`)

// pagePolicy is the policy of pages that these may embed, and nobody where there are none.
func pagePolicy(ancestors []string) (text string, errs []error) {
	sources := make([]string, 0, len(ancestors))
	for i, a := range ancestors {
		if a == "self" {
			sources = append(sources, "'self'")
			continue
		}
		m := origins.FindStringSubmatch(a)
		if m != nil && m[1] != "" {
			if port, err := strconv.ParseUint(m[1], 10, 16); err != nil || port == 0 {
				m = nil
			}
		}
		if m == nil {
			errs = append(errs, fmt.Errorf("FrameAncestors[%d] is %.60q: want self, or an origin as https://console.example.com:8443", i, a))
			continue
		}
		sources = append(sources, a)
	}
	if len(sources) == 0 {
		sources = []string{"'none'"}
	}
	return fmt.Sprintf(policy, strings.Join(sources, " ")), errs
}
