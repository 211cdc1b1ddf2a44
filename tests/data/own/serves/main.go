// serves: goroutines that each make an arena for a request, put values of two types into it in turn, and free it.
package main

import (
	"arena"
	"flag"
	"sync"
)

type node struct {
	next *node
	key  [2]int
}

type blob [40]byte

func request(values int) {
	a := arena.NewArena()
	var last *node
	for i := 0; i < values; i += 2 {
		n := arena.New[node](a)
		n.next, last = last, n
		arena.New[blob](a)[0] = byte(i)
	}
	a.Free()
}

func main() {
	requests := flag.Int("requests", 1000, "in all")
	values := flag.Int("values", 8, "of each request")
	goroutines := flag.Int("goroutines", 8, "that serve")
	flag.Parse()
	var all sync.WaitGroup
	for g := 0; g < *goroutines; g++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for i := 0; i < *requests / *goroutines; i++ {
				request(*values)
			}
		}()
	}
	all.Wait()
}
