package jsonenc

import "reflect"

// tooDeep reports whether v nests deeper than depth, or has more values that can
// nest than left.
func tooDeep(v reflect.Value, depth int, left *int) bool {
	if *left--; depth == 0 || *left < 0 {
		return true
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && tooDeep(v.Elem(), depth-1, left)
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); nests(f.Kind()) && tooDeep(f, depth-1, left) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		if !nests(v.Type().Elem().Kind()) {
			return false
		}
		for i := range v.Len() {
			if tooDeep(v.Index(i), depth-1, left) {
				return true
			}
		}
	case reflect.Map:
		if !nests(v.Type().Elem().Kind()) {
			return false
		}
		for it := v.MapRange(); it.Next(); {
			if tooDeep(it.Value(), depth-1, left) {
				return true
			}
		}
	}
	return false
}

func nests(k reflect.Kind) bool {
	switch k {
	case reflect.Pointer, reflect.Interface, reflect.Struct, reflect.Slice, reflect.Array, reflect.Map:
		return true
	}
	return false
}
