// One touch of memory, chosen by name, in whatever build mode this was built.
package main

import (
	"arena"
	"os"
	"runtime/debug"
	"unsafe"
)

type node struct {
	next  *node
	value int
}

//go:noinline
func readByte(p unsafe.Pointer) byte { return *(*byte)(p) }

//go:noinline
func writeValue(n *node) { n.value = 3 }

func main() {
	debug.SetGCPercent(-1)
	a := arena.NewArena()
	n := arena.New[node](a)
	back := arena.MakeSlice[byte](a, 16, 16)
	switch os.Args[1] {
	case "read live":
		readByte(unsafe.Pointer(n))
	case "read after the last object":
		readByte(unsafe.Add(unsafe.Pointer(&back[0]), 16))
	case "read the free middle":
		readByte(unsafe.Add(unsafe.Pointer(n), 4096))
	case "read freed active":
		a.Free()
		readByte(unsafe.Pointer(n))
	case "write freed active":
		a.Free()
		writeValue(n)
	case "write freed active, known not to be nil":
		n.value = 2
		a.Free()
		n.value = 3
	case "read freed full":
		for i := 0; i < 4; i++ {
			arena.MakeSlice[byte](a, 2<<20, 2<<20)
		}
		a.Free()
		readByte(unsafe.Pointer(n))
	}
}
