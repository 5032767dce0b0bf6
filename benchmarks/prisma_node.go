package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// export writes as many events as the program for Node needs.
func (st *stack) export(ctx context.Context) error {
	f, err := os.Create(st.text)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	to := json.NewEncoder(w)
	most := 0
	for _, w := range prismaWays {
		most = max(most, w.rows)
	}
	err = connected(ctx, st.dsn, func(conn *pgx.Conn) error {
		rows, err := conn.Query(ctx, "SELECT level, type, actor, actor_id, message, metadata::text FROM kept ORDER BY n LIMIT $1", most)
		if err != nil {
			return err
		}
		var e struct {
			Level    string          `json:"level"`
			Type     string          `json:"type"`
			Actor    string          `json:"actor"`
			ActorID  *string         `json:"actorId"`
			Message  string          `json:"message"`
			Metadata json.RawMessage `json:"metadata"`
		}
		_, err = pgx.ForEachRow(rows, []any{&e.Level, &e.Type, &e.Actor, &e.ActorID, &e.Message, &e.Metadata}, func() error { return to.Encode(e) })
		return err
	})
	return errors.Join(err, w.Flush(), f.Close())
}

// node has the program write rows. The time is the one that it takes itself, without
// its start.
func (st *stack) node(ctx context.Context, way string, rows int) (time.Duration, error) {
	cmd := exec.CommandContext(ctx, "node", "write.mjs", way, strconv.Itoa(rows), st.text)
	cmd = in(st.app, cmd, "DATABASE_URL="+st.dsn, "NODE_ENV=production")
	cmd.Stderr = st.progress
	out, err := cmd.Output()
	if err != nil {
		return 0, fmt.Errorf("node write.mjs %s: %w", way, err)
	}
	var seconds float64
	if err := json.Unmarshal(out, &seconds); err != nil {
		return 0, fmt.Errorf("node write.mjs %s: %q: %w", way, out, err)
	}
	return time.Duration(seconds * float64(time.Second)), nil
}

// describeNode puts into the report what the figures are of.
func (st *stack) describeNode(ctx context.Context) error {
	version, err := nodeVersion(ctx)
	if err != nil {
		return err
	}
	text, err := prismaFiles.ReadFile("prisma/package.json")
	if err != nil {
		return err
	}
	var of struct{ Dependencies map[string]string }
	if err := json.Unmarshal(text, &of); err != nil {
		return err
	}
	st.report.machine = append(st.report.machine, fmt.Sprintf("Node %s, Prisma %s with its adapter-pg, a pool of 10 connections", version, of.Dependencies["@prisma/client"]))
	return nil
}

// findNode returns the path of a Node that Prisma runs on, beside which there is npm.
func findNode(ctx context.Context) (string, error) {
	for _, name := range []string{"node", "npm"} {
		if _, err := exec.LookPath(name); err != nil {
			return "", &missing{err.Error()}
		}
	}
	node, err := exec.LookPath("node")
	if err != nil {
		return "", err
	}
	version, err := nodeVersion(ctx)
	if err != nil {
		return "", err
	}
	var major, minor int
	if _, err := fmt.Sscanf(version, "v%d.%d", &major, &minor); err != nil {
		return "", fmt.Errorf("node --version: %q: %w", version, err)
	}
	if major < 20 || major == 20 && minor < 19 {
		return "", &missing{"Node is " + version + ", and Prisma needs 20.19"}
	}
	return node, nil
}

func nodeVersion(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "node", "--version").Output()
	return string(bytes.TrimSpace(out)), err
}

// in has a command run in a folder, with more in its environment.
func in(dir string, cmd *exec.Cmd, env ...string) *exec.Cmd {
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), env...)
	return cmd
}

// npmError is what npm says is wrong, without codes.
func npmError(out []byte) string {
	for line := range strings.Lines(string(out)) {
		text, found := strings.CutPrefix(strings.TrimSpace(line), "npm error ")
		if word, _, _ := strings.Cut(text, " "); found && word != "code" && word != "syscall" && word != "errno" {
			return text
		}
	}
	return "it does not say why"
}
