package admin

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// outline is a tree in a line.
func outline(nodes []node) (out string) {
	for _, n := range nodes {
		out += "(" + shown(n.Key) + ":" + shown(n.Value) + outline(n.Nodes) + ")"
	}
	return out
}

// TestTree: keys in their order, numbers with every digit, and paths for filters.
func TestTree(t *testing.T) {
	nodes, cut := tree([]byte(`{"z":1.50,"a":12345678901234567890,"n":null,"o":{"b.c":true,"e":{}},"l":[1,{"x":"y"},[]],"t":"one\ntwo","\u202e":"\u0000"}`), treeBytes)
	require.False(t, cut)
	require.Equal(t, `(z:1.50)(a:12345678901234567890)(n:null)(o:(b.c:true)(e:))(l:(0:1)(1:(x:y))(2:))(t:one`+"\n"+`two)(<\u202e>:<␀>)`, outline(nodes))
	require.Equal(t, []string{"z", "1.50"}, []string{nodes[0].Path, nodes[0].Plain})
	require.Equal(t, `o.b\.c`, nodes[3].Nodes[0].Path)
	require.Empty(t, nodes[4].Nodes[1].Nodes[0].Path, "no filter enters a list")
	require.Empty(t, nodes[2].Path, "null is nothing that a filter can have")
	require.True(t, nodes[5].Lines)

	for _, none := range []string{"", "null", "[]", "7", "{", "rubbish", `{"a":1,`} {
		nodes, _ := tree([]byte(none), treeBytes)
		require.LessOrEqual(t, len(nodes), 1, none)
	}
	large := []byte(`{"first":1,"text":"` + strings.Repeat("x", 100<<10) + `","last":2}`)
	nodes, cut = tree(large, treeBytes)
	require.True(t, cut)
	require.Less(t, len(outline(nodes)), treeBytes)
	nodes, cut = tree(large, 0)
	require.False(t, cut)
	require.Contains(t, outline(nodes), "(last:2)")
	deep := strings.Repeat(`{"a":`, 200) + "1" + strings.Repeat("}", 200)
	nodes, _ = tree([]byte(deep), treeBytes)
	require.Equal(t, treeDepth+1, strings.Count(outline(nodes), "(a:"))
}

func FuzzTree(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}]}`), 10)
	f.Add([]byte(`{"a":`), 0)
	f.Fuzz(func(t *testing.T, metadata []byte, limit int) {
		nodes, _ := tree(metadata, limit%100)
		require.GreaterOrEqual(t, len(outline(nodes)), 0)
	})
}
