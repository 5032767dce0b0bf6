package metrics

import (
	"bytes"
	"strconv"
	"strings"
)

type label struct{ name, value string }

// page writes every family with its samples of all loggers.
func page(form format, loggers []snapshot) []byte {
	var b bytes.Buffer
	for _, f := range families {
		name := f.name
		if form.bare {
			name = strings.TrimSuffix(name, "_total")
		}
		b.WriteString("# HELP " + name + " " + f.help + "\n# TYPE " + name + " " + f.kind + "\n")
		for i := range loggers {
			s := &loggers[i]
			f.collect(s, func(value uint64, labels ...label) {
				if s.logger != "" {
					labels = append(labels, label{"logger", s.logger})
				}
				sample(&b, f.name, value, labels)
			})
		}
	}
	b.WriteString(form.end)
	return b.Bytes()
}

func sample(b *bytes.Buffer, name string, value uint64, labels []label) {
	b.WriteString(name)
	between := byte('{')
	for _, l := range labels {
		b.WriteByte(between)
		b.WriteString(l.name + `="` + escape.Replace(l.value) + `"`)
		between = ','
	}
	if len(labels) > 0 {
		b.WriteByte('}')
	}
	b.WriteByte(' ')
	b.WriteString(strconv.FormatUint(value, 10))
	b.WriteByte('\n')
}

var escape = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// labelValues makes names into values of one label, no two of them alike: a page
// with the same sample twice is refused as a whole.
type labelValues map[string]bool

// add returns name, with U+FFFD in place of what is no text, as in events. One
// that is taken gets an underscore behind it, so that the store's stays what it
// is where a sink has its name.
func (v labelValues) add(name string) string {
	name = strings.ReplaceAll(strings.ToValidUTF8(name, "\uFFFD"), "\x00", "\uFFFD")
	for v[name] {
		name += "_"
	}
	v[name] = true
	return name
}
