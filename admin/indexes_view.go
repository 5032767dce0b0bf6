package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/callastar/syslog"
)

// indexesView is by what events are found.
type indexesView struct {
	All      []indexView
	Troubles []indexTrouble
	Text     bool // parts of texts are found by one
}

type indexView struct {
	Name, Columns   []run
	Of, State, Size string // on how many partitions and how large, "" where that is not said
}

// indexTrouble is one that does not do its work: Name is nil where there is none.
type indexTrouble struct {
	Name []run
	Text string
}

// newIndexes is empty where nobody can tell.
func (h *Handler) newIndexes(parent context.Context, f frame) (v indexesView, err error) {
	ctx, cancel := context.WithTimeout(parent, pingTime)
	defer cancel()
	all, err := h.logger.Indexes(ctx)
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syslog.ErrNoStore) {
		return v, nil
	}
	if err != nil {
		return v, asProblem(ctx, err)
	}
	for _, i := range all {
		row := indexView{Name: runs(i.Name, false)}
		columns := make([]string, len(i.Columns))
		for n, c := range i.Columns {
			if columns[n] = c; c == "" {
				columns[n] = "(…)"
			}
		}
		row.Columns = runs(strings.Join(columns, ", "), false)
		switch i.State {
		case syslog.IndexMissing:
			v.Troubles = append(v.Troubles, indexTrouble{Text: f.voice.say("index.missing", strings.Join(columns, ", "))})
			continue
		case syslog.IndexInvalid:
			row.State = f.voice.say("index.invalid")
			v.Troubles = append(v.Troubles, indexTrouble{row.Name, f.voice.say("index.broken")})
		case syslog.IndexBuilding:
			row.State = f.voice.say("index.building")
		case syslog.IndexReady:
			row.State = f.voice.say("index.ready")
			v.Text = v.Text || i.Text
		default:
			row.State = plainly(string(i.State))
		}
		if i.Tables > 1 {
			row.Of = f.voice.counted("index.tables", int64(i.Tables))
		}
		if i.Bytes > 0 {
			row.Size = f.voice.size(i.Bytes)
		}
		v.All = append(v.All, row)
	}
	return v, nil
}
