package sqlite_test

import (
	"context"
	"testing"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/store"
	"github.com/stretchr/testify/require"
)

// TestRowsOfOtherPrograms puts rows into the table that the library would not
// write: they must neither hide the page they are on nor survive DeleteAll.
func TestRowsOfOtherPrograms(t *testing.T) {
	ctx := context.Background()
	for _, portable := range []bool{false, true} {
		db := hostDB(t, nil)
		st, err := store.New(db, &store.Options{Portable: portable})
		require.NoError(t, err)
		pool, err := db.DB()
		require.NoError(t, err)
		for _, row := range []string{
			`('a', 'FATAL', 'T', 'SYSTEM', NULL, 'm', NULL, 1)`,
			`('b', 'warning', 'T', 'SYSTEM', '', 'm', 'no json', 2)`,
			`('c', 'INFO', 'T', 'robot no. 5', NULL, 'm', '[1, 2]', 3)`,
			`('d', 'INFO', 'T', '', NULL, x'6D', '"text"', 4)`,
			`('e', 'INFO', 'T', '', NULL, 5, ' null ', 5)`,
			`('f', 'INFO', 'T', '', NULL, 'm', ' {"a": 1.50} ', 6)`,
			`('g', 'INFO', 'T', '', NULL, 'm', '', 7)`,
			`('h', 'INFO', 'T', '', NULL, 'm', x'FF00', 8)`,
			`('i', 'INFO', 'T', '', NULL, 'm', NULL, 9.75)`,
			`('j', 'INFO', 'T', '', NULL, 'm', NULL, '2024-01-15 10:30:00')`,
			`('k', 'info', 'T', '', NULL, 'm', NULL, 11)`,
			`('l', '', 'T', '', NULL, 'm', NULL, 12)`,
		} {
			_, err := pool.Exec("INSERT INTO system_logs VALUES " + row)
			require.NoError(t, err, row)
		}
		page, err := st.Query(ctx, syslog.Query{Order: syslog.Asc})
		require.NoError(t, err)
		require.Len(t, page.Logs, 12)
		byID := map[string]syslog.Log{}
		for _, l := range page.Logs {
			byID[l.ID] = l
			_, err := l.MarshalJSON()
			require.NoError(t, err)
		}
		require.Equal(t, syslog.LevelError, byID["a"].Level, "a level that nobody knows is an error")
		require.Equal(t, syslog.LevelWarning, byID["b"].Level)
		require.Equal(t, "m", byID["d"].Message)
		require.Equal(t, "5", byID["e"].Message)
		for id, want := range map[string]string{
			"b": `{"_value":"no json"}`, "c": `{"_value":[1, 2]}`, "d": `{"_value":"text"}`,
			"f": `{"a": 1.50}`, "h": `{"_value":"\ufffd\u0000"}`,
		} {
			require.JSONEq(t, want, string(byID[id].Metadata), id)
		}
		require.Contains(t, string(byID["f"].Metadata), "1.50", "digits stay")
		for _, id := range []string{"a", "e", "g"} {
			require.Nil(t, byID[id].Metadata, id)
		}
		require.EqualValues(t, 9, byID["i"].CreatedAt.UnixMilli())
		levels := func() map[string]int64 {
			facet, err := st.Facets(ctx, syslog.Filter{}, syslog.FacetQuery{Field: syslog.FieldLevel, Limit: 5})
			require.NoError(t, err)
			counts := map[string]int64{}
			for _, v := range facet.Values {
				counts[v.Value] = v.Count
			}
			return counts
		}
		require.Equal(t, map[string]int64{"INFO": 9, "WARNING": 1, "ERROR": 2}, levels())
		_, err = pool.Exec("WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 199) INSERT INTO system_logs SELECT i, 'LEVEL ' || i, 'T', '', NULL, 'm', NULL, i FROM n")
		require.NoError(t, err)
		require.Equal(t, map[string]int64{"INFO": 9, "WARNING": 1, "ERROR": 102}, levels(), "of more names than anybody has")

		all, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Levels: syslog.Levels()}, Limit: 200})
		require.NoError(t, err)
		require.Len(t, all.Logs, 112, "every level is no condition")
		n, err := st.Delete(ctx, syslog.Filter{Levels: syslog.Levels()})
		require.NoError(t, err)
		require.EqualValues(t, 112, n, "which is how DeleteAll empties the table")
	}
}
