package sqlite

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// location is where a database lies.
type location struct {
	uri    string // as SQLite takes it
	file   string // the file's path, "" when it is in memory
	params string // the query of the URI, as it was given
}

// locate reads what Open was given, and fails where no file can be.
func locate(path string) (location, error) {
	switch {
	case path == "":
		return location{}, errors.New("the path is empty")
	case strings.ContainsRune(path, 0):
		return location{}, errors.New("the path has a NUL byte")
	case path == ":memory:":
		return location{uri: "file::memory:"}, nil
	}
	var at location
	if strings.HasPrefix(path, "file:") {
		var err error
		if at, err = parseURI(path); err != nil || at.file == "" {
			return at, err
		}
	} else {
		at.file = filepath.Clean(path) // two slashes in front would name a host in a URI
		at.uri = "file:" + strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(at.file)
	}
	if info, err := os.Stat(at.file); err == nil && info.IsDir() {
		return at, errors.New("it is a folder: name a file in it")
	}
	if dir := filepath.Dir(at.file); dir != "." {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return at, fmt.Errorf("the folder %q does not exist: make it first", dir)
		}
	}
	return at, nil
}

// writable fails for a file that exists and that this process may not write, unless the
// URI asks for no more than reading.
func (at location) writable() error {
	if query, err := url.ParseQuery(at.params); err == nil && (query.Get("mode") == "ro" || query.Has("immutable")) {
		return nil
	}
	f, err := os.OpenFile(at.file, os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("this process cannot write the file: %w: change its owner or mode, or open it to read alone with file:…?mode=ro", err)
	}
	return f.Close()
}

// parseURI finds the file in an URI by SQLite's rules.
func parseURI(uri string) (location, error) {
	uri, _, _ = strings.Cut(uri, "#")
	file, params, _ := strings.Cut(strings.TrimPrefix(uri, "file:"), "?")
	if rest, found := strings.CutPrefix(file, "//"); found {
		host, abs, _ := strings.Cut(rest, "/")
		if host != "" && host != "localhost" {
			return location{}, fmt.Errorf("the URI names the host %q: want file:/path, or file:///path", host)
		}
		file = "/" + abs
	}
	file, err := url.PathUnescape(file)
	if err != nil {
		return location{}, fmt.Errorf("the URI's path: %w", err)
	}
	query, err := url.ParseQuery(params)
	if err != nil {
		return location{}, fmt.Errorf("the URI's parameters: %w", err)
	}
	if file == "" || file == ":memory:" || query.Get("mode") == "memory" {
		file = ""
	}
	return location{uri: uri, file: file, params: params}, nil
}

// joinQuery adds parameters to a URI.
func joinQuery(uri, set string) string {
	if strings.Contains(uri, "?") {
		return uri + "&" + set
	}
	return uri + "?" + set
}
