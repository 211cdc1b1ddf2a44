// Command costs measures what user arenas cost beside the ordinary heap, and prints one line of JSON.
//
//	costs pieces                          what one thing costs: a chunk, an arena, an object
//	costs serve -on heap|arena ...        the same requests served with values on the heap or in arenas
//
// Times are of the processor, all threads and the collector's work included; those of pieces are of the round that took
// least.
package main

import (
	"arena"
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"runtime/debug"
	"time"
	"unsafe"

	"arenalab.example/internal/used"
)

const (
	mib   = 1 << 20
	chunk = 8 * mib
)

type node struct {
	left, right *node
	data        [4]int64
}

type small struct{ next *small }

type plain struct{ data [6]int64 }

type large struct {
	next *large
	data [63]int64
}

type quarter [2 * mib]byte

var (
	sink  unsafe.Pointer
	cache *node
	sums  int64
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "pieces" {
		debug.SetGCPercent(-1)
		say(pieces())
		return
	}
	serve(os.Args[2:])
}

func say(row map[string]any) {
	if json.NewEncoder(os.Stdout).Encode(row) != nil {
		os.Exit(1)
	}
}

// pieces returns nanoseconds by what was done.
func pieces() map[string]any {
	found := map[string]any{"bytes": map[string]uintptr{
		"small": unsafe.Sizeof(small{}), "node": unsafe.Sizeof(node{}),
		"plain": unsafe.Sizeof(plain{}), "large": unsafe.Sizeof(large{}),
	}}
	found["new arena, fresh chunk"], found["free a full chunk"] = chunks()
	found["new arena + free, chunk from reuse"] = reused()
	found["zero 8 MiB that are there"] = zeroed()
	object[small](found, "small")
	object[node](found, "node")
	object[plain](found, "plain")
	object[large](found, "large")
	return found
}

// chunks makes arenas that each need a chunk never used before, fills the chunks and frees them.
func chunks() (made, freed float64) {
	const count = 16
	best, bestFree := time.Hour, time.Hour
	for round := 0; round < 5; round++ {
		arenas := make([]*arena.Arena, count)
		start := used.Processor()
		for i := range arenas {
			arenas[i] = arena.NewArena()
		}
		best = min(best, used.Processor()-start)
		for _, a := range arenas {
			for i := 0; i < 4; i++ {
				sink = unsafe.Pointer(arena.New[quarter](a))
			}
		}
		for _, a := range arenas { // the fifth needs another chunk, so the first is full
			sink = unsafe.Pointer(arena.New[quarter](a))
		}
		start = used.Processor()
		for _, a := range arenas {
			a.Free()
		}
		bestFree = min(bestFree, used.Processor()-start)
		drain(count)
	}
	return per(best, count), per(bestFree, count)
}

// drain empties the reuse list: arenas that nobody frees take its chunks.
func drain(count int) {
	for i := 0; i < count; i++ {
		kept = append(kept, arena.NewArena())
	}
}

var kept []*arena.Arena

func reused() float64 {
	const count = 10_000
	arena.NewArena().Free()
	best := time.Hour
	for round := 0; round < 5; round++ {
		start := used.Processor()
		for i := 0; i < count; i++ {
			arena.NewArena().Free()
		}
		best = min(best, used.Processor()-start)
	}
	return per(best, count)
}

func zeroed() float64 {
	there := make([]byte, chunk)
	best := time.Hour
	for round := 0; round < 10; round++ {
		start := used.Processor()
		clear(there)
		best = min(best, used.Processor()-start)
	}
	return per(best, 1)
}

// object times one value in a chunk that is there, and one on a heap whose memory is there and swept.
func object[T any](found map[string]any, name string) {
	var zero T
	count := 6 * mib / int(unsafe.Sizeof(zero))
	best := [2]time.Duration{time.Hour, time.Hour}
	for round := 0; round < 9; round++ {
		a := arena.NewArena()
		start := used.Processor()
		for i := 0; i < count; i++ {
			sink = unsafe.Pointer(arena.New[T](a))
		}
		best[0] = min(best[0], used.Processor()-start)
		kept = append(kept, a) // or the reuse list would give the rest of this chunk
		sink = nil
		runtime.GC()
		start = used.Processor()
		for i := 0; i < count; i++ {
			sink = unsafe.Pointer(new(T))
		}
		best[1] = min(best[1], used.Processor()-start)
	}
	found["arena.New "+name], found["new "+name] = per(best[0], count), per(best[1], count)
}

func per(d time.Duration, count int) float64 { return float64(d.Nanoseconds()) / float64(count) }

// serve answers requests: each builds a tree of nodes, walks it and lets it go.
func serve(arguments []string) {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	on := flags.String("on", "heap", "heap or arena")
	nodes := flags.Int("nodes", 1000, "values of a request")
	requests := flags.Int("requests", 1000, "how many requests")
	live := flags.Int("live", 32, "MiB of nodes that stay alive beside the requests")
	open := flags.Int("open", 1, "requests under way at a time")
	if flags.Parse(arguments) != nil || *nodes < 1 || *requests < 1 || *open < 1 {
		os.Exit(2)
	}
	cache = grow(*live * mib / int(unsafe.Sizeof(node{})))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start, began := used.Processor(), time.Now()
	underWay := make([]request, *open)
	for i := 0; i < *requests; i++ {
		underWay[i%*open].finish()
		underWay[i%*open] = begin(*on, *nodes)
	}
	for i := range underWay {
		underWay[i].finish()
	}
	spent, wall := used.Processor()-start, time.Since(began)
	runtime.ReadMemStats(&after)
	values := float64(*nodes) * float64(*requests)
	say(map[string]any{
		"on": *on, "nodes": *nodes, "requests": *requests, "live_mib": *live, "open": *open,
		"cpu_ns": float64(spent.Nanoseconds()) / values, "wall_ns": float64(wall.Nanoseconds()) / values,
		"cycles": after.NumGC - before.NumGC, "peak_rss_mib": used.Peak() / 1024,
	})
	runtime.KeepAlive(cache)
}

// request is a tree, and the arena that it lives in, if any.
type request struct {
	root *node
	a    *arena.Arena
}

func begin(on string, nodes int) request {
	if on == "arena" {
		a := arena.NewArena()
		return request{plant(a, nodes), a}
	}
	return request{grow(nodes), nil}
}

// finish answers a request: walks the tree and lets it go.
func (r *request) finish() {
	sums += r.root.sum()
	if r.a != nil {
		r.a.Free()
	}
	*r = request{}
}

func grow(nodes int) *node {
	if nodes <= 0 {
		return nil
	}
	n := new(node)
	n.data[0] = int64(nodes)
	n.left, n.right = grow((nodes-1)/2), grow(nodes-1-(nodes-1)/2)
	return n
}

func plant(a *arena.Arena, nodes int) *node {
	if nodes <= 0 {
		return nil
	}
	n := arena.New[node](a)
	n.data[0] = int64(nodes)
	n.left, n.right = plant(a, (nodes-1)/2), plant(a, nodes-1-(nodes-1)/2)
	return n
}

func (n *node) sum() int64 {
	if n == nil {
		return 0
	}
	return n.data[0] + n.left.sum() + n.right.sum()
}
