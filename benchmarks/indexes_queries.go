package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/jackc/pgx/v5"
)

// queryNames are the queries, in their order.
var queryNames = []string{
	"first page", "deep page", "ERROR page", "above INFO page", "rare actor page", "hot actor page", "page of actors who did nothing", "time range page",
	"type substring page", "rare text page", "rare text with k page", "exact count", "exact count of INFO", "capped count of INFO",
}

// sqlQuery is a statement with its arguments.
type sqlQuery struct {
	name, text string
	args       []any
}

// queries are what the store sends for a table.
func (x *indexed) queries(st *store.Store, table string) ([]sqlQuery, error) {
	middle := x.rows / 2
	after := &syslog.Position{CreatedAt: x.past.at(middle), ID: x.past.id(middle)}
	info := "SELECT %s FROM " + table + " WHERE level IN ($1)"
	var failed error
	page := func(f syslog.Filter, after *syslog.Position) sqlQuery {
		q := syslog.Query{Filter: f}
		if after != nil {
			q.Cursor = after.Cursor(syslog.Desc)
		}
		text, args, err := st.PageSQL(q)
		failed = errors.Join(failed, err)
		return sqlQuery{"", text, args}
	}
	all := []sqlQuery{
		page(syslog.Filter{}, nil),
		page(syslog.Filter{}, after),
		page(syslog.Filter{Levels: []syslog.LogLevel{syslog.LevelError}}, nil),
		page(syslog.Filter{Levels: syslog.Levels()[1:]}, nil),
		page(syslog.Filter{ActorID: rareActor}, nil),
		page(syslog.Filter{ActorID: hotActor}, nil),
		page(syslog.Filter{Actors: []syslog.LogActor{syslog.ActorGuest}}, nil),
		page(syslog.Filter{From: x.past.at(middle), To: x.past.at(middle + x.rows/30)}, nil),
		page(syslog.Filter{Type: "payout"}, nil),
		page(syslog.Filter{Search: rareWord}, nil),
		page(syslog.Filter{Search: rareWordWith}, nil),
		{"", "SELECT COUNT(*) FROM " + table, nil},
		{"", fmt.Sprintf(info, "COUNT(*)"), []any{"INFO"}},
		{"", "SELECT COUNT(*) FROM (" + fmt.Sprintf(info, "1 AS one") + fmt.Sprintf(" LIMIT %d) capped", syslog.CountCap), []any{"INFO"}},
	}
	for i := range all {
		all[i].name = queryNames[i]
	}
	return all, failed
}

// sample times a query. The plan is made for the arguments each time, as the store has
// it.
func sample(ctx context.Context, conn *pgx.Conn, q sqlQuery) (times []float64, err error) {
	args := append([]any{pgx.QueryExecModeCacheDescribe}, q.args...)
	return sampled(func() error {
		rows, err := conn.Query(ctx, q.text, args...)
		if err != nil {
			return err
		}
		for rows.Next() {
			_ = rows.RawValues()
		}
		return rows.Err()
	})
}
