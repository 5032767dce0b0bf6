package postgres_test

import (
	"context"
	"database/sql"
	"testing"
	"time"

	"github.com/callastar/syslog"
	"github.com/callastar/syslog/internal/pgtest"
	"github.com/callastar/syslog/store/postgres"
	"github.com/stretchr/testify/require"
	gormpg "gorm.io/driver/postgres"
)

// prismaSQL is what `prisma migrate` makes of the model Log.
const prismaSQL = `
-- CreateEnum
CREATE TYPE "LogLevel" AS ENUM ('INFO', 'WARNING', 'ERROR', 'CRITICAL');

-- CreateEnum
CREATE TYPE "LogActor" AS ENUM ('USER', 'CREATOR', 'ADMIN', 'SYSTEM', 'GUEST');

-- CreateTable
CREATE TABLE "Log" (
    "id" TEXT NOT NULL,
    "level" "LogLevel" NOT NULL DEFAULT 'INFO',
    "type" TEXT NOT NULL,
    "actor" "LogActor" NOT NULL,
    "actorId" TEXT,
    "message" TEXT NOT NULL,
    "metadata" JSONB,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Log_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Log_createdAt_idx" ON "Log"("createdAt");

-- CreateIndex
CREATE INDEX "Log_level_idx" ON "Log"("level");

-- CreateIndex
CREATE INDEX "Log_type_idx" ON "Log"("type");

-- CreateIndex
CREATE INDEX "Log_actor_idx" ON "Log"("actor");

-- CreateIndex
CREATE INDEX "Log_actorId_idx" ON "Log"("actorId");

-- CreateIndex
CREATE INDEX "Log_level_createdAt_idx" ON "Log"("level", "createdAt");
`

func makePrisma(t testing.TB, dsn string) {
	t.Helper()
	require.NoError(t, handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: true}).Exec(prismaSQL).Error)
}

var prisma = &postgres.Options{Layout: postgres.PrismaLayout}

