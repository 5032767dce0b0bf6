package admin

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// maxBody is the largest body of a request, in bytes.
const maxBody = 64 << 10

// readBody decodes a body that is one JSON object. A field that nobody knows is refused:
// it might have been meant to spare something.
func readBody(w http.ResponseWriter, r *http.Request, into any) *problem {
	if given := r.Header.Get("Content-Type"); given != "" && !isKind(given, "application/json") {
		return failed(http.StatusUnsupportedMediaType, "content_type")
	}
	body, p := bodyOf(w, r)
	if p != nil {
		return p
	}
	v := &invalid{}
	if !json.Valid(body) || !bytes.HasPrefix(bytes.TrimSpace(body), []byte("{")) {
		first := reflect.TypeOf(into).Elem().Field(0).Tag.Get("json")
		v.add("body", "want_json", fmt.Sprintf("{%q: …}", first))
		return v.problem()
	}
	checkNames(body, into, v)
	var wrong *json.UnmarshalTypeError
	switch err := json.Unmarshal(body, into); {
	case errors.As(err, &wrong) && wrong.Value == emptyList:
		v.add(cmp.Or(wrong.Field, "body"), "want_some")
	case errors.As(err, &wrong):
		key, args := wanted(wrong.Type)
		v.add(cmp.Or(wrong.Field, "body"), key, args...)
	case err != nil:
		v.add("body", "want_text")
	}
	return v.problem()
}

// wanted says what a field of this type takes.
func wanted(t reflect.Type) (key string, args []any) {
	switch t.Kind() {
	case reflect.Int64, reflect.Pointer:
		return "want_number", []any{0}
	case reflect.Map:
		return "want_meta", nil
	case reflect.String:
		if t == reflect.TypeFor[string]() {
			return "want_one_text", nil
		}
	}
	return "want_text", nil
}

// checkNames refuses what encoding/json would take without a word: a name that is there twice,
// and one that is spelled in another case.
func checkNames(object []byte, into any, v *invalid) {
	known := map[string]bool{} // and whether it was there
	for t := reflect.TypeOf(into).Elem(); len(known) < t.NumField(); {
		known[t.Field(len(known)).Tag.Get("json")] = false
	}
	dec := json.NewDecoder(bytes.NewReader(object))
	_, _ = dec.Token()
	for dec.More() {
		name, _ := dec.Token() // it is valid
		key, _ := name.(string)
		there, ok := known[key]
		switch {
		case !ok:
			v.add(clip(key), "unknown")
		case there:
			v.add(clip(key), "twice")
		}
		if ok {
			known[key] = true
		}
		var value json.RawMessage
		_ = dec.Decode(&value)
	}
}

// isKind reports whether a Content-Type is one, with whatever parameters.
func isKind(given, want string) bool {
	kind, _, err := mime.ParseMediaType(given)
	return err == nil && kind == want
}

// noBody refuses one where nothing is read of it: it might have been meant to change what is done.
func noBody(w http.ResponseWriter, r *http.Request) *problem {
	body, p := bodyOf(w, r)
	if p != nil {
		return p
	}
	if text := bytes.TrimSpace(body); len(text) > 0 && string(text) != "{}" {
		v := &invalid{}
		v.add("body", "want_nothing")
		return v.problem()
	}
	return nil
}

// bodyOf is the body of a request, if it is not too large.
func bodyOf(w http.ResponseWriter, r *http.Request) ([]byte, *problem) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, failed(http.StatusRequestEntityTooLarge, "too_large")
	case err != nil:
		return nil, &problem{status: http.StatusBadRequest, key: "invalid"}
	}
	return body, nil
}

// list is text, or a list of texts, which is as text with commas between.
type list string

func (l *list) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*l = list(one)
		return nil
	}
	many, err := several(b)
	*l = list(strings.Join(many, ","))
	return err
}

// several is a list of texts. One without any, or with null in it, may have been meant to
// spare something.
func several(b []byte) (out []string, err error) {
	var many []*string
	if err := json.Unmarshal(b, &many); err != nil {
		return nil, err
	}
	for _, one := range many {
		if one == nil {
			return nil, noText()
		}
		out = append(out, *one)
	}
	if len(out) == 0 {
		return nil, noText()
	}
	return out, nil
}

const emptyList = "empty list"

// noText is new each time: encoding/json writes the name of the field into it.
func noText() error { return &json.UnmarshalTypeError{Value: emptyList, Type: reflect.TypeFor[list]()} }

// texts is a text, or a list of texts.
type texts []string

func (t *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = texts{one}
		return nil
	}
	many, err := several(b)
	*t = many
	return err
}

// scalars are the values of metadata by their paths, each one or a list.
type scalars map[string]any

func (s *scalars) UnmarshalJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var object map[string]any
	if err := dec.Decode(&object); err != nil {
		return &json.UnmarshalTypeError{Value: "value", Type: reflect.TypeFor[scalars]()}
	}
	*s = object
	return nil
}

// conditions are the values, named as the field that they are in.
func (s scalars) conditions(field string, v *invalid) (out []condition) {
	for _, path := range slices.Sorted(maps.Keys(s)) {
		values, many := s[path].([]any)
		if !many {
			values = []any{s[path]}
		}
		if len(values) == 0 {
			v.add(clip(field+"."+path), "want_scalar")
		}
		for _, value := range values {
			switch value.(type) {
			case string, json.Number, bool:
				out = append(out, condition{field + "." + path, path, fmt.Sprint(value)})
			default:
				v.add(clip(field+"."+path), "want_scalar")
			}
		}
	}
	return out
}
