// Command pairs holds programs in two forms that differ in one thing: where a request's values live, on the heap or in a
// user arena that is freed at the request's end. It prints one line of JSON: what the run took.
//
//	pairs -work trees -on heap|arena [-requests N] [-trace FILE]
//
// Times are of the processor, all threads and the collector's work included. With -trace the requests are regions of
// an execution trace; run it with GODEBUG=traceallocfree=1 to have the allocations in it.
package main

import (
	"arena"
	"context"
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"runtime/trace"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"unsafe"

	"arenalab.example/internal/used"
)

// A program answers the n-th request with values in a, or on the heap where a is nil, and returns a sum that does not
// depend on which.
type program struct {
	answer   func(a *arena.Arena, n int) int
	requests int
	live     int // MiB that stay alive beside the requests
	workers  int // goroutines that answer requests, each with one under way
}

var programs = map[string]program{
	"trees":    {trees, 10_000, 32, 1},
	"json":     {parseJSON, 24_000, 16, 1},
	"graph":    {graph, 6_000, 8, 1},
	"lru":      {lru, 8_000, 32, 1},
	"text":     {text, 30_000, 4, 1},
	"wire":     {wire, 60_000, 16, 1},
	"slices":   {slices, 1_500, 32, 1},
	"tiny":     {tiny, 2_000_000, 32, 1},
	"sessions": {session, 2_000, 16, 16},
}

type node struct {
	left, right *node
	data        [4]int64
}

var (
	cache   *node
	replies [256][]byte // what outlives its request, in either form on the heap
	sums    atomic.Int64
)

// reply keeps what a request answered until 256 others have.
func reply(n, length int) {
	answer := make([]byte, length)
	answer[0] = byte(n)
	replies[n%len(replies)] = answer
}

func main() {
	work := flag.String("work", "", "which program: "+strings.Join(names(), ", "))
	on := flag.String("on", "heap", "heap or arena")
	requests := flag.Int("requests", 0, "how many requests; 0: as many as take about a second")
	file := flag.String("trace", "", "write an execution trace of the requests")
	flag.Parse()
	chosen, known := programs[*work]
	if !known || *requests < 0 || (*on != "heap" && *on != "arena") {
		flag.Usage()
		os.Exit(2)
	}
	if *requests > 0 {
		chosen.requests = *requests
	}
	cache = grow(nil, chosen.live<<20/int(unsafe.Sizeof(node{})))
	runtime.GC()
	runtime.GC() // the first one's sweep is done
	stop := traced(*file)
	row := measured(chosen, *on)
	stop()
	row["work"], row["on"] = *work, *on
	runtime.KeepAlive(cache)
	if json.NewEncoder(os.Stdout).Encode(row) != nil {
		os.Exit(1)
	}
}

func names() (found []string) {
	for name := range programs {
		found = append(found, name)
	}
	sort.Strings(found)
	return found
}

func traced(file string) func() {
	if file == "" {
		return func() {}
	}
	out, err := os.Create(file)
	if err != nil {
		panic(err)
	}
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	return func() { trace.Stop(); out.Close() }
}

// measured answers all requests and returns what that took.
func measured(chosen program, on string) map[string]any {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := used.Processor()
	var done sync.WaitGroup
	for worker := 0; worker < chosen.workers; worker++ {
		done.Add(1)
		go func(first int) {
			defer done.Done()
			for n := first; n < chosen.requests; n += chosen.workers {
				sums.Add(int64(serve(chosen.answer, on == "arena", n)))
			}
		}(worker)
	}
	done.Wait()
	spent := used.Processor() - start
	runtime.ReadMemStats(&after)
	return map[string]any{
		"requests": chosen.requests, "live_mib": chosen.live, "workers": chosen.workers, "sum": sums.Load(),
		"cpu_ns": spent.Nanoseconds(), "cycles": after.NumGC - before.NumGC, "peak_kib": used.Peak(),
		"mallocs": after.Mallocs - before.Mallocs, "allocated": after.TotalAlloc - before.TotalAlloc,
	}
}

// serve answers one request, with an arena of its own or without.
func serve(answer func(*arena.Arena, int) int, arenas bool, n int) int {
	if trace.IsEnabled() {
		defer trace.StartRegion(context.Background(), "request").End()
	}
	if !arenas {
		return answer(nil, n)
	}
	a := arena.NewArena()
	defer a.Free()
	return answer(a, n)
}
