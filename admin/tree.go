package admin

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"

	"github.com/callastar/syslog"
)

// node is a value of metadata, as it is written: keys in their order, numbers with every
// digit.
type node struct {
	Key   []run
	Index bool   // the key is the place in a list
	Kind  string // object, array, string, number, boolean, null
	Value []run
	Lines bool // text of several lines, as a stack trace
	Nodes []node
	Count int
	Open  bool
	Path  string // of a value that a filter can have, as meta.<path>; "" of others
	Plain string // the value for a filter

	name     string // the key as it is; "" in a list
	text     string // a value to be copied
	Deeds    deeds
	Revealed bool
}

// Limits of what is shown of metadata before somebody asks for all of it.
const (
	treeBytes = 64 << 10
	treeDepth = 40
)

// tree is metadata as nodes. What is beyond the limit of bytes is left out, and cut says
// so; 0 is no limit. Text that is no object is nothing.
func tree(metadata json.RawMessage, limit int) (nodes []node, cut bool) {
	d := json.NewDecoder(bytes.NewReader(metadata))
	d.UseNumber()
	t := treeReader{d: d, limit: int64(limit), all: metadata}
	if first, err := d.Token(); err != nil || first != json.Delim('{') {
		return nil, false
	}
	nodes, _ = t.children(true, []string{}, 1)
	return nodes, t.cut
}

type treeReader struct {
	d     *json.Decoder
	limit int64
	all   []byte
	cut   bool
}

// children are the values of an object or a list up to its end. A path is nil below a list.
func (t *treeReader) children(object bool, path []string, depth int) (nodes []node, err error) {
	for i := 0; t.d.More(); i++ {
		if t.limit > 0 && t.d.InputOffset() > t.limit {
			t.cut = true
			return nodes, io.EOF
		}
		n, keys := node{}, []string(nil)
		if object {
			key, err := t.d.Token()
			if err != nil {
				return nodes, err
			}
			n.name = key.(string)
			n.Key = runs(n.name, false)
			if path != nil {
				keys = append(path[:len(path):len(path)], n.name)
			}
		} else {
			n.Key, n.Index = []run{{Text: strconv.Itoa(i)}}, true
		}
		err := t.value(&n, keys, depth)
		nodes = append(nodes, n)
		if err != nil {
			return nodes, err
		}
	}
	_, err = t.d.Token() // the end
	return nodes, err
}

func (t *treeReader) value(n *node, path []string, depth int) error {
	if depth > treeDepth { // as it is written
		var raw json.RawMessage
		err := t.d.Decode(&raw)
		n.Kind, n.Value = "string", runs(string(raw), true)
		return err
	}
	token, err := t.d.Token()
	if err != nil {
		return err
	}
	switch v := token.(type) {
	case json.Delim:
		object := v == '{'
		n.Kind = map[bool]string{true: "object", false: "array"}[object]
		n.Nodes, err = t.children(object, path, depth+1)
		n.Count, n.Open = len(n.Nodes), depth == 1 && len(n.Nodes) <= 20
		return err
	case string:
		n.Kind, n.Lines = "string", strings.Contains(v, "\n")
		n.filter(path, v)
		text := v
		if t.limit > 0 && int64(len(text)) > t.limit/4 {
			t.cut, text = true, strings.ToValidUTF8(text[:t.limit/4], "")+"…"
		} else {
			n.text = text
		}
		n.Value = runs(text, n.Lines)
	case json.Number:
		n.Kind, n.Value = "number", []run{{Text: v.String()}}
		n.text = v.String()
		n.filter(path, n.text)
	case bool:
		n.Kind, n.Value = "boolean", []run{{Text: map[bool]string{true: "true", false: "false"}[v]}}
		n.text = n.Value[0].Text
		n.filter(path, n.text)
	default:
		n.Kind, n.Value = "null", []run{{Text: "null"}}
	}
	return nil
}

// indented is metadata for people who read JSON.
func indented(metadata json.RawMessage) string {
	var b bytes.Buffer
	if json.Indent(&b, metadata, "", "  ") != nil {
		return string(metadata)
	}
	return b.String()
}

// filter makes the value one that a filter can have, unless its path is too long, or it is
// in a list.
func (n *node) filter(path []string, value string) {
	if len(path) == 0 || len(path) > syslog.MaxMetadataPath || len(value) > maxText {
		return
	}
	n.Path = strings.TrimSuffix(syslog.MetadataValue{Path: path}.String(), "=")
	n.Plain = value
}
