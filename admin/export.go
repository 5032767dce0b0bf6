package admin

import (
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/callastar/syslog"
)

// truncatedTrailer is behind every export: whether the file lacks some of the matches.
const truncatedTrailer = "X-Export-Truncated"

// maxExports is how many exports there may be at a time.
const maxExports = 4

// export serves GET …/export: every match as a file, page by page, so that its size takes
// no memory. What fails before the first event is an answer as any other; what fails
// behind it breaks the connection off, so that half a file does not look like a whole one.
func (h *Handler) export(w http.ResponseWriter, r *http.Request, who Principal) error {
	if p := withinSite(r); p != nil {
		return p
	}
	now := h.now()
	q, as, p := exportQuery(r.URL.RawQuery, now)
	if p != nil {
		return p
	}
	release, err := h.turn(r.Context(), h.exports)
	if err != nil {
		return err
	}
	defer release()
	x := &exporting{h: h, ctx: r.Context(), q: q, most: h.opts.ExportCap}
	first, err := x.read(1) // it is there before the others are
	if err != nil {
		return err
	}
	set := w.Header().Set
	set("Content-Type", as.contentType())
	set("Content-Disposition", `attachment; filename="`+exportName("system-logs", now, who, as.format)+`"`)
	set("Trailer", truncatedTrailer)
	if r.Method == http.MethodHead {
		return nil
	}
	err = x.stream(w, as, first)
	x.truncated = x.truncated || err != nil
	set(truncatedTrailer, strconv.FormatBool(x.truncated))
	details := syslog.Metadata{"format": as.format, "exportedCount": x.n, "truncated": x.truncated}
	h.audit(r, who, "LOGS_EXPORTED", fmt.Sprintf("%d log(s) exported", x.n), q.Filter, details, err)
	if err != nil {
		h.opts.Logger.WarnContext(r.Context(), "syslog/admin: export broken off", slog.Int("exported", x.n), slog.Any("error", err))
		panic(http.ErrAbortHandler)
	}
	return nil
}

// exportQuery reads the parameters of an export. One without asOf ends with what there is
// now, however much comes in while it is on its way.
func exportQuery(raw string, now time.Time) (q syslog.Query, as exportFormat, p *problem) {
	g := read(raw, with("orderBy", "format", "sep", "bom")...)
	s := g.selection()
	q = syslog.Query{Filter: s.filter(g.v, now), Order: g.order(), Count: syslog.CountNone}
	as = g.exportFormat()
	if last := now.Truncate(time.Millisecond).UTC(); s.AsOf == "" && (q.To.IsZero() || q.To.After(last)) {
		q.To = last
	}
	return q, as, g.v.problem()
}

var unsafeInName = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// exportName is the name of a file, which alone says when it was made and for whom.
func exportName(what string, now time.Time, who Principal, format string) string {
	name := what + "-" + now.UTC().Format("20060102T150405Z")
	if id := unsafeInName.ReplaceAllString(who.ID, "_"); id != "" {
		name += "-" + id[:min(len(id), 64)]
	}
	return name + "." + format
}
