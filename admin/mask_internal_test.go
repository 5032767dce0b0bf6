package admin

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestMask(t *testing.T) {
	m := MaskKeys("password", "e-mail", "ip*", "日本")
	for in, want := range map[string]string{
		`{}`: `{}`, `{"a":1}`: `{"a":1}`, ``: ``, `null`: `null`, `"password"`: `"password"`, `["password",1]`: `["password",1]`,
		`{"password":"x"}`: `{"password":"•"}`,
		`{ "a" : [ {"PASSWORD" : null , "n":1.2300} ] }`:      `{ "a" : [ {"PASSWORD" : "•" , "n":1.2300} ] }`,
		`{"new_password":{"a":{"b":[1,2]}},"z":[]}`:           `{"new_password":"•","z":[]}`,
		`{"password":[1,"]",{"}":"\"]"}],"b":2}`:              `{"password":"•","b":2}`,
		`{"password":"a","b":1,"password":"c"}`:               `{"password":"•","b":1,"password":"•"}`,
		`{"p\u0061ssword":"\"x","userEmail":-1.5e+10}`:        `{"p\u0061ssword":"•","userEmail":"•"}`,
		`{"clientIp":true,"IPv4":false,"zip":1,"ip_a":{}}`:    `{"clientIp":"•","IPv4":"•","zip":1,"ip_a":"•"}`,
		`{"n":12345678901234567890.1230,"e":1E-7,"日本":0}`:     `{"n":12345678901234567890.1230,"e":1E-7,"日本":"•"}`,
		`{"passwordResetAt":"<b>","a":"password","\u0000":1}`: `{"passwordResetAt":"<b>","a":"password","\u0000":1}`,
		`{"_value":"{password: x"}`:                           `{"_value":"•"}`,
		`{"_value":"plain","a":{"_value":["x",{"ip":1}]}}`:    `{"_value":"plain","a":{"_value":["x",{"ip":"•"}]}}`,
		`{"password":"x"`: `{"_value":"•"}`,
		`{"a":"x",}`:      `{"_value":"{\"a\":\"x\",}"}`,
		"\x00\xff{":       `{"_value":"\u0000\ufffd{"}`,
	} {
		require.Equal(t, strings.ReplaceAll(want, "•", masked), string(m.apply([]byte(in))), in)
	}
	all := MaskKeys("*")
	require.Equal(t, `{"a":"`+masked+`","":"`+masked+`"}`, string(all.apply([]byte(`{"a":{"b":1},"":2}`))))
	text := []byte(`{"password":"x","ip":1}`)
	require.Equal(t, text, []byte(MaskKeys().apply(text)), "no name masks nothing")
	require.True(t, DefaultMask().has("X-Api-Key"))
	require.True(t, Mask{}.With("email").has("email"))
	require.True(t, Mask{}.With("email").has("token"))
	require.False(t, MaskKeys().With("email").has("token"))
	require.NoError(t, m.check("Mask"))
	require.ErrorContains(t, MaskKeys("a", " -* ").check("Mask"), `Mask has the name " -* "`)
}

// TestMaskDeep: without recursion, in time that grows with the text.
func TestMaskDeep(t *testing.T) {
	m := DefaultMask()
	for _, depth := range []int{9_000, 10_001, 200_000} { // encoding/json takes 10 000
		in := strings.Repeat(`{"a":[`, depth/2) + `{"password":"s3cret"}` + strings.Repeat(`]}`, depth/2)
		out := m.apply([]byte(in))
		require.True(t, json.Valid(out))
		require.NotContains(t, string(out), "s3cret", depth)
		require.Equal(t, depth < 10_000, strings.HasPrefix(string(out), `{"a":[`))
		require.Len(t, m.paths([]byte(in)), 1)
		require.Less(t, len(m.paths([]byte(in))[0]), 200)
	}
	nested := strings.Repeat(`{"password":`, 9_000) + `1` + strings.Repeat(`}`, 9_000)
	require.Equal(t, `{"password":"`+masked+`"}`, string(m.apply([]byte(nested))))
	wide := []byte(`[` + strings.Repeat(`{"password":{}},`, 100_000) + `1]`)
	require.Equal(t, 100_000, bytes.Count(m.apply(wide), maskedJSON))
}

func TestMaskPaths(t *testing.T) {
	m := MaskKeys("password", "a.b")
	for in, want := range map[string][]string{
		`{}`: {}, ``: {}, `{"x":`: {}, `{"password":`: {"_value"},
		`{"password":{"password":1},"x":{"y":[{"password":1},{"password":2}]},"a.b":1}`: {"password", "x.y.password", `a\.b`},
		`{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":{"password":1}}}}}}}}}`:                {"….b.c.d.e.f.g.h.password"},
	} {
		require.Equal(t, want, m.paths([]byte(in)), in)
	}
	var many []string
	for i := range 150 {
		many = append(many, `"k`+strings.Repeat("x", i)+`":{"password":1}`)
	}
	paths := m.paths([]byte("{" + strings.Join(many, ",") + "}"))
	require.Less(t, len(paths), 102) // long names are cut, and may be the same then
	require.Equal(t, "kxx.password", paths[2])
}

