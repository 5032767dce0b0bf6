package admin

import (
	"bufio"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// trendColumns is the first row of the file of trends. Section says what a row is of: total,
// previous, bucket, day, type, newType or actorId.
var trendColumns = []string{"section", "value", "start", "end", "INFO", "WARNING", "ERROR", "CRITICAL", "total", "errorRate", "previous"}

// writeTrends answers with the numbers of the page, for spreadsheets.
func writeTrends(w http.ResponseWriter, r *http.Request, a asked, t trends, as exportFormat, who Principal) error {
	set := w.Header().Set
	set("Content-Type", as.contentType())
	set("Content-Disposition", `attachment; filename="`+exportName("trends", a.now, who, as.format)+`"`)
	if r.Method == http.MethodHead {
		return nil
	}
	out := bufio.NewWriter(w)
	e := newCSVEncoder(out, as.sep, as.bom)
	row := func(cells ...string) {
		for i := range cells {
			cells[i] = harmless(cells[i])
		}
		for len(cells) < len(trendColumns) {
			cells = append(cells, "")
		}
		_ = e.write(cells) // what is below keeps its error for Flush
	}
	if as.bom {
		_, _ = out.WriteString("\uFEFF")
	}
	row(trendColumns...)
	spans := func(section string, from, to time.Time, c syslog.LevelCounts) {
		row(append([]string{section, "", iso(from), iso(to)}, levelCells(c)...)...)
	}
	from, to := a.query.From, a.query.To
	if from.IsZero() {
		from = t.edges[0]
	}
	if to.IsZero() {
		to = a.now
	}
	spans("total", from, to, t.ByLevel)
	if p := t.Previous; p != nil {
		spans("previous", p.From, p.To, p.ByLevel)
	}
	for i, c := range t.counts {
		spans("bucket", t.edges[i], t.edges[i+1].Add(-time.Millisecond), c)
	}
	for _, d := range t.days {
		spans("day", d.from, d.to.Add(-time.Millisecond), d.counts)
	}
	values := func(section string, all []syslog.FacetValue, previous bool) {
		for _, v := range all {
			cells := []string{section, v.Value, "", "", "", "", "", "", strconv.FormatInt(v.Count, 10), "", ""}
			if previous {
				cells[10] = strconv.FormatInt(t.before[v.Value], 10)
			}
			row(cells...)
		}
	}
	values("type", t.Types.Values, t.Previous != nil)
	values("newType", t.fresh, true)
	values("actorId", t.ActorIDs.Values, false)
	return out.Flush()
}

func levelCells(c syslog.LevelCounts) (out []string) {
	for _, l := range syslog.Levels() {
		out = append(out, strconv.FormatInt(c.Of(l), 10))
	}
	return append(out, strconv.FormatInt(c.Total(), 10), fmt.Sprintf("%.4f", errorRate(c)))
}
