package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/callastar/syslog"
)

// record is an event that tells what was done with the log: of audit, or of a cleanup.
type record struct {
	What     string
	At       stamp
	Who      []run
	Count    string
	Filter   []run
	Error    []run
	Href     string // of the event, for who may see it
	Current  bool   // is what has just been done
	Duration string
	Levels   []levelCount
	Left     string

	n          int64
	anonymised bool
}

// recorded is what the metadata of such events have.
type recorded struct {
	AdminID, AdminName, Mode, Trigger, Error string
	DeletedCount, ExportedCount, ErasedCount *int64
	LogID                                    string
	Alert                                    string
	Failed                                   bool
	Filter                                   map[string]any
	Stats                                    *struct {
		syslog.CleanupStats
	}
}

// actionTexts are what was done, by the type of its record.
var actionTexts = map[string]string{
	auditPrefix + "LOGS_DELETED": "record.deleted", auditPrefix + "LOGS_EXPORTED": "record.exported",
	auditPrefix + "LOGS_REVEALED": "record.revealed", auditPrefix + "LOGS_ERASED": "record.erased",
	cleanupType: "record.cleanup", alertTested: "record.alert",
}

func (h *Handler) newRecord(f frame, l syslog.Log) record {
	l = h.shown(l)
	var m recorded
	_ = json.Unmarshal(l.Metadata, &m) // what is masked, or somebody else's, is not of its kind
	v := record{What: f.voice.say(actionTexts[l.Type]), At: f.voice.stamp(l.CreatedAt, f.loc), Error: runs(m.Error, false), Filter: runs(filterText(m.Filter), false)}
	if f.perms.Has(PermView) {
		v.Href = f.place.to("logs/" + segment(l.ID))
	}
	id := l.ActorID
	if l.Type == cleanupType {
		id = m.AdminID
	}
	switch {
	case m.AdminName != "" && id != "":
		v.Who = runs(m.AdminName+" ("+id+")", false)
	case m.AdminName+id != "":
		v.Who = runs(m.AdminName+id, false)
	}
	for _, n := range []*int64{m.DeletedCount, m.ExportedCount, m.ErasedCount} {
		if n != nil {
			v.n, v.Count = *n, f.voice.number(*n)
		}
	}
	if m.LogID != "" {
		v.Filter = runs("id = "+m.LogID, false)
	}
	if m.Alert != "" {
		v.Filter = runs(m.Alert, false)
	}
	if m.Failed {
		v.Error = runs(f.voice.say("alert.why"), false)
	}
	if m.Mode == byAnonymizing {
		v.What, v.anonymised = f.voice.say("record.anonymised"), true
	}
	if l.Type == cleanupType {
		v.cleanup(f, l, m)
	}
	return v
}

// cleanup adds what a cleanup counts. It was recorded at its end.
func (v *record) cleanup(f frame, l syslog.Log, m recorded) {
	v.What = f.voice.say("cleanup.otherTrigger")
	switch m.Trigger {
	case "cron":
		v.What = f.voice.say("cleanup.cron")
	case "manual":
		v.What = f.voice.say("cleanup.manual")
	}
	if m.Stats == nil {
		return
	}
	s := m.Stats.CleanupStats
	took := time.Duration(s.DurationMs) * time.Millisecond
	v.At, v.Duration = f.voice.stamp(l.CreatedAt.Add(-took), f.loc), f.voice.length(took)
	v.Levels = f.voice.levelCounts(syslog.LevelCounts{Info: s.InfoDeleted, Warning: s.WarningDeleted, Error: s.ErrorDeleted, Critical: s.CriticalDeleted})
	if v.n, v.Count = s.TotalDeleted, f.voice.number(s.TotalDeleted); s.Remaining > 0 {
		v.Left = f.voice.counted("cleanup.left", s.Remaining)
	}
}

// filterText is the filter of a record: level = ERROR, CRITICAL · type = PAY.
func filterText(filter map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(filter)) {
		text := fmt.Sprint(filter[name])
		if list, several := filter[name].([]any); several {
			var all []string
			for _, one := range list {
				all = append(all, fmt.Sprint(one))
			}
			text = strings.Join(all, ", ")
		}
		parts = append(parts, name+" = "+text)
	}
	return strings.Join(parts, " · ")
}

// records are the last events of a type, or of types that begin with it, newest first.
func (h *Handler) records(ctx context.Context, f frame, actor syslog.LogActor, typ, current string) (out []record, err error) {
	page, err := h.logger.Query(ctx, syslog.Query{
		Filter: syslog.Filter{Type: typ, Actors: []syslog.LogActor{actor}}, Limit: recordsShown, Count: syslog.CountNone,
	})
	for _, l := range page.Logs {
		if actionTexts[l.Type] != "" {
			v := h.newRecord(f, l)
			v.Current = l.ID == current
			out = append(out, v)
		}
	}
	return out, err
}

// recordsShown is how many records a list of them has at most.
const recordsShown = 10

// doneView is what came of something, as its record says. Without one only that it is not
// there yet.
type doneView struct {
	Text   string
	Record *record
	Failed bool
}

// done reads the record of what was done, which is of one of these types.
func (h *Handler) done(parent context.Context, f frame, id string, types ...string) *doneView {
	ctx, cancel := h.limited(parent)
	defer cancel()
	l, err := h.logger.Get(ctx, id)
	if err != nil || !slices.Contains(types, l.Type) {
		return &doneView{Text: f.voice.say("done.unrecorded")}
	}
	v := h.newRecord(f, l)
	key := "done.deleted"
	switch {
	case l.Type == cleanupType:
		key = "done.cleanup"
	case v.anonymised:
		key = "done.anonymised"
	case l.Type == alertTested && v.Error != nil:
		return &doneView{f.voice.say("done.alertFailed"), &v, true}
	case l.Type == alertTested:
		return &doneView{f.voice.say("done.alert"), &v, false}
	}
	return &doneView{f.voice.counted(key, v.n), &v, false}
}
