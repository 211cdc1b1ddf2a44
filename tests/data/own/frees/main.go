// Frees arenas of one chunk and of several, between collections and in the middle of one.
package main

import (
	"arena"
	"runtime"
)

type pair struct {
	next *pair
	n    int
}

func fill(slices int) *arena.Arena {
	a := arena.NewArena()
	for i := 0; i < 500; i++ {
		arena.New[pair](a)
		arena.New[int](a)
	}
	for i := 0; i < slices; i++ {
		arena.MakeSlice[byte](a, 1<<20, 1<<20)
	}
	return a
}

func main() {
	for round := 0; round < 4; round++ {
		small, large := fill(0), fill(20)
		small.Free()
		runtime.GC()
		large.Free()
		runtime.GC()
	}
}
