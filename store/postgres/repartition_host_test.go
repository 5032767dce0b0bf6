package postgres_test

import (
	"testing"

	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// TestRepartitionNamesWhatItWouldLose: nothing is changed where the host put
// something on the table that the one with partitions would not have.
func TestRepartitionNamesWhatItWouldLose(t *testing.T) {
	t.Parallel()
	for what, stmts := range map[string][]string{
		"row level security": {"ALTER TABLE system_logs ENABLE ROW LEVEL SECURITY"},
		"policy mine":        {"CREATE POLICY mine ON system_logs USING (actor = current_user)"},
		"trigger told": {
			"CREATE FUNCTION told() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
			"CREATE TRIGGER told BEFORE INSERT ON system_logs FOR EACH ROW EXECUTE FUNCTION told()",
		},
		"rule copied":                {"CREATE RULE copied AS ON DELETE TO system_logs DO ALSO NOTIFY gone"},
		"constraint short":           {"ALTER TABLE system_logs ADD CONSTRAINT short CHECK (length(message) < 1000)"},
		"constraint known":           {"CREATE TABLE types (name TEXT COLLATE \"C\" PRIMARY KEY)", "ALTER TABLE system_logs ADD CONSTRAINT known FOREIGN KEY (type) REFERENCES types"},
		"foreign key noted of notes": {"CREATE TABLE notes (log TEXT COLLATE \"C\", CONSTRAINT noted FOREIGN KEY (log) REFERENCES system_logs)"},
		"index once":                 {"ALTER TABLE system_logs ADD CONSTRAINT once UNIQUE (message)"},
		"index by_tenant":            {"CREATE INDEX by_tenant ON system_logs ((metadata->>'tenant'))"},
		"statistics related":         {"CREATE STATISTICS related ON type, actor FROM system_logs"},
		"column tenant":              {"ALTER TABLE system_logs ADD COLUMN tenant TEXT"},
		"default of column message":  {"ALTER TABLE system_logs ALTER COLUMN message SET DEFAULT ''"},
		"inheritance by other":       {"CREATE TABLE other () INHERITS (system_logs)"},
		"view report":                {"CREATE VIEW report AS SELECT type, count(*) FROM system_logs GROUP BY 1"},
		"view kept":                  {"CREATE MATERIALIZED VIEW kept AS SELECT l FROM system_logs l"},
		"function latest()":          {"CREATE FUNCTION latest() RETURNS SETOF system_logs LANGUAGE sql AS 'SELECT * FROM system_logs'"},
		"publication chosen":         {"CREATE PUBLICATION chosen FOR TABLE system_logs WITH (publish_via_partition_root)"},
		"publication every":          {"CREATE PUBLICATION every FOR ALL TABLES"},
		"index by_tenant, view report": {
			"CREATE INDEX by_tenant ON system_logs ((metadata->>'tenant'))", "CREATE VIEW report AS SELECT type FROM system_logs",
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			dsn := pgtest.New(t)
			db := direct(t, dsn)
			st := openPlain(t, dsn)
			for _, stmt := range stmts {
				_, err := db.ExecContext(ctx, stmt)
				require.NoError(t, err)
			}
			before := dump(t, dsn)
			err := postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily())
			require.ErrorContains(t, err, "old events: "+what+"; remove it")
			require.Equal(t, before, dump(t, dsn))
			require.NoError(t, st.Ping(ctx))
		})
	}
}

// TestRepartitionGoesWithWhatStaysTrue: a publication of everything by the name of
// the whole table, and what others have in the schema.
func TestRepartitionGoesWithWhatStaysTrue(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	db := direct(t, dsn)
	openPlain(t, dsn)
	for _, stmt := range []string{
		"CREATE PUBLICATION every FOR ALL TABLES WITH (publish_via_partition_root)", "CREATE TABLE other (id TEXT PRIMARY KEY)", "CREATE VIEW report AS SELECT id FROM other",
	} {
		_, err := db.ExecContext(ctx, stmt)
		require.NoError(t, err)
	}
	require.NoError(t, postgres.Repartition(ctx, handle(t, gormpg.Config{DSN: dsn}), daily()))
}