// reference masks by the decoder of encoding/json.
func reference(m Mask, text []byte) []byte {
	dec := json.NewDecoder(bytes.NewReader(text))
	var out []byte
	kept := 0
	var objects []bool // whether the containers that it is in are
	key := false       // whether the next token is one
	for {
		token, err := dec.Token()
		if err != nil {
			return append(out, text[kept:]...)
		}
		switch d, _ := token.(json.Delim); d {
		case '{', '[':
			objects = append(objects, d == '{')
			key = d == '{'
			continue
		case '}', ']':
			objects = objects[:len(objects)-1]
		default:
			if !key {
				break
			}
			key = false
			name := token.(string)
			if !m.has(name) && name != textKey {
				continue
			}
			var value json.RawMessage
			if err := dec.Decode(&value); err != nil {
				panic(err)
			}
			with, end := maskedJSON, int(dec.InputOffset())
			if !m.has(name) {
				with = reference(m, value)
				var plain string
				if json.Unmarshal(value, &plain) == nil && value[0] == '"' && m.mentions(plain) {
					with = maskedJSON
				}
			}
			out = append(append(out, text[kept:end-len(value)]...), with...)
			kept = end
		}
		key = len(objects) > 0 && objects[len(objects)-1]
	}
}

func FuzzMask(f *testing.F) {
	for _, seed := range []string{
		`{"password":"s3cret","n":12345678901234567890.1230}`, `{"a":[{"token":null},true,[]],"b":{"ip":{}}}`, `{"p\u0061ssword":[1,{"x":"\\\""}]}`,
		`{"password":1,"password":2}`, ` { "password" : -0.0e-1 , "a" : "b" } `, `{"_value":"password"}`, `{"_value":{"cvv":1}}`, `{"a"`, `[[[[`, `"\ud800"`, "{\"\xff\":1}",
	} {
		f.Add([]byte(seed))
	}
	m := DefaultMask().With("ip*")
	f.Fuzz(func(t *testing.T, text []byte) {
		out := m.apply(bytes.Clone(text))
		if len(text) == 0 {
			require.Empty(t, out)
			return
		}
		require.True(t, json.Valid(out), "%q", out)
		require.Equal(t, string(out), string(m.apply(bytes.Clone(out))), "once is enough")
		if json.Valid(text) && utf8.Valid(text) {
			require.Equal(t, string(reference(m, text)), string(out), "%s", text)
		}
		m.paths(text)
		s := scrubber{"a", []Mask{m}}
		require.True(t, json.Valid(s.metadata(whole(text))))
	})
}

func TestScrubMessage(t *testing.T) {
	for _, c := range []struct{ id, text, want string }{
		{"usr_1", "usr_1 paid usr_12, xusr_1, usr_1-b, usr_1_b and (usr_1).usr_1", "[erased] paid usr_12, xusr_1, usr_1-b, usr_1_b and ([erased]).[erased]"},
		{"7", "7 of 17, 2024-01-7, no 7", "[erased] of 17, 2024-01-7, no [erased]"},
		{"é", "é né e\u0301 é\u0301 'é'", "[erased] né e\u0301 é\u0301 '[erased]'"},
		{"a/b %", "GET /x/a/b % now", "GET /x/[erased] now"},
		{"aa", "aaa aa aaaa aa", "aaa [erased] aaaa [erased]"},
		{"x", "", ""}, {"x", "x", "[erased]"}, {"x", "x x x", "[erased] [erased] [erased]"},
		{"bob@x.com", "mailto:bob@x.com, jbob@x.com", "mailto:[erased], jbob@x.com"},
		{"\uFFFD", "a\uFFFDb \uFFFD", "a\uFFFDb [erased]"},
	} {
		require.Equal(t, c.want, (&scrubber{id: c.id}).plain(c.text))
	}
	hard := scrubber{id: strings.Repeat("a", 256)}
	text := strings.Repeat("a", 1<<20)
	require.Equal(t, text, hard.plain(text))
}

func TestScrubMetadata(t *testing.T) {
	s := scrubber{"42", []Mask{MaskKeys("password"), DefaultErase()}}
	for in, want := range map[string]string{
		`{}`: `{}`, ``: ``, `{"n":12345678901234567890.1230,"z":[ 1 ]}`: `{"n":12345678901234567890.1230,"z":[ 1 ]}`,
		`{"userId":"42","who":"by 42, not 421","other":"421"}`:           `{"userId":"[erased]","who":"by [erased], not 421","other":"421"}`,
		`{"userId":42,"price":42,"ids":[1,42],"id":42.0,"n":[42]}`:       `{"userId":"[erased]","price":42,"ids":[1,"[erased]"],"id":42.0,"n":[42]}`,
		`{"users":{"42":{"a":1},"x 42":2}}`:                              `{"users":{"[erased]":{"a":1},"x [erased]":2}}`,
		`{"a":"\u0034\u0032","b":"<\"42\">"}`:                            `{"a":"[erased]","b":"<\"[erased]\">"}`,
		`{"a":[{"userEmail":{"x":"42"},"ipAddress":null}],"password":1}`: `{"a":[{"userEmail":"[erased]","ipAddress":"[erased]"}],"password":"[erased]"}`,
		`{"name":"A","name":"B","tableName":"payments","names":"x"}`:     `{"name":"[erased]","name":"[erased]","tableName":"[erased]","names":"x"}`,
		`{"42":"42"}`: `{"[erased]":"[erased]"}`,
	} {
		require.Equal(t, want, string(s.metadata([]byte(in))), in)
	}
}
