// Package measured has benchmarks of every shape that package testing knows.
package measured

import "testing"

type node struct {
	left, right *node
	value       [3]int
}

var kept *node

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1)}
}

func BenchmarkKeeps(b *testing.B) {
	for i := 0; i < b.N; i++ {
		kept = tree(3)
	}
}

func BenchmarkDrops(b *testing.B) {
	for i := 0; i < b.N; i++ {
		(&node{left: tree(3)}).value[0] = b.N
	}
}

func BenchmarkWithin(b *testing.B) {
	for _, depth := range []int{1, 2} {
		depth := depth
		b.Run("depth", func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				kept = tree(depth)
			}
		})
	}
}

func BenchmarkParallel(b *testing.B) {
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			tree(2)
		}
	})
}
