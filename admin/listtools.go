package admin

// What the bar above the list has beside the columns.

// DeleteHref leads to the deletion of what the list shows, "" for who may not delete.
func (f frame) DeleteHref() string {
	if !f.perms.Has(PermDelete) {
		return ""
	}
	return f.place.chosen("delete")
}

// Exports lead to the list as a file; none for who may not take one.
func (f frame) Exports() (out []option) {
	if !f.perms.Has(PermExport) {
		return nil
	}
	for _, as := range []struct {
		text    string
		changes []string
	}{
		{"export.csv", []string{"format", formatCSV}},
		{"export.csvSemicolon", []string{"format", formatCSV, "sep", "semicolon", "bom", "1"}},
		{"export.json", []string{"format", formatJSON}},
		{"export.ndjson", []string{"format", formatNDJSON}},
	} {
		changes := append([]string{"orderBy", f.place.query.Get("orderBy")}, as.changes...)
		out = append(out, option{Text: f.voice.say(as.text), Href: f.API + "/export" + f.place.chosen("", changes...)[len(f.Base):]})
	}
	return out
}

// chosen leads to a page below the mount with what chooses events, and nothing else.
func (p place) chosen(path string, changes ...string) string {
	return place{p.base, chosen(p.query)}.turned(path, changes...)
}
