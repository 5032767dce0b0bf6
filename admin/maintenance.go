package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/callastar/syslog"
)

// maintenanceView is how the log is kept, and how it is.
type maintenanceView struct {
	frame
	ReadOnly    bool
	Done        *doneView
	Running     bool // a cleanup was not started, because another was running
	Retention   []retentionRow
	Forever     bool // there is a level that is kept for ever
	Slow        string
	Cleanups    []record
	Records     []record
	CleanupURL  string // "" for who may not
	DeleteURL   string
	ActorURL    string
	Lasting     []option
	Pipeline    pipelineView
	Indexes     indexesView
	Alerts      []alertView
	AlertURL    string // "" for who may not
	AllCleanups string
	AllRecords  string
}

// retentionRow is a level.
type retentionRow struct {
	Level, Href   string
	Kept          string
	Count, Due    string // "—" where it is not known
	Oldest        *stamp
	OldestAgo     string
	Forever, Some bool // Some: there is something due
}

// maintenancePage serves GET maintenance. With "done" it says what came of a cleanup,
// with "running" that none was started.
func (h *Handler) maintenancePage(w http.ResponseWriter, r *http.Request, who Principal) error {
	g := read(r.URL.RawQuery, "tz", "done", "running")
	zone(g.get("tz"), g.v)
	running := g.get("running")
	if running != "" && running != "1" {
		g.v.add("running", "want_one")
	}
	if p := g.v.problem(); p != nil {
		return p
	}
	id, q := g.get("done"), g.values
	q.Del("done")
	q.Del("running")
	if lang := r.URL.Query().Get("lang"); lang != "" {
		q.Set("lang", lang)
	}
	f := h.frame(at(r, q), who, "maintenance", "maintenance.title")
	v := maintenanceView{frame: f, ReadOnly: h.opts.ReadOnly, Running: running != "", ActorURL: f.place.to("maintenance/actor"), Lasting: lastingInputs(f)}
	if id != "" {
		v.Done = h.done(r.Context(), f, id, cleanupType, auditPrefix+"LOGS_ERASED", alertTested)
	}
	if f.perms.Has(PermCleanup) {
		v.CleanupURL, v.AlertURL = f.place.to("maintenance/cleanup"), f.place.to("maintenance/alert")
	}
	if f.perms.Has(PermDelete) {
		v.DeleteURL = f.place.to("delete")
	}
	v.AllCleanups = f.place.to("", "type", cleanupType, "actor", string(syslog.ActorSystem))
	v.AllRecords = f.place.to("", "type", auditPrefix+"LOGS_", "actor", string(syslog.ActorAdmin))
	v.Pipeline = h.newPipeline(r.Context(), f)
	v.Alerts = h.newAlerts(f)
	var unknown error
	v.Indexes, unknown = h.newIndexes(r.Context(), f)
	if err := cmp.Or(h.fillMaintenance(r.Context(), f, id, &v), unknown); err != nil {
		p := asProblem(r.Context(), err)
		if errors.Is(r.Context().Err(), context.Canceled) {
			return err
		}
		h.note(w, r, p)
		v.Slow = f.voice.say(p.key)
	}
	return h.show(w, r, http.StatusOK, "maintenance", "maintenance", v)
}

// fillMaintenance reads what is in the store. Where it fails the page shows the rest.
func (h *Handler) fillMaintenance(parent context.Context, f frame, done string, v *maintenanceView) error {
	for _, level := range syslog.Levels() {
		v.Retention = append(v.Retention, h.newRetention(f, level))
		v.Forever = v.Forever || v.Retention[len(v.Retention)-1].Forever
	}
	ctx, release, err := h.heavily(parent)
	if err != nil {
		return err
	}
	defer release()
	if v.Records, err = h.records(ctx, f, syslog.ActorAdmin, auditPrefix+"LOGS_", done); err != nil {
		return asProblem(ctx, err)
	}
	if v.Cleanups, err = h.records(ctx, f, syslog.ActorSystem, cleanupType, done); err != nil {
		return asProblem(ctx, err)
	}
	counts, err := h.levels(ctx, syslog.Filter{})
	if err != nil {
		return asProblem(ctx, err)
	}
	for i, level := range syslog.Levels() {
		v.Retention[i].Count = f.voice.number(counts.Of(level))
		if err := h.fillRetention(ctx, f, level, counts.Of(level), &v.Retention[i]); err != nil {
			return asProblem(ctx, err)
		}
	}
	return nil
}

func (h *Handler) newRetention(f frame, level syslog.LogLevel) retentionRow {
	row := retentionRow{Level: level.String(), Href: f.place.to("", "level", level.String()), Count: "—", Due: "—"}
	row.Kept = h.kept(f.voice, level)
	if _, finite := h.logger.Retention().Age(level); !finite {
		row.Forever, row.Due = true, f.voice.number(0)
	}
	return row
}

// kept is how long events are kept: in days, if it is some.
func (v voice) kept(age time.Duration) string {
	if days := int64(age / (24 * time.Hour)); days > 0 && age%(24*time.Hour) == 0 {
		return v.counted("time.day", days)
	}
	return v.length(age)
}

// fillRetention finds the oldest event of a level, and how many the next cleanup deletes.
func (h *Handler) fillRetention(ctx context.Context, f frame, level syslog.LogLevel, count int64, row *retentionRow) error {
	if count == 0 {
		row.Due = f.voice.number(0)
		return nil
	}
	filter := syslog.Filter{Levels: []syslog.LogLevel{level}}
	page, err := h.logger.Query(ctx, syslog.Query{Filter: filter, Order: syslog.Asc, Limit: 1, Count: syslog.CountNone})
	if err != nil {
		return err
	}
	if len(page.Logs) == 0 {
		return nil
	}
	oldest := page.Logs[0].CreatedAt
	s := f.voice.stamp(oldest, f.loc)
	row.Oldest, row.OldestAgo = &s, f.voice.ago(oldest, f.now)
	age, finite := h.logger.Retention().Age(level)
	if !finite {
		return nil
	}
	filter.To = f.now.Add(-age - time.Millisecond)
	if oldest.After(filter.To) {
		row.Due = f.voice.number(0)
		return nil
	}
	due, err := h.levels(ctx, filter)
	if err != nil {
		return err
	}
	row.Due, row.Some = f.voice.number(due.Of(level)), due.Of(level) > 0
	return nil
}

// cleanupPage serves POST maintenance/cleanup: the button of the page. Who presses it twice
// leaves the first answer, which does not end the cleanup, and hears that it runs.
func (h *Handler) cleanupPage(w http.ResponseWriter, r *http.Request, who Principal) error {
	if p := read(r.URL.RawQuery, "tz").v.problem(); p != nil {
		return p
	}
	if _, p := bodyOf(w, r); p != nil {
		return p
	}
	_, id, err := h.cleanUp(context.WithoutCancel(r.Context()), byHand(who))
	if p := (*problem)(nil); errors.As(err, &p) && p.key == "cleanup_running" {
		h.leadTo(w, r, "maintenance", "running", "1")
		return nil
	}
	if err != nil {
		return err
	}
	h.leadTo(w, r, "maintenance", "done", id)
	return nil
}
