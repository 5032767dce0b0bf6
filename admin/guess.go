package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/callastar/syslog"
)

// A filter by a value that is masked would let somebody guess it: it is for those alone
// who may have it revealed.

// guessed refuses the parameters of a query that do, whatever route it is of.
func (h *Handler) guessed(r *http.Request, who Principal) *problem {
	values, _ := url.ParseQuery(r.URL.RawQuery) // what it cannot read the route refuses
	var fields []string
	for name := range values {
		if strings.HasPrefix(name, metaPrefix) || strings.HasPrefix(name, notMetaPrefix) {
			fields = append(fields, name)
		}
	}
	return h.guesses(who, fields...)
}

// guessed are the fields of the metadata that a body names.
func (b *removal) guessed() (fields []string) {
	for path := range b.Meta {
		fields = append(fields, metaPrefix+path)
	}
	for path := range b.NotMeta {
		fields = append(fields, notMetaPrefix+path)
	}
	return fields
}

// guesses refuses the fields that are masked, meta.a.b by any key of the path.
func (h *Handler) guesses(who Principal, fields ...string) *problem {
	if who.Perms.Has(PermReveal) {
		return nil
	}
	v := &invalid{}
	for _, field := range fields {
		_, path, _ := strings.Cut(field, ".")
		if keys, _ := splitPath(path); slices.ContainsFunc(keys, h.opts.Mask.has) {
			v.add(clip(field), "masked")
		}
	}
	p := v.problem()
	if p != nil {
		p.status, p.key = http.StatusForbidden, "permission"
	}
	return p
}

// unsaid is a filter without the values that it asks for in masked fields: a record is no
// way around the mask.
func (m Mask) unsaid(f syslog.Filter) syslog.Filter {
	hide := func(values []syslog.MetadataValue) []syslog.MetadataValue {
		values = slices.Clone(values)
		for i, v := range values {
			if slices.ContainsFunc(v.Path, m.has) {
				values[i].Value = masked
			}
		}
		return values
	}
	f.Metadata, f.Not.Metadata = hide(f.Metadata), hide(f.Not.Metadata)
	return f
}
