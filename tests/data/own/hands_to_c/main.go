// Hands memory of an arena to C.
package main

// static int first(const int *p) { return *p; }
import "C"

import (
	"arena"
	"unsafe"
)

func main() {
	a := arena.NewArena()
	p := arena.New[int32](a)
	*p = 7
	println(C.first((*C.int)(unsafe.Pointer(p))))
	a.Free()
}
