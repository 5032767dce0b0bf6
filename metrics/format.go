package metrics

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// format is the form of a page. Both are the same lines but for names and the end.
type format struct {
	contentType string
	bare        bool // HELP and TYPE name a counter without _total
	end         string
}

var (
	text        = format{contentType: "text/plain; version=0.0.4; charset=utf-8"}
	openMetrics = format{"application/openmetrics-text; version=1.0.0; charset=utf-8", true, "# EOF\n"}
)

// formatFor is OpenMetrics where the request asks for it by name and does not
// prefer text.
func formatFor(h http.Header) format {
	var open, plain float64
	for part := range strings.SplitSeq(strings.Join(h.Values("Accept"), ","), ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		weight, err := strconv.ParseFloat(params["q"], 64)
		if err != nil {
			weight = 1
		}
		switch version := params["version"]; {
		case kind == "text/plain":
			plain = max(plain, weight)
		case kind == "application/openmetrics-text" && (version == "" || version == "1.0.0"):
			open = max(open, weight)
		}
	}
	if open > 0 && open >= plain {
		return openMetrics
	}
	return text
}
