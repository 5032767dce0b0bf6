package jsonenc

import (
	"slices"
	"unicode/utf8"
)

// minShare is the least room a member is given when an object is shrunk.
const minShare = 64

// minCut is the least room that is worth keeping a cut value for, in bytes.
const minCut = 8

// shrink cuts the members of the object, which are all of e.members, so that it
// takes at most limit bytes. Short members stay whole: each may take the same
// share, and what short ones leave goes to the long ones. When there are more
// members than shares, the first ones go.
func (e *Encoder) shrink(limit int) {
	limit -= 2 // the braces
	if most := limit / (maxKey + minShare); len(e.members) > most {
		e.thin(limit)
	}
	share := e.share(limit)
	out := make([]byte, 0, limit)
	kept := e.members[:0]
	for _, m := range e.members {
		to := len(out)
		size := m.end - m.start
		if size <= share {
			out = append(out, e.Buf[m.start:m.end]...)
		} else {
			key := e.Buf[m.start:m.value]
			e.MarkTruncated(string(key[1 : len(key)-2]))
			if share-len(key) < minCut {
				continue
			}
			out = append(out, key...)
			out = appendCut(out, e.Buf[m.value:m.end-1], share-len(key)-1)
			out = append(out, ',')
		}
		kept = append(kept, member{
			start: e.start + 1 + to, value: e.start + 1 + to + m.value - m.start, end: e.start + 1 + len(out),
		})
	}
	e.members = kept
	e.objects[top].index = nil
	e.Buf = append(e.Buf[:e.start+1], out...)
}

// thin drops members from the front until the others can have a fair share.
func (e *Encoder) thin(limit int) {
	room, i := limit, len(e.members)
	for ; i > 0; i-- {
		m := e.members[i-1]
		room -= min(m.end-m.start, m.value-m.start+minShare)
		if room < 0 {
			break
		}
	}
	for _, m := range e.members[:i] {
		e.MarkTruncated(string(e.Buf[m.start+1 : m.value-2]))
	}
	e.members = slices.Delete(e.members, 0, i)
}

// share is the most that a member may take for all to fit into limit.
func (e *Encoder) share(limit int) int {
	sizes := make([]int, len(e.members))
	for i, m := range e.members {
		sizes[i] = m.end - m.start
	}
	slices.Sort(sizes)
	room := limit
	for i, size := range sizes {
		fair := room / (len(sizes) - i)
		if size > fair {
			return fair
		}
		room -= size
	}
	return limit
}

// appendCut appends the JSON value val, cut to at most n bytes, as a string.
func appendCut(out, val []byte, n int) []byte {
	n -= 2 // the quotes
	out = append(out, '"')
	if val[0] == '"' {
		val = val[1 : len(val)-1]
		end := 0
		for end < len(val) {
			step := 1
			switch c := val[end]; {
			case c == '\\' && val[end+1] == 'u':
				step = 6
			case c == '\\':
				step = 2
			case c >= utf8.RuneSelf:
				_, step = utf8.DecodeRune(val[end:])
			}
			if end+step > n {
				break
			}
			end += step
		}
		out = append(out, val[:end]...)
		return append(out, '"')
	}
	for i := 0; i < len(val); { // the text of a number, list or object
		c, step := val[i], 1
		size := 1
		if c == '"' || c == '\\' {
			size = 2
		} else if c >= utf8.RuneSelf {
			_, step = utf8.DecodeRune(val[i:])
			size = step
		}
		if n -= size; n < 0 {
			break
		}
		if size == 2 && step == 1 {
			out = append(out, '\\')
		}
		out = append(out, val[i:i+step]...)
		i += step
	}
	return append(out, '"')
}
