package admin

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"sync"
)

//go:embed static
var staticFiles embed.FS

// assets are the files of the page, as they are in the package: there is no build step.
type assets struct {
	hash  string // of all of them: a file never changes below it
	files map[string][]byte
}

var static = sync.OnceValue(func() (a assets) {
	a.files = map[string][]byte{}
	sum := sha256.New()
	entries, err := fs.ReadDir(staticFiles, "static") // in the order of names
	for _, e := range entries {
		var text []byte
		if err == nil {
			text, err = staticFiles.ReadFile("static/" + e.Name())
		}
		a.files[e.Name()] = text
		_, _ = sum.Write([]byte(e.Name() + "\x00" + strconv.Itoa(len(text)) + "\x00"))
		_, _ = sum.Write(text) // a hash takes everything
	}
	if err != nil {
		panic(err) // files of the package's own
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:16]
	return a
})

// kinds are the types of assets.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// asset serves GET assets/{hash}/{file}. A page that is older than this version finds
// nothing below its own hash, rather than files that do not fit it.
func (h *Handler) asset(w http.ResponseWriter, r *http.Request, _ Principal) error {
	a := static()
	text, found := a.files[r.PathValue("file")]
	if !found || r.PathValue("hash") != a.hash {
		return failed(http.StatusNotFound, "not_found")
	}
	set := w.Header().Set
	set("Content-Type", kinds[path.Ext(r.PathValue("file"))])
	set("Content-Length", strconv.Itoa(len(text)))
	set("Cache-Control", "private, max-age=31536000, immutable")
	w.Header().Del("Vary") // it is the same in all languages
	_, _ = w.Write(text)
	return nil
}
