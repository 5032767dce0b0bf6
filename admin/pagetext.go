package admin

import (
	"embed"
	"html/template"
	"io/fs"
	"path"
	"strings"
)

//go:embed templates
var templateFiles embed.FS

// parsePages are the templates of each language and page. Those of the folder shared are in
// every page: a page has a "main", which "layout" puts into its frame.
func parsePages(voices map[string]voice) map[string]map[string]*template.Template {
	all := map[string]map[string]*template.Template{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		panic(err) // files of the package's own
	}
	for _, v := range voices {
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
		all[v.lang] = map[string]*template.Template{}
		for _, name := range names {
			page := template.Must(template.Must(shared.Clone()).ParseFS(templateFiles, name))
			all[v.lang][strings.TrimSuffix(path.Base(name), ".html")] = page
		}
	}
	return all
}
