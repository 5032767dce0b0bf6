package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// exportAll makes the files for psql. "text 0" and "text 1" have every other row, as
// two writers at the same time would.
func (in *ingest) exportAll(ctx context.Context) error {
	numbered := "(SELECT *, row_number() OVER (ORDER BY created_at, id) AS n FROM system_logs) numbered"
	for name, q := range map[string]string{
		"text": "TRUE", "binary": "TRUE", "text 0": "n % 2 = 0", "text 1": "n % 2 = 1",
	} {
		if err := in.export(ctx, name, "SELECT "+ourColumns+" FROM "+numbered+" WHERE "+q+" ORDER BY n"); err != nil {
			return err
		}
	}
	return nil
}

// export writes what a query reads to a file in the format that its name begins
// with.
func (in *ingest) export(ctx context.Context, name, query string) error {
	path := filepath.Join(in.dir, name)
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	in.files[name] = path
	format, _, _ := strings.Cut(name, " ")
	err = connected(ctx, in.dsn, func(conn *pgx.Conn) error {
		_, err := conn.PgConn().CopyTo(ctx, f, "COPY ("+query+") TO STDOUT (FORMAT "+format+")")
		return err
	})
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// psqlTime is how psql tells what a command took.
var psqlTime = regexp.MustCompile(`(?m)^Time: ([0-9.]+) ms`)

// psql copies files into the table, each with a psql of its own. The time is the
// one that psql takes itself, without its start: of several the slowest.
func (in *ingest) psql(ctx context.Context, files ...string) (time.Duration, error) {
	took := make([]time.Duration, len(files))
	var group errgroup.Group
	for i, name := range files {
		group.Go(func() error {
			format, _, _ := strings.Cut(name, " ")
			cmd := exec.CommandContext(ctx, "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", in.dsn, "-c", `\timing on`,
				"-c", `\copy system_logs (`+ourColumns+`) FROM '`+in.files[name]+`' (FORMAT `+format+`)`)
			cmd.Env = append(os.Environ(), "LC_ALL=C")
			out, err := cmd.CombinedOutput()
			if err != nil {
				return fmt.Errorf("psql: %w: %s", err, out)
			}
			found := psqlTime.FindSubmatch(out)
			if found == nil {
				return fmt.Errorf("psql does not tell the time: %q", out)
			}
			ms, err := strconv.ParseFloat(string(found[1]), 64)
			took[i] = time.Duration(ms * float64(time.Millisecond))
			return err
		})
	}
	err := group.Wait()
	return slices.Max(took), err
}
