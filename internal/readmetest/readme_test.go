package readmetest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/callastar/syslog"
	"github.com/stretchr/testify/require"
)

// root is the module's folder.
const root = "../.."

// firstLines is how far down a reader has to go for a whole program.
const firstLines = 30

// imports are the packages that code without an import clause may use.
var imports = map[string]string{
	"context": "context", "errors": "errors", "fmt": "fmt", "log": "log", "os": "os", "slog": "log/slog",
	"http": "net/http", "testing": "testing", "time": "time",
	"syslog": "github.com/callastar/syslog", "sqlite": "github.com/callastar/syslog/store/sqlite",
	"postgres": "github.com/callastar/syslog/store/postgres",
	"store":    "github.com/callastar/syslog/store", "sink": "github.com/callastar/syslog/sink",
	"console": "github.com/callastar/syslog/sink/console", "jsonl": "github.com/callastar/syslog/sink/jsonl",
	"metrics":    "github.com/callastar/syslog/metrics",
	"admin":      "github.com/callastar/syslog/admin",
	"requestctx": "github.com/callastar/syslog/requestctx",
	"syslogtest": "github.com/callastar/syslog/syslogtest",
	"cron":       "github.com/robfig/cron/v3", "gorm": "gorm.io/gorm",
}

// params are what statements without a function around them may use.
const params = "ctx context.Context, logger *syslog.Logger, st *store.Store, db *gorm.DB, " +
	"session func(*http.Request) (struct{ ID string; Admin bool }, error)"

func TestReadme(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	blocks := goBlocks(string(text))
	require.NotEmpty(t, blocks)
	first := blocks[0]
	require.True(t, isProgram(first.text), "the first block is a whole program")
	require.LessOrEqual(t, first.line+strings.Count(first.text, "\n"), firstLines, "it ends within %d lines", firstLines)
	for _, b := range blocks {
		t.Run(fmt.Sprintf("line %d", b.line), func(t *testing.T) { check(t, b.text) })
	}
}

// TestReadmeIsComplete holds the README to what there is.
func TestReadmeIsComplete(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[syslog.Config]()) {
		require.Contains(t, string(text), "`"+f.Name+"`", "the table of the configuration")
	}
	for m := range reflect.TypeFor[*syslog.Logger]().Methods() {
		require.Regexp(t, `\b`+m.Name+`\b`, string(text), "every method of the logger is named")
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(string(text), -1) {
		file, err := os.Stat(filepath.Join(root, m[1]))
		require.NoError(t, err, "a link")
		if filepath.Ext(m[1]) == ".png" {
			require.Less(t, file.Size(), int64(150<<10), "%s, which who clones this downloads, in bytes", m[1])
		}
	}
}

func TestPackageComment(t *testing.T) {
	f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, "doc.go"), nil, parser.ParseComments)
	require.NoError(t, err)
	code := regexp.MustCompile(`(?m)^\tpackage main\n(?:(?:\t.*)?\n)*?\t}\n`).FindString(f.Doc.Text())
	require.NotEmpty(t, code, "the package comment has a program")
	check(t, strings.ReplaceAll(strings.TrimPrefix(code, "\t"), "\n\t", "\n"))
}

// check compiles a block, and runs it if it is a program.
func check(t *testing.T, code string) {
	t.Parallel()
	source, err := complete(code)
	require.NoError(t, err)
	if isProgram(code) {
		formatted, err := format.Source([]byte(code))
		require.NoError(t, err)
		require.Equal(t, string(formatted), code, "gofmt")
	}
	bin := build(t, source)
	if !isProgram(code) {
		return
	}
	cmd := exec.CommandContext(t.Context(), bin)
	cmd.Dir = t.TempDir() // where it leaves its database
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

type block struct {
	line int // of its first line in the file
	text string
}

// goBlocks returns the fenced blocks that are marked as Go.
func goBlocks(text string) (blocks []block) {
	const fence = "```"
	var b *block
	n := 0
	for line := range strings.Lines(text) {
		n++
		switch {
		case b == nil && strings.TrimSpace(line) == fence+"go":
			b = &block{line: n + 1}
		case b != nil && strings.HasPrefix(line, fence):
			blocks, b = append(blocks, *b), nil
		case b != nil:
			b.text += line
		}
	}
	return blocks
}

func isProgram(code string) bool { return strings.HasPrefix(code, "package main\n") }

// complete makes a file of a block: a program is one already; declarations and
// statements get imports, and statements a function around them.
func complete(code string) (string, error) {
	fset := token.NewFileSet()
	if _, err := parser.ParseFile(fset, "", code, 0); err == nil {
		return code, nil
	}
	body := code
	if _, err := parser.ParseFile(fset, "", "package p\n"+code, 0); err != nil {
		body = "func _(" + params + ") error {\n{\n" + code + "\n}\nreturn nil\n}\n"
	}
	f, err := parser.ParseFile(fset, "", "package p\n"+body, 0)
	if err != nil {
		return "", err
	}
	used := map[string]bool{}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok && imports[id.Name] != "" {
				used[id.Name] = true
			}
		}
		return true
	})
	var b strings.Builder
	b.WriteString("package p\n")
	for name := range used {
		fmt.Fprintf(&b, "import %s %q\n", name, imports[name])
	}
	return b.String() + body, nil
}

// build compiles a file as a package of this module, so that nothing is fetched,
// without writing anything into it. It returns the path of the result.
func build(t *testing.T, source string) string {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "block.go")
	require.NoError(t, os.WriteFile(file, []byte(source), 0o600))
	module, err := filepath.Abs(root)
	require.NoError(t, err)
	const pkg = "internal/readmetest/block"
	overlay, err := json.Marshal(map[string]any{
		"Replace": map[string]string{filepath.Join(module, filepath.FromSlash(pkg), "block.go"): file},
	})
	require.NoError(t, err)
	list := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(list, overlay, 0o600))
	bin := filepath.Join(dir, "block.exe")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay", list, "-o", bin, "./"+pkg)
	cmd.Dir = module
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		require.NoError(t, err, "%s\n%s", out.String(), source)
	}
	return bin
}

func TestWrongCodeIsFound(t *testing.T) {
	_, err := complete("x := ")
	require.Error(t, err)
	source, err := complete("logger.Info(ctx, \"T\", syslog.User(\"u\"), \"m\")")
	require.NoError(t, err)
	require.Contains(t, source, `import syslog "github.com/callastar/syslog"`)
	require.Len(t, goBlocks("a\n```go\nb\n```\n```sh\nc\n```\n```go\nd\n```\n"), 2)
}
