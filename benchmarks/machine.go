package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
)

// describe puts into the report what the figures are of.
func (b *bench) describe(ctx context.Context, dsn string) error {
	var version, settings string
	err := query(ctx, dsn, `SELECT current_setting('server_version'), string_agg(name || '=' || current_setting(name), ', ' ORDER BY name)
		FROM pg_settings WHERE name IN ('shared_buffers', 'max_wal_size', 'fsync', 'synchronous_commit', 'full_page_writes', 'autovacuum', 'lc_collate')`,
		&version, &settings)
	b.report.machine = []string{
		hardware(),
		runtime.Version() + ", PostgreSQL " + version + ": " + settings,
	}
	return err
}

func hardware() string {
	return fmt.Sprintf("%s, %d cores, %s, %s", cpu(), runtime.NumCPU(), memory(), runtime.GOOS+"/"+runtime.GOARCH)
}

func cpu() string { return procField("/proc/cpuinfo", "model name") }

func memory() string { return procField("/proc/meminfo", "MemTotal") }

// procField is a field of a file of Linux, as "name : value".
func procField(file, name string) string {
	text, _ := os.ReadFile(file) // elsewhere there is none
	for line := range bytes.Lines(text) {
		if k, v, ok := strings.Cut(string(line), ":"); ok && strings.TrimSpace(k) == name {
			return strings.TrimSpace(v)
		}
	}
	return name + " unknown"
}
