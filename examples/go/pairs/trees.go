package main

import (
	"arena"
	"runtime"
)

func newNode(a *arena.Arena) *node {
	if a != nil {
		return arena.New[node](a)
	}
	return new(node)
}

func grow(a *arena.Arena, nodes int) *node {
	if nodes <= 0 {
		return nil
	}
	n := newNode(a)
	n.data[0] = int64(nodes)
	n.left, n.right = grow(a, (nodes-1)/2), grow(a, nodes-1-(nodes-1)/2)
	return n
}

func (n *node) sum() int {
	if n == nil {
		return 0
	}
	return int(n.data[0]) + n.left.sum() + n.right.sum()
}

// trees: a request is a tree of a thousand nodes.
func trees(a *arena.Arena, n int) int {
	return grow(a, 1000).sum() + n
}

// session: a request of 4,000 nodes waits three times for others, so that many are under way at once.
func session(a *arena.Arena, n int) int {
	var parts [4]*node
	for i := range parts {
		parts[i] = grow(a, 1000)
		runtime.Gosched()
	}
	sum := n
	for _, part := range parts {
		sum += part.sum()
	}
	return sum
}

type point struct {
	next *point
	x, y int64
	name *int64
}

func newPoint(a *arena.Arena) *point {
	if a != nil {
		return arena.New[point](a)
	}
	return new(point)
}

// tiny: a request is three values.
func tiny(a *arena.Arena, n int) int {
	var first *point
	for i := 0; i < 3; i++ {
		p := newPoint(a)
		p.next, p.x = first, int64(n+i)
		first = p
	}
	return int(first.x + first.next.x + first.next.next.x)
}

func numbers(a *arena.Arena, length int) []float64 {
	if a != nil {
		return arena.MakeSlice[float64](a, length, length)
	}
	return make([]float64, length)
}

// slices: a request is four slices of 128 KiB without pointers, of which every eighth word is touched.
func slices(a *arena.Arena, n int) int {
	sum := 0
	for i := 0; i < 4; i++ {
		s := numbers(a, 16_384)
		for j := 0; j < len(s); j += 8 {
			s[j] = float64(j + n)
		}
		sum += int(s[len(s)/2])
	}
	return sum
}
