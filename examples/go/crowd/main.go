// Command crowd lets goroutines make, fill and free arenas at the same time, while one more collects again and again:
// who takes whose chunk, and what is freed while the collector marks, is theirs to find out.
package main

import (
	"arena"
	"flag"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

type node struct {
	next *node
	key  int
}

// quarter is a value of nearly a quarter of a chunk: four fit, five don't.
type quarter [2_000_000]byte

var kept *node // what the collector has to mark each time

func work(worker, arenas int) (sum int) {
	for n := 0; n < arenas; n++ {
		a := arena.NewArena()
		for i := 0; i < (worker+n)%6; i++ {
			v := arena.New[quarter](a)
			v[n] = byte(i)
			sum += int(v[n])
			runtime.Gosched()
		}
		a.Free()
		runtime.Gosched()
	}
	return sum
}

func main() {
	workers := flag.Int("workers", 3, "goroutines that make arenas")
	arenas := flag.Int("arenas", 16, "arenas of each")
	live := flag.Int("live", 200_000, "nodes that stay alive on the heap")
	flag.Parse()
	for i := 0; i < *live; i++ {
		kept = &node{kept, i}
	}
	var sum atomic.Int64
	var done sync.WaitGroup
	for w := 0; w < *workers; w++ {
		done.Add(1)
		go func(w int) {
			defer done.Done()
			sum.Add(int64(work(w, *arenas)))
		}(w)
	}
	finished := make(chan struct{})
	go func() { done.Wait(); close(finished) }()
	cycles := 0
	for running := true; running; cycles++ {
		runtime.GC()
		select {
		case <-finished:
			running = false
		default:
		}
	}
	runtime.KeepAlive(kept)
	fmt.Printf("%d arenas by %d goroutines, %d collections, sum %d\n", *workers**arenas, *workers, cycles, sum.Load())
}
