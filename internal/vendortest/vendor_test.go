package vendortest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module = "github.com/callastar/syslog"
	root   = "../.."
	mount  = "/dashboard/admin/system-logs/"
)

// TestVendored: a program whose dependencies are in its own vendor folder, and that has
// no way to others, is built and shows the page with all that this needs.
func TestVendored(t *testing.T) {
	t.Parallel()
	source, dir := t.TempDir(), t.TempDir()
	copyModule(t, source)
	text, err := os.ReadFile("testdata/consumer/main.go")
	require.NoError(t, err)
	write(t, filepath.Join(dir, "main.go"), text)
	write(t, filepath.Join(dir, "go.mod"), fmt.Appendf(nil, "module consumer\n\ngo %s\n\nrequire %s v0.0.0\n\nreplace %[2]s => %[3]s\n",
		strings.TrimPrefix(goVersion(t), "go"), module, source))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	write(t, filepath.Join(dir, "go.sum"), sums)

	run(t, dir, "-mod=mod", "mod", "vendor")
	require.DirExists(t, filepath.Join(dir, "vendor", module, "admin"))
	require.NoError(t, os.RemoveAll(source)) // what is built is in the vendor folder
	program := filepath.Join(dir, "consumer")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	run(t, dir, "-mod=vendor", "build", "-trimpath", "-o", program, ".")

	visit(t, start(t, program))
}

// copyModule copies what is under version control, as it is in the working tree, since
// nobody else gets more; or all of a tree that is under none.
func copyModule(t *testing.T, to string) {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z").Output()
	if err != nil {
		require.NoError(t, os.CopyFS(to, os.DirFS(root)))
		return
	}
	names := strings.Split(strings.TrimSuffix(string(list), "\x00"), "\x00")
	require.Greater(t, len(names), 100)
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		require.NoError(t, err)
		write(t, filepath.Join(to, name), text)
	}
}

func write(t *testing.T, name string, text []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
	require.NoError(t, os.WriteFile(name, text, 0o644))
}

func goVersion(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^go (\S+)$`).FindSubmatch(text)
	require.NotNil(t, found)
	return string(found[1])
}

// run is the go command, which may load nothing.
func run(t *testing.T, dir, mode string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS="+mode, "GOPROXY=off", "GOWORK=off")
	text, err := cmd.CombinedOutput()
	require.NoError(t, err, string(text))
}

// start runs the program until the test ends, and returns where it is.
func start(t *testing.T, program string) (address string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	cmd.Stderr = os.Stderr
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err, "what it says of it is above")
	return strings.TrimSpace(line)
}

// refers finds what a document, a module or a style sheet refers to.
var refers = map[string]*regexp.Regexp{
	"text/html":       regexp.MustCompile(`<(?:script|link)\b[^>]*?\b(?:src|href)="([^"]+)"`),
	"text/javascript": regexp.MustCompile(`(?m)(?:^import\b[^;]*?|\bimport\(\s*)["']([^"']+)["']`),
	"text/css":        regexp.MustCompile(`(?:@import|url\()\s*["']?([^"')]+)`),
	"image/svg+xml":   regexp.MustCompile(`\b(?:href|src)="([^"#]+)`),
}

// kinds are the types of assets.
var kinds = map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}

// visit loads the page and, as a browser does, all that it refers to.
func visit(t *testing.T, address string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	seen := map[string]bool{}
	for queue := []string{address + mount}; len(queue) > 0; queue = queue[1:] {
		at, err := url.Parse(queue[0])
		require.NoError(t, err)
		require.Equal(t, address, at.Scheme+"://"+at.Host)
		if seen[at.Path] {
			continue
		}
		seen[at.Path] = true
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.String(), nil)
		require.NoError(t, err)
		answer, err := client.Do(r)
		require.NoError(t, err)
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode, at.Path)
		require.NotEmpty(t, text, at.Path)
		kind, cache := answer.Header.Get("Content-Type"), answer.Header.Get("Cache-Control")
		require.Equal(t, "nosniff", answer.Header.Get("X-Content-Type-Options"), at.Path)
		if at.Path == mount {
			require.Equal(t, "text/html; charset=utf-8", kind)
			require.Equal(t, "no-store", cache)
		} else {
			require.Equal(t, kinds[filepath.Ext(at.Path)], kind, at.Path)
			require.Contains(t, cache, "immutable", at.Path)
			require.Contains(t, cache, "max-age=31536000", at.Path)
		}
		kind, _, _ = strings.Cut(kind, ";")
		for _, found := range refers[kind].FindAllSubmatch(text, -1) {
			to, err := at.Parse(string(found[1]))
			require.NoError(t, err)
			queue = append(queue, to.String())
		}
	}
	// Nothing that the package has is out of reach.
	files, err := os.ReadDir(filepath.Join(root, "admin", "static"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		found := false
		for path := range seen {
			found = found || strings.HasSuffix(path, "/"+f.Name())
		}
		require.True(t, found, "no page refers to %s", f.Name())
	}
}
