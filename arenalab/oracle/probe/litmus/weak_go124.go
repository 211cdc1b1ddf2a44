//go:build go1.24

package main

import (
	"runtime"
	"unsafe"
	"weak"
)

var (
	weaks  [64]weak.Pointer[byte]
	wanted [64]uintptr // address that each was made of
)

//go:noinline
func makeWeak(n int, address uintptr) {
	weaks[n], wanted[n] = weak.Make((*byte)(at(address))), address
}

// weakValue says whether a weak pointer still leads where it was made to.
//
//go:noinline
func weakValue(n int) string {
	switch uintptr(unsafe.Pointer(weaks[n].Value())) {
	case 0:
		return "nil"
	case wanted[n]:
		return "its object"
	}
	return "elsewhere"
}

func addCleanup(p unsafe.Pointer) { runtime.AddCleanup((*byte)(p), func(int) {}, 0) }