// TestPrismaTableStaysAsItIs: old rows are read, new ones look the same to the
// program that made the table, and neither it nor the database is changed.
func TestPrismaTableStaysAsItIs(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	makePrisma(t, dsn)
	db := direct(t, dsn)
	_, err := db.ExecContext(ctx, `INSERT INTO "Log" (id, type, actor, message) VALUES ('ckx1', 'AUTH_LOGIN', 'USER', 'by the defaults');
		INSERT INTO "Log" VALUES ('ckx2', 'CRITICAL', 'X', 'GUEST', 'u1', 'Éte', '{"a": [1, 2]}', '2024-01-15 10:30:00.123'),
		('ckx3', 'ERROR', 'X', 'SYSTEM', NULL, 'a list', '[1]', '2024-01-15 10:30:00.124'), ('ckx4', 'ERROR', 'X', 'SYSTEM', NULL, 'null', 'null', '2024-01-15 10:30:00.125')`)
	require.NoError(t, err)
	before := dump(t, dsn)
	st, err := postgres.OpenWithOptions(ctx, dsn, prisma)
	require.NoError(t, err)
	page, err := st.Query(ctx, syslog.Query{Order: syslog.Asc})
	require.NoError(t, err)
	require.Len(t, page.Logs, 4)
	require.Equal(t, syslog.Log{
		ID: "ckx2", Level: syslog.LevelCritical, Type: "X", Actor: syslog.ActorGuest, ActorID: "u1", Message: "Éte",
		Metadata: []byte(`{"a": [1, 2]}`), CreatedAt: time.Date(2024, 1, 15, 10, 30, 0, 123e6, time.UTC),
	}, page.Logs[0])
	require.JSONEq(t, `{"_value":[1]}`, string(page.Logs[1].Metadata))
	require.Nil(t, page.Logs[2].Metadata)
	require.WithinDuration(t, time.Now(), page.Logs[3].CreatedAt, time.Minute, "the server's clock, in UTC")

	require.NoError(t, st.Write(ctx, []syslog.Log{{
		ID: "new", Level: syslog.LevelWarning, Type: "T", Actor: syslog.ActorAdmin, ActorID: "a", Message: "m", Metadata: []byte(`{"k":1}`),
		CreatedAt: time.Date(2024, 7, 15, 10, 30, 0, 123e6, time.FixedZone("", 7200)),
	}}))
	var same bool
	require.NoError(t, db.QueryRowContext(ctx, `SELECT level = 'WARNING' AND actor = 'ADMIN' AND "actorId" = 'a' AND metadata = '{"k":1}'
		AND "createdAt" = '2024-07-15 08:30:00.123' FROM "Log" WHERE id = 'new'`).Scan(&same))
	require.True(t, same)
	stats, err := st.Cleanup(ctx, syslog.DefaultRetention(), time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	require.EqualValues(t, 3, stats.TotalDeleted)
	require.NoError(t, st.Close(ctx))
	require.Equal(t, before, dump(t, dsn))
}

// TestPrismaActors: an actor that the enum lacks is kept, found again, and cannot be
// feigned by metadata.
func TestPrismaActors(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	makePrisma(t, dsn)
	for _, simple := range []bool{false, true} {
		st, err := postgres.New(handle(t, gormpg.Config{DSN: dsn, PreferSimpleProtocol: simple}), prisma)
		require.NoError(t, err)
		logs := []syslog.Log{
			{ID: "a", Actor: "BOT", Metadata: []byte(`{"k": 1}`)},
			{ID: "b", Actor: "BOT"},
			{ID: "c", Actor: syslog.ActorSystem, Metadata: []byte(`{"_syslogActor": "ADMIN", "_syslogMetadata": {}}`)},
			{ID: "d", Actor: syslog.ActorUser, Metadata: []byte(`{"\u005fsyslogActor": "ADMIN"}`)},
			{ID: "e", Actor: syslog.ActorSystem},
		}
		for i := range logs {
			logs[i].Type, logs[i].CreatedAt = "T", at.Add(time.Duration(i)*time.Millisecond)
		}
		for range 2 {
			require.NoError(t, st.Write(ctx, logs))
		}
		page, err := st.Query(ctx, syslog.Query{Order: syslog.Asc})
		require.NoError(t, err)
		require.Len(t, page.Logs, len(logs))
		for i, l := range page.Logs {
			require.Equal(t, logs[i].Actor, l.Actor, l.ID)
			if logs[i].Metadata == nil {
				require.Nil(t, l.Metadata)
			} else {
				require.JSONEq(t, string(logs[i].Metadata), string(l.Metadata))
			}
		}
		for actors, want := range map[string]int64{"BOT": 2, "SYSTEM": 2, "USER": 1, "ADMIN": 0, "NOBODY": 0} {
			page, err := st.Query(ctx, syslog.Query{Filter: syslog.Filter{Actors: []syslog.LogActor{syslog.LogActor(actors)}}})
			require.NoError(t, err)
			require.Equal(t, want, page.Pagination.TotalCount, actors)
		}
		n, err := st.Delete(ctx, syslog.Filter{Actors: []syslog.LogActor{"BOT", syslog.ActorUser}})
		require.NoError(t, err)
		require.EqualValues(t, 3, n)
		_, err = st.Delete(ctx, syslog.Filter{Type: "T"})
		require.NoError(t, err)
	}
}

// TestPrismaOrder: IDs are in the order of their bytes, whatever language the
// database is in.
func TestPrismaOrder(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	makePrisma(t, dsn)
	_, err := direct(t, dsn).ExecContext(ctx, `ALTER TABLE "Log" ALTER id TYPE TEXT COLLATE "en-US-x-icu", ALTER message TYPE TEXT COLLATE "tr-x-icu"`)
	require.NoError(t, err)
	st, err := postgres.New(handle(t, gormpg.Config{DSN: dsn}), prisma)
	require.NoError(t, err)
	for _, id := range []string{"a", "B", "b", "A", "é", "Z"} {
		require.NoError(t, st.Write(ctx, []syslog.Log{{ID: id, Type: "T", Actor: syslog.ActorUser, Message: "TITLE", CreatedAt: at}}))
	}
	var got string
	q := syslog.Query{Order: syslog.Asc, Limit: 1, Filter: syslog.Filter{Search: "title"}}
	for {
		page, err := st.Query(ctx, q)
		require.NoError(t, err)
		got += page.Logs[0].ID
		if q.Cursor = page.Pagination.NextCursor; q.Cursor == "" {
			break
		}
	}
	require.Equal(t, "ABZabé", got)
}

func TestPrismaTableOfAnotherModel(t *testing.T) {
	t.Parallel()
	for change, want := range map[string]string{
		`ALTER TABLE "Log" DROP COLUMN "actorId"`:                                  `column "actorId" is missing`,
		`ALTER TABLE "Log" ALTER "createdAt" TYPE TEXT`:                            `column "createdAt" is of type text, want timestamp`,
		`ALTER TABLE "Log" ALTER "createdAt" TYPE TIMESTAMP(6)`:                    `want timestamp(3)`,
		`ALTER TABLE "Log" ALTER "createdAt" TYPE TIMESTAMP`:                       `want timestamp(3)`,
		`ALTER TABLE "Log" DROP CONSTRAINT "Log_pkey"`:                             `id is not its primary key`,
		`ALTER TYPE "LogActor" RENAME VALUE 'GUEST' TO 'VISITOR'`:                  `lacks GUEST`,
		`ALTER TABLE "Log" ALTER level DROP DEFAULT, ALTER level TYPE INT USING 1`: `column "level" is of type int4, want enum`,
		`ALTER TABLE "Log" RENAME TO "SystemLog"`:                                  `prisma migrate deploy`,
	} {
		dsn := pgtest.New(t)
		makePrisma(t, dsn)
		_, err := direct(t, dsn).ExecContext(ctx, change)
		require.NoError(t, err)
		_, err = postgres.OpenWithOptions(ctx, dsn, prisma)
		require.ErrorContains(t, err, want)
	}
}

// TestPrismaCleanupOnce: the lock is one that needs no table.
func TestPrismaCleanupOnce(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t)
	makePrisma(t, dsn)
	host := handle(t, gormpg.Config{DSN: dsn})
	st, err := postgres.New(host, prisma)
	require.NoError(t, err)
	pool, err := host.DB()
	require.NoError(t, err)
	pool.SetMaxOpenConns(1)
	_, err = st.Cleanup(ctx, syslog.DefaultRetention(), at)
	require.ErrorContains(t, err, "SetMaxOpenConns")
	pool.SetMaxOpenConns(2)
	busy := []*sql.Conn{nil, nil} // a pool that others use up is waited for as long as the context says
	for i := range busy {
		busy[i], err = pool.Conn(ctx)
		require.NoError(t, err)
	}
	short, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()
	_, err = st.Cleanup(short, syslog.DefaultRetention(), at)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	for _, c := range busy {
		require.NoError(t, c.Close())
	}
	var inner error
	opts := *prisma
	opts.OnProgress = func(int64) { _, inner = st.Cleanup(ctx, syslog.DefaultRetention(), at) }
	other, err := postgres.OpenWithOptions(ctx, dsn, &opts)
	require.NoError(t, err)
	require.NoError(t, other.Write(ctx, made(syslog.LevelInfo, at.Add(-100*day), 10)))
	_, err = other.Cleanup(ctx, syslog.DefaultRetention(), at)
	require.NoError(t, err)
	require.ErrorIs(t, inner, syslog.ErrCleanupRunning)
	_, err = st.Cleanup(ctx, syslog.DefaultRetention(), at)
	require.NoError(t, err, "it was given back")
	require.NoError(t, other.Close(ctx))
}
