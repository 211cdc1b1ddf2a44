// Command binarytrees builds and walks binary trees, each in an arena of its own:
// the old benchmark, with the collector's work taken over by Free.
package main

import (
	"arena"
	"flag"
	"fmt"
)

type tree struct{ left, right *tree }

func build(a *arena.Arena, depth int) *tree {
	t := arena.New[tree](a)
	if depth > 0 {
		t.left, t.right = build(a, depth-1), build(a, depth-1)
	}
	return t
}

func (t *tree) count() int {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}

func main() {
	depth := flag.Int("depth", 17, "depth of the deepest trees")
	flag.Parse()
	longLived := arena.NewArena()
	kept := build(longLived, *depth)
	for d := 4; d <= *depth; d += 4 {
		trees := 1 << (*depth - d)
		a := arena.NewArena()
		nodes := 0
		for i := 0; i < trees; i++ {
			nodes += build(a, d).count()
		}
		a.Free()
		fmt.Printf("%d trees of depth %d: %d nodes\n", trees, d, nodes)
	}
	fmt.Printf("long-lived tree: %d nodes\n", kept.count())
	longLived.Free()
}
