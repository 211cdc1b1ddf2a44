//go:build go1.24

package main

import (
	"unsafe"
	"weak"
)

// weaks are all weak pointers that were made; none is ever forgotten.
var (
	weaks    [maxWeaks]weak.Pointer[byte]
	weakMade [maxWeaks]bool
)

//go:noinline
func makeWeakPointer(n int, address uintptr) {
	weaks[n] = weak.Make((*byte)(unsafe.Pointer(address)))
	weakMade[n] = true
}

// weakValue returns the address that a weak pointer gives, 0 for nil.
//
//go:noinline
func weakValue(n int) uintptr { return uintptr(unsafe.Pointer(weaks[n].Value())) }

// weakWord returns what a weak pointer's handle holds, and whether there is such a weak pointer.
func weakWord(n int) (uintptr, bool) {
	handle := *(**uintptr)(unsafe.Pointer(&weaks[n]))
	if handle == nil {
		return 0, weakMade[n]
	}
	return *handle, weakMade[n]
}
