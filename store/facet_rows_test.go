package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store"
	"github.com/callastar/syslog/store/sqlite"
	"github.com/stretchr/testify/require"
)

// crowded is how many events a log has that has more than a facet counts, two at each moment.
// crowdedAt and crowdedLevel describe the i-th: the oldest thousand are CRITICAL, which no
// later one is, the newest thousand INFO.
const crowded = syslog.FacetRows + 2001

func crowdedAt(i int) time.Time { return time.UnixMilli(1_700_000_000_000 + int64(i/2)*1000).UTC() }

func crowdedLevel(i int) string {
	switch {
	case i < 1000:
		return "CRITICAL"
	case i >= crowded-1000:
		return "INFO"
	}
	return []string{"ERROR", "INFO", "WARNING", "INFO", "INFO"}[i%5]
}

// TestFacetsOfACrowd counts the newest FacetRows events exactly, also where the last of them
// shares its moment with others, and says when there are more.
func TestFacetsOfACrowd(t *testing.T) {
	const level = `CASE WHEN i < 1000 THEN 'CRITICAL' WHEN i >= %[1]d - 1000 THEN 'INFO' WHEN i %% 5 = 0 THEN 'ERROR' WHEN i %% 5 = 2 THEN 'WARNING' ELSE 'INFO' END`
	for name, c := range map[string]struct {
		open func(t *testing.T) (*sql.DB, syslog.Aggregator)
		fill string
	}{
		"sqlite": {func(t *testing.T) (*sql.DB, syslog.Aggregator) {
			path := filepath.Join(t.TempDir(), "logs.db")
			st, err := sqlite.Open(path)
			require.NoError(t, err)
			t.Cleanup(func() { _ = st.Close(context.Background()) })
			drivers := sql.Drivers()
			db, err := sql.Open(drivers[slices.IndexFunc(drivers, func(d string) bool { return strings.HasPrefix(d, "sqlite") })], path)
			require.NoError(t, err)
			t.Cleanup(func() { _ = db.Close() })
			return db, st
		}, `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < %[1]d - 1)
			INSERT INTO system_logs SELECT printf('%%06d', i), ` + level + `, ` + level + `, 'SYSTEM', NULL, 'm', NULL, 1700000000000 + i / 2 * 1000 FROM n`},
		"postgres": {func(t *testing.T) (*sql.DB, syslog.Aggregator) {
			db := openPostgres(t, pgtest.New(t))
			st, err := store.New(db, nil)
			require.NoError(t, err)
			pool, err := db.DB()
			require.NoError(t, err)
			return pool, st
		}, `INSERT INTO system_logs SELECT to_char(i, 'FM000000'), ` + level + `, ` + level + `, 'SYSTEM', NULL, 'm', NULL, to_timestamp(1700000000 + i / 2) FROM generate_series(0, %[1]d - 1) i`},
	} {
		t.Run(name, func(t *testing.T) {
			db, st := c.open(t)
			_, err := db.ExecContext(t.Context(), fmt.Sprintf(c.fill, crowded))
			require.NoError(t, err)
			for period, f := range map[string]syslog.Filter{
				"all":       {},
				"too many":  {From: crowdedAt(300), To: crowdedAt(crowded - 500)},
				"as many":   {From: crowdedAt(900), To: crowdedAt(900 + syslog.FacetRows - 1)},
				"few":       {From: crowdedAt(990), To: crowdedAt(1020)},
				"no INFO":   {To: crowdedAt(500)},
				"only INFO": {From: crowdedAt(crowded - 600)},
				"none":      {From: crowdedAt(crowded + 3)},
			} {
				want, capped := counted(f)
				for _, field := range []syslog.Field{syslog.FieldLevel, syslog.FieldType} {
					for _, recent := range []bool{false, true} {
						q, err := syslog.FacetQuery{Field: field, ByRecency: recent}.Normalize()
						require.NoError(t, err)
						got, err := st.Facets(context.Background(), f, q)
						require.NoError(t, err)
						require.Equal(t, syslog.NewFacet(q, slices.Clone(want), capped), got, "%s by %s", period, field)
					}
				}
			}
		})
	}
}

// counted is what the newest events of a period have.
func counted(f syslog.Filter) (values []syslog.FacetValue, capped bool) {
	byLevel, n := map[string]*syslog.FacetValue{}, 0
	for i := crowded - 1; i >= 0; i-- {
		at := crowdedAt(i)
		if at.Before(f.From) || !f.To.IsZero() && at.After(f.To) {
			continue
		}
		if n++; n > syslog.FacetRows {
			capped = true
			break
		}
		v := byLevel[crowdedLevel(i)]
		if v == nil {
			v = &syslog.FacetValue{Value: crowdedLevel(i), Last: at}
			byLevel[v.Value] = v
		}
		v.Count++
	}
	for _, v := range byLevel {
		values = append(values, *v)
	}
	return values, capped
}
