// Command trees builds trees of nodes, walks each once and forgets it, beside nodes that stay alive on the heap. It prints
// one line of JSON: what that took. Two goroutines take turns at the trees; where a tree's nodes come from is the choice.
//
//	trees -on heap|arena|pool|slabs [-nodes N] [-total N] [-live N]
//
// Times are of the processor: user and system, all threads, the collector's work included.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

const workers = 2

// A node has 48 bytes, two of its words are pointers.
type node struct {
	left, right *node
	data        [4]int64
}

func main() {
	on := flag.String("on", "heap", "where nodes come from: heap, arena, pool or slabs")
	nodes := flag.Int("nodes", 1023, "nodes of a tree")
	total := flag.Int("total", 4_000_000, "nodes to make in all")
	live := flag.Int("live", 1_000_000, "nodes that stay alive beside them")
	flag.Parse()
	source, known := sources[*on]
	if !known || *nodes < 1 || *total < *nodes || *live < 0 {
		flag.Usage()
		os.Exit(2)
	}
	kept := grow(heap{}, *live)
	runtime.GC()
	runtime.GC() // the first one's sweep is done
	row := measured(source, *nodes, max(*total / *nodes, workers))
	runtime.KeepAlive(kept)
	row["on"], row["nodes"], row["live"] = *on, *nodes, *live
	if json.NewEncoder(os.Stdout).Encode(row) != nil {
		os.Exit(1)
	}
}

// measured builds the trees and returns what that took.
func measured(source func() maker, nodes, trees int) map[string]any {
	var before, after runtime.MemStats
	var done sync.WaitGroup
	var sums [workers]int64
	runtime.ReadMemStats(&before)
	start := processor()
	for worker := 0; worker < workers; worker++ {
		done.Add(1)
		go func(worker int) {
			defer done.Done()
			m := source()
			for n := worker; n < trees; n += workers {
				m.begin()
				root := grow(m, nodes)
				sums[worker] += root.sum()
				m.end(root)
			}
		}(worker)
	}
	done.Wait()
	spent := processor() - start
	runtime.ReadMemStats(&after)
	return map[string]any{
		"cpu_ns": float64(spent) / float64(trees*nodes), "cycles": after.NumGC - before.NumGC,
		"peak_kib": peak(), "sum": sums[0] + sums[1],
	}
}

func grow(m maker, nodes int) *node {
	if nodes <= 0 {
		return nil
	}
	n := m.node()
	n.data[0] = int64(nodes)
	n.left, n.right = grow(m, (nodes-1)/2), grow(m, nodes-1-(nodes-1)/2)
	return n
}

func (n *node) sum() int64 {
	if n == nil {
		return 0
	}
	return n.data[0] + n.left.sum() + n.right.sum()
}

// processor returns the processor time of the whole process so far, in ns.
func processor() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

// peak returns the most memory that the process ever held, in KiB.
func peak() (kib int) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	if _, err := fmt.Sscan(after, &kib); err != nil {
		panic(err)
	}
	return kib
}
