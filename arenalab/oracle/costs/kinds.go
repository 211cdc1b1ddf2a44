package main

import (
	"arena"
	"unsafe"
)

// A kind of value: how to make n of them on the heap, and n in an arena.
type kind struct {
	bytes    int
	pointers bool
	heap     func(n int)
	arena    func(a *arena.Arena, n int)
}

type (
	n8 [1]int64
	p8 struct {
		next *p8
	}
	n16 [2]int64
	p16 struct {
		next *p16
		rest [1]int64
	}
	n24 [3]int64
	p24 struct {
		next *p24
		rest [2]int64
	}
	n32 [4]int64
	p32 struct {
		next *p32
		rest [3]int64
	}
	n48 [6]int64
	p48 struct {
		next *p48
		rest [5]int64
	}
	n64 [8]int64
	p64 struct {
		next *p64
		rest [7]int64
	}
	n96 [12]int64
	p96 struct {
		next *p96
		rest [11]int64
	}
	n128 [16]int64
	p128 struct {
		next *p128
		rest [15]int64
	}
	n256 [32]int64
	p256 struct {
		next *p256
		rest [31]int64
	}
	n512 [64]int64
	p512 struct {
		next *p512
		rest [63]int64
	}
	n1024 [128]int64
	p1024 struct {
		next *p1024
		rest [127]int64
	}
)

var sink unsafe.Pointer

// kinds are written out: a generic function, or a call for each value, would be measured, too.
var kinds = []kind{
	{8, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n8))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n8](a))
		}
	}},
	{8, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p8))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p8](a))
		}
	}},
	{16, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n16))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n16](a))
		}
	}},
	{16, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p16))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p16](a))
		}
	}},
	{24, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n24))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n24](a))
		}
	}},
	{24, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p24))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p24](a))
		}
	}},
	{32, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n32))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n32](a))
		}
	}},
	{32, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p32))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p32](a))
		}
	}},
	{48, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n48))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n48](a))
		}
	}},
	{48, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p48))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p48](a))
		}
	}},
	{64, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n64))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n64](a))
		}
	}},
	{64, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p64))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p64](a))
		}
	}},
	{96, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n96))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n96](a))
		}
	}},
	{96, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p96))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p96](a))
		}
	}},
	{128, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n128))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n128](a))
		}
	}},
	{128, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p128))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p128](a))
		}
	}},
	{256, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n256))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n256](a))
		}
	}},
	{256, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p256))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p256](a))
		}
	}},
	{512, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n512))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n512](a))
		}
	}},
	{512, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p512))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p512](a))
		}
	}},
	{1024, false, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(n1024))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[n1024](a))
		}
	}},
	{1024, true, func(n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(new(p1024))
		}
	}, func(a *arena.Arena, n int) {
		for ; n > 0; n-- {
			sink = unsafe.Pointer(arena.New[p1024](a))
		}
	}},
}
