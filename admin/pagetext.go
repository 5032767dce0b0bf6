package admin

import (
	"embed"
	"html/template"
	"io/fs"
	"path"
	"strings"
	"sync"
)

//go:embed templates
var templateFiles embed.FS

// pageTemplates are the templates of each language and page. Those of the folder shared are
// in every page: a page has a "main", which "layout" puts into its frame.
var pageTemplates = sync.OnceValue(func() map[string]map[string]*template.Template {
	all := map[string]map[string]*template.Template{}
	for lang, c := range catalogs {
		v := voice{lang, c}
		shared := template.New("page").Funcs(template.FuncMap{
			"t": v.say,
			"n": v.number,
			"counted": func(key string, n any) string {
				if i, ok := n.(int); ok {
					return v.counted(key, int64(i))
				}
				return v.counted(key, n.(int64))
			},
			"lower": strings.ToLower,
		})
		shared = template.Must(shared.ParseFS(templateFiles, "templates/shared/*.html"))
		names, err := fs.Glob(templateFiles, "templates/*.html")
		all[lang] = map[string]*template.Template{}
		for _, name := range names {
			page := template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, name))
			all[lang][strings.TrimSuffix(path.Base(name), ".html")] = page
		}
		if err != nil {
			panic(err) // files of the package's own
		}
	}
	return all
})
