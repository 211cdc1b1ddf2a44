// Makes values on the ordinary heap in batches and forgets each batch; prints what the runtime counted.
// Arguments: values in a batch, batches.
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
)

type node struct {
	next  *node
	value [5]int
}

type leaf struct{ value [3]byte }

type page struct{ value [40_000]byte }

type batch struct {
	nodes *node
	leaf  *leaf
	page  *page
}

//go:noinline
func fill(n int) *batch {
	made := &batch{}
	for i := 0; i < n; i++ {
		made.nodes = &node{next: made.nodes}
	}
	return made
}

//go:noinline
func leaves(n int) {
	for i := 0; i < n; i++ {
		sink.leaf = new(leaf)
		if i%64 == 0 {
			sink.page = new(page)
		}
	}
}

var sink = &batch{}

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	batches, _ := strconv.Atoi(os.Args[2])
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < batches; i++ {
		sink = fill(n)
		leaves(n)
	}
	runtime.ReadMemStats(&after)
	fmt.Println(after.TotalAlloc-before.TotalAlloc, after.Mallocs-before.Mallocs, after.NumGC-before.NumGC, before.HeapAlloc)
}
