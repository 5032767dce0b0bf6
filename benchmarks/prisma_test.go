package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// requireNoPrisma fails unless this machine cannot run Prisma: there is no Node, or
// an old one, or no npm, or npm by itself cannot install what the program needs.
// Nothing else excuses a comparison without it.
func requireNoPrisma(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		return
	}
	const newEnough = "const [a, b] = process.versions.node.split('.').map(Number); process.exit(a > 20 || a === 20 && b >= 19 ? 0 : 1)"
	if exec.CommandContext(t.Context(), "node", "-e", newEnough).Run() != nil { // also where there is none
		return
	}
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("prisma")))
	npm := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--fetch-retries=1")
	npm.Dir = dir
	out, err := npm.CombinedOutput()
	require.Error(t, err, "Prisma can be installed, and yet it was skipped: %s", out)
	t.Logf("without Prisma, which npm cannot install: %s", out)
}

// TestWithoutPrismaTheRestIsMeasured has npm find no registry, or finds no npm.
func TestWithoutPrismaTheRestIsMeasured(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("npm_config_cache", t.TempDir())
	t.Setenv("npm_config_registry", "http://127.0.0.1:1/")
	t.Setenv("npm_config_fetch_retry_mintimeout", "1")
	var out, progress bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"-rows", "100", "-rounds", "1", "prisma"}, &out, &progress))
	require.Contains(t, progress.String(), "skipped: Prisma: ")
	require.Regexp(t, `\nskipped: Prisma: [^\n]+\n`, out.String())
	require.Contains(t, out.String(), "\t"+ourOriginal+"\n")
	require.NotContains(t, out.String(), prismaWays[0].name)
}

func TestPrismaIsMissingOnlyWithoutNode(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := installPrisma(t.Context(), &bench{progress: io.Discard})
	var lacks *missing
	require.ErrorAs(t, err, &lacks)
	require.Contains(t, lacks.what, "node")
}

// TestPrismasLockNamesNoHost: npm asks the registry that the machine is set up for.
func TestPrismasLockNamesNoHost(t *testing.T) {
	for _, name := range []string{"package-lock.json", ".npmrc", "package.json"} {
		text, err := os.ReadFile(filepath.Join("prisma", name))
		require.NoError(t, err)
		require.NotContains(t, string(text), "://")
		require.NotContains(t, string(text), `"resolved"`)
	}
}

// TestOtherEventsAreFound says that no side passes with other events than the logger's.
func TestOtherEventsAreFound(t *testing.T) {
	ctx := t.Context()
	b := &bench{rows: 20, dir: t.TempDir(), report: newReport(), progress: io.Discard}
	c, err := startCluster(ctx, b)
	require.NoError(t, err)
	defer c.end()
	st := &stack{&ingest{bench: b, rows: b.rows, dsn: c.dsn}, "", filepath.Join(b.dir, "events")}
	require.NoError(t, st.prepare(ctx))
	turn := func(rows int, changes ...string) error {
		return st.side("side", rows, `"Log"`, func(ctx context.Context) (time.Duration, error) {
			copied := `INSERT INTO "Log" SELECT id, level::"LogLevel", type, actor::"LogActor", actor_id, message, metadata, created_at FROM kept`
			return time.Second, execute(ctx, c.dsn, append([]string{copied}, changes...)...)
		}).run(ctx, 0)
	}
	require.NoError(t, turn(20))
	require.Error(t, turn(10), "too many")
	require.NoError(t, turn(10, `DELETE FROM "Log" USING kept WHERE n > 10 AND kept.id = "Log".id`))
	require.Error(t, turn(10, `DELETE FROM "Log" USING kept WHERE n <= 10 AND kept.id = "Log".id`), "others than the first ten")
	require.Error(t, turn(20, `UPDATE "Log" SET metadata = metadata || '{"attempt": 99}' FROM kept WHERE n = 3 AND kept.id = "Log".id`))
	require.Error(t, turn(20, `UPDATE "Log" SET "actorId" = NULL`))
}
