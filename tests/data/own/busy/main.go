// Busy is a server's worth of arena operations: goroutines that each serve requests
// from an arena of their own. Flags say how many, so that its time can be measured.
package main

import (
	"arena"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
)

type node struct {
	left, right *node
	key         int
}

var (
	goroutines = flag.Int("goroutines", 8, "that serve")
	operations = flag.Int("operations", 1_000_000, "by all of them, about")
	values     = flag.Int("values", 500, "of each request")
)

func insert(a *arena.Arena, at *node, key int) *node {
	if at == nil {
		n := arena.New[node](a)
		n.key = key
		return n
	}
	if key < at.key {
		at.left = insert(a, at.left, key)
	} else {
		at.right = insert(a, at.right, key)
	}
	return at
}

// serve reads a request's keys into a tree, and answers with their sum.
func serve(request int) (sum int) {
	a := arena.NewArena()
	defer a.Free()
	keys := arena.MakeSlice[int](a, *values, *values)
	var root *node
	for i := range keys {
		keys[i] = (i*7919 + request) % 10007
		root = insert(a, root, keys[i])
	}
	for at := root; at != nil; at = at.right {
		sum += at.key
	}
	return sum
}

func main() {
	flag.Parse()
	var all atomic.Int64
	var group sync.WaitGroup
	requests := *operations / (*values + 3) / *goroutines
	for g := 0; g < *goroutines; g++ {
		group.Add(1)
		go func(g int) {
			defer group.Done()
			for r := 0; r < requests; r++ {
				all.Add(int64(serve(g*requests + r)))
			}
		}(g)
	}
	group.Wait()
	fmt.Println(all.Load())
}
