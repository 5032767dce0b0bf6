package jsonenc

import "unsafe"

// hide returns v without the compiler's knowing where it comes from. Without it
// the contents of a map count as leaking from whatever held the map, and a
// caller that passes attributes instead would pay with an allocation.
//
// It is safe for what stands in a map: the runtime keeps that on the heap, never
// on a stack that moves, and the map, which the caller holds for the length of
// the call, keeps it alive.
func hide(v any) any {
	words := *(*[2]uintptr)(unsafe.Pointer(&v))
	return *(*any)(unsafe.Pointer(&words))
}

// hideString is hide for a key.
func hideString(s string) string {
	words := *(*[2]uintptr)(unsafe.Pointer(&s))
	return *(*string)(unsafe.Pointer(&words))
}
