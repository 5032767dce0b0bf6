package main

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// prismaFiles are a program for Node, and what it needs.
//
//go:embed prisma/.npmrc prisma/package.json prisma/package-lock.json prisma/schema.prisma prisma/write.mjs
var prismaFiles embed.FS

// npmTime is how long an installation may take.
const npmTime = 5 * time.Minute

// missing is something that this machine lacks, and why.
type missing struct{ what string }

func (m *missing) Error() string { return m.what }

// installPrisma puts the program into a folder of the user's cache, with all that
// it needs, unless it is there. The error is a *missing where there is no Node that
// it runs on, or npm cannot install; whatever else fails is wrong with the program.
func installPrisma(ctx context.Context, b *bench) (dir string, err error) {
	node, err := findNode(ctx)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = b.dir // no home: for this run only
	}
	cache = filepath.Join(cache, "syslog-benchmarks")
	sum, err := hashOf(prismaFiles)
	if err != nil {
		return "", err
	}
	dir = filepath.Join(cache, "prisma-"+sum)
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fmt.Fprintf(b.progress, "npm installs Prisma in %s\n", dir)
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	// The folder gets its name when all is there: nobody finds half of it.
	part, err := os.MkdirTemp(cache, "part-")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(part)) }()
	if err := unpack(prismaFiles, part); err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, npmTime)
	defer cancel()
	npm := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1")
	if out, err := in(part, npm).CombinedOutput(); err != nil {
		return "", &missing{fmt.Sprintf("npm ci: %v: %s", err, npmError(out))}
	}
	// It would download an engine for migrations, unless one is named. It does not run it.
	generate := exec.CommandContext(ctx, node, filepath.Join("node_modules", "prisma", "build", "index.js"), "generate", "--schema", "schema.prisma")
	if out, err := in(part, generate, "PRISMA_SCHEMA_ENGINE_BINARY="+node, "CHECKPOINT_DISABLE=1").CombinedOutput(); err != nil {
		return "", fmt.Errorf("prisma generate: %w: %s", err, out)
	}
	if err := os.Rename(part, dir); err != nil {
		if _, there := os.Stat(dir); there != nil { // else another process was faster
			return "", err
		}
	}
	return dir, nil
}

// unpack writes the files to a folder.
func unpack(files embed.FS, dir string) error {
	return eachFile(files, func(name string, text []byte) error {
		return os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o644)
	})
}

// hashOf is the same for the same files.
func hashOf(files embed.FS) (string, error) {
	h := sha256.New()
	err := eachFile(files, func(name string, text []byte) error {
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
		return nil
	})
	return hex.EncodeToString(h.Sum(nil)[:6]), err
}

func eachFile(files embed.FS, do func(name string, text []byte) error) error {
	return fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		return do(name, text)
	})
}
