package main

import (
	"arena"
	"runtime"
	"runtime/debug"
)

// Trees that stay alive, by the size of a node; of each node two words are pointers.
type tree[T any] struct {
	left, right *tree[T]
	rest        T
}

const held = 24 * mib

const collections = 10

// cycles: what a cycle costs that finds nothing, and what each live value adds to one.
func cycles() {
	debug.SetGCPercent(-1)
	runtime.GC()
	empty := least(collections, collect)
	say("cycle", empty)
	marked[[2]int64](32, empty)
	marked[[4]int64](48, empty)
	marked[[6]int64](64, empty)
	marked[[14]int64](128, empty)
	marked[[62]int64](512, empty)
	plain := make([]*n48, held/48)
	for i := range plain {
		plain[i] = new(n48)
	}
	say("mark value", perValue(len(plain), empty), 48, false)
	runtime.KeepAlive(plain)
	plain = nil
	runtime.GC()
	a, n := arena.NewArena(), held/48
	root := grow[[4]int64](a, n)
	say("mark arena value", perValue(n, empty), 48, true)
	runtime.KeepAlive(root)
	a.Free()
}

func marked[T any](bytes int, empty float64) {
	n := held / bytes
	root := grow[T](nil, n)
	say("mark value", perValue(n, empty), bytes, true)
	runtime.KeepAlive(root)
	root = nil
	runtime.GC()
}

func perValue(n int, empty float64) float64 {
	runtime.GC()
	return max(0, least(collections, collect)-empty) / float64(n)
}

func collect() {
	for i := 0; i < collections; i++ {
		runtime.GC()
	}
}

func grow[T any](a *arena.Arena, nodes int) *tree[T] {
	if nodes <= 0 {
		return nil
	}
	var n *tree[T]
	if a != nil {
		n = arena.New[tree[T]](a)
	} else {
		n = new(tree[T])
	}
	n.left, n.right = grow[T](a, (nodes-1)/2), grow[T](a, nodes-1-(nodes-1)/2)
	return n
}
