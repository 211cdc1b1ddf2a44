package main

import (
	"arena"
	"reflect"
	"runtime"
	"strconv"
	"unsafe"
)

// A kind is what the program does with values of one type; each field is a call that a Go
// programmer would write, with T in its place.
type kind struct {
	pointer    int // bytes to its first pointer word, -1 for none
	value      func(*arena.Arena) uintptr
	slice      func(*arena.Arena, int) uintptr
	finalize   func(unsafe.Pointer)
	clone      func(unsafe.Pointer) (uintptr, any)
	cloneSlice func(unsafe.Pointer, int) (uintptr, any)
}

func of[T any]() kind {
	return kind{
		pointer:  firstPointer(reflect.TypeOf((*T)(nil)).Elem()),
		value:    func(a *arena.Arena) uintptr { return uintptr(unsafe.Pointer(arena.New[T](a))) },
		slice:    func(a *arena.Arena, n int) uintptr { return start(arena.MakeSlice[T](a, n, n)) },
		finalize: func(p unsafe.Pointer) { runtime.SetFinalizer((*T)(p), func(*T) {}) },
		clone: func(p unsafe.Pointer) (uintptr, any) {
			made := arena.Clone((*T)(p))
			return uintptr(unsafe.Pointer(made)), made
		},
		cloneSlice: func(p unsafe.Pointer, n int) (uintptr, any) {
			made := arena.Clone(unsafe.Slice((*T)(p), n))
			return start(made), made
		},
	}
}

func start[T any](s []T) uintptr { return uintptr(unsafe.Pointer(unsafe.SliceData(s))) }

func firstPointer(t reflect.Type) int {
	switch t.Kind() {
	case reflect.Pointer, reflect.UnsafePointer, reflect.String, reflect.Slice, reflect.Map, reflect.Chan, reflect.Func:
		return 0
	case reflect.Array:
		if t.Len() > 0 {
			return firstPointer(t.Elem())
		}
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			if in := firstPointer(t.Field(i).Type); in >= 0 {
				return int(t.Field(i).Offset) + in
			}
		}
	}
	return -1
}

// placed notes a new value, and says which earlier value of the program was at its address.
func placed(a *asked, address uintptr, n int) string {
	found := done
	for i := rowsLen - 1; i >= 0; i-- {
		if rows[i] == address {
			found = "where object " + strconv.Itoa(i) + " was"
			break
		}
	}
	note(address)
	if a.Arena < 0 {
		return found
	}
	last[a.Arena] = address
	if in := kinds[a.Type].pointer; in >= 0 && n > 0 {
		slot[a.Arena] = address + uintptr(in)
	}
	return found
}

// clone copies a value, or some elements, out of whatever memory they lie in; the copy is the next object.
func clone(a *asked) string {
	var made uintptr
	var kept any
	if a.Kind == "slice" {
		made, kept = kinds[a.Type].cloneSlice(at(address(a)), a.Len)
	} else {
		made, kept = kinds[a.Type].clone(at(address(a)))
	}
	clones = append(clones, kept)
	if made == address(a) {
		return "the same"
	}
	note(made)
	return done
}

func note(address uintptr) {
	rows[rowsLen] = address
	rowsLen++
}

// address returns the place that an operation is about; an object of -1 is nil.
func address(a *asked) uintptr {
	if a.Object < 0 {
		return a.Offset
	}
	return rows[a.Object] + a.Offset
}

// at returns a pointer that the collector has not heard of.
func at(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }

// load and store are the program's own accesses: a race or asan build watches them as it watches any.
//
//go:noinline
//go:nocheckptr
func load(address uintptr) uint64 { return *(*uint64)(at(address)) }

//go:noinline
//go:nocheckptr
func store(address uintptr, value uint64) { *(*uint64)(at(address)) = value }
