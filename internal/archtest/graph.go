package archtest

import (
	"fmt"
	"slices"
	"strings"
)

// pkg is a package as `go list -deps -json` tells of it.
type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string // direct, without those of tests
	Deps       []string // all
	Module     *struct{ Path string }
}

// graph is packages by import path.
type graph map[string]pkg

// breaches lists what the packages of the module import against the rules.
func (g graph) breaches(rooms []room) (out []string) {
	for path, p := range g {
		if p.Module == nil || p.Module.Path != module {
			continue
		}
		r, ok := roomOf(path, rooms)
		if !ok {
			out = append(out, fmt.Sprintf("%s is in no room: add it to the list in rooms.go", path))
			continue
		}
		for _, i := range p.Imports {
			if !g.allowed(i, r.may) {
				out = append(out, fmt.Sprintf("%s imports %s: it may import only %s", path, i, strings.Join(r.may, ", ")))
			}
		}
		for _, d := range p.Deps {
			if n, bad := first(r.never, d); bad {
				out = append(out, fmt.Sprintf("%s reaches %s: it must never know %s", path, d, n))
			}
		}
	}
	return out
}

func (g graph) allowed(path string, may []string) bool {
	_, ok := first(may, path)
	return ok || g[path].Standard && slices.Contains(may, std)
}

// roomOf is the room that is nearest to a package.
func roomOf(path string, rooms []room) (best room, found bool) {
	for _, r := range rooms {
		if fits(r.path, path) && len(r.path) > len(best.path) {
			best, found = r, true
		}
	}
	return best, found
}

// first is the first pattern of a list that fits a package.
func first(list []string, path string) (pattern string, ok bool) {
	for _, l := range list {
		if fits(l, path) {
			return l, true
		}
	}
	return "", false
}

func fits(pattern, path string) bool {
	around, below := strings.CutSuffix(pattern, "/...")
	return path == around || below && strings.HasPrefix(path, around+"/")
}
