// Command collects keeps the collector at work while it traces itself, and prints the seconds that the runtime says
// went into dedicated mark workers, assists, idle mark workers and its own goroutines meanwhile.
//
//	collects out.trace
package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/metrics"
	"runtime/trace"
	"sync"
)

type node struct {
	left, right *node
	value       [4]int
}

func tree(depth int) *node {
	if depth == 0 {
		return &node{}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1)}
}

// spent reads the clocks, which the runtime sets at the end of a cycle.
func spent() []float64 {
	runtime.GC()
	read := []metrics.Sample{
		{Name: "/cpu/classes/gc/mark/dedicated:cpu-seconds"},
		{Name: "/cpu/classes/gc/mark/assist:cpu-seconds"},
		{Name: "/cpu/classes/gc/mark/idle:cpu-seconds"},
		{Name: "/cpu/classes/user:cpu-seconds"},
	}
	metrics.Read(read)
	var found []float64
	for _, each := range read {
		found = append(found, each.Value.Float64())
	}
	return found
}

func main() {
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	kept := tree(20)
	before := spent()
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	var done sync.WaitGroup
	for i := 0; i < 3; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for n := 0; n < 150; n++ {
				tree(12)
			}
		}()
	}
	done.Wait()
	after := spent()
	trace.Stop()
	for i := range after {
		fmt.Println(after[i] - before[i])
	}
	runtime.KeepAlive(kept)
}
