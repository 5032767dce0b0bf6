package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What stands behind a field and behind a row where the shell reads "ascii": no
// field needs quotes.
const (
	fieldEnd = "\x1f"
	rowEnd   = "\x1e"
)

// export writes the rows that the logger made to a file for the shell.
func (li *lite) export(ctx context.Context) error {
	rows, err := li.kept(ctx, li.rows)
	if err != nil {
		return err
	}
	f, err := os.Create(li.text)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for i := range rows {
		r := &rows[i]
		fields := []string{r.ID, r.Level, r.Type, r.Actor, r.ActorID, r.Message, r.Metadata, strconv.FormatInt(r.CreatedAt, 10)}
		_, _ = w.WriteString(strings.Join(fields, fieldEnd) + rowEnd) // Flush has the error
	}
	return errors.Join(w.Flush(), f.Close())
}

// shellTime is how the shell tells the time, in seconds; it counts milliseconds.
const shellTime = "SELECT 'now', printf('%.3f', (julianday('now') - 2440587.5) * 86400);"

var shellTimes = regexp.MustCompile(`(?m)^now\|([0-9.]+)$`)

// shell imports the rows into the table. The time is the one that the shell takes
// itself, without its start and end.
func (li *lite) shell(settings ...string) func(ctx context.Context, path string) (time.Duration, error) {
	return func(ctx context.Context, path string) (time.Duration, error) {
		args := []string{"-batch", "-bail", "-init", os.DevNull, path}
		for _, s := range settings {
			args = append(args, "PRAGMA "+s+";")
		}
		args = append(args, shellTime, ".import --ascii "+filepath.Base(li.text)+" system_logs", shellTime)
		cmd := exec.CommandContext(ctx, "sqlite3", args...)
		cmd.Dir = filepath.Dir(li.text) // so that its name needs no quotes
		out, err := cmd.CombinedOutput()
		if err != nil {
			return 0, fmt.Errorf("sqlite3: %w: %s", err, out)
		}
		found := shellTimes.FindAllSubmatch(out, -1)
		if len(found) != 2 {
			return 0, fmt.Errorf("sqlite3 does not tell the time twice: %q", out)
		}
		from, err := strconv.ParseFloat(string(found[0][1]), 64)
		if err != nil {
			return 0, err
		}
		to, err := strconv.ParseFloat(string(found[1][1]), 64)
		return max(time.Millisecond, time.Duration((to-from)*float64(time.Second))), err
	}
}

func shellVersion(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "sqlite3", "-version").Output()
	if err != nil {
		return "", fmt.Errorf("the sqlite3 shell is needed (make deps): %w", err)
	}
	version, _, _ := strings.Cut(string(out), " ")
	return version, nil
}
