// Surroundings prints, for one build mode and one GOGC, what a small program with
// user arenas sees: where its values are, and how many cycles its arenas start.
// It uses the public API alone, so any build of any Go that has arenas can run it.
package main

import (
	"arena"
	"encoding/json"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"time"
	"unsafe"
)

const chunk = 8 << 20

type quarter [2 << 20]byte

func main() {
	if len(os.Args) > 1 && os.Args[1] == "cycles" {
		row := map[string]any{"case": os.Args[2], "gogc": atoi(os.Args[3]), "cycles": cycles(4)}
		row["globals"], row["stack"] = metric("/gc/scan/globals:bytes"), metric("/gc/scan/stack:bytes")
		print(row)
		return
	}
	debug.SetGCPercent(-1)
	print(map[string]any{"case": os.Args[2], "build": os.Args[3], "places": places()})
}

// places carves an int and four quarters of a chunk, frees, and asks a second
// arena for an int: [chunk, offset] of each, chunks counted from the first one.
func places() [][2]int {
	a := arena.NewArena()
	addrs := []uintptr{uintptr(unsafe.Pointer(arena.New[int](a)))}
	for i := 0; i < 4; i++ {
		addrs = append(addrs, uintptr(unsafe.Pointer(arena.New[quarter](a))))
	}
	a.Free()
	addrs = append(addrs, uintptr(unsafe.Pointer(arena.New[int](arena.NewArena()))))
	base := addrs[0] &^ (chunk - 1)
	found := make([][2]int, len(addrs))
	for i, addr := range addrs {
		found[i] = [2]int{int(addr-base) / chunk, int(addr-base) % chunk}
	}
	return append(found, [2]int{-1, int(base)})
}

// cycles makes n arenas and counts the collector's cycles after each of them.
func cycles(n int) []uint32 {
	var stats runtime.MemStats
	var counts []uint32
	var kept []*arena.Arena
	for i := 0; i < n; i++ {
		kept = append(kept, arena.NewArena())
		time.Sleep(50 * time.Millisecond) // a cycle that began ends in much less
		runtime.ReadMemStats(&stats)
		counts = append(counts, stats.NumGC)
	}
	runtime.KeepAlive(kept)
	return counts
}

// metric returns one of the runtime's numbers. What globals and stacks weigh decides,
// beside the heap, when the next cycle starts.
func metric(name string) uint64 {
	asked := []metrics.Sample{{Name: name}}
	metrics.Read(asked)
	return asked[0].Value.Uint64()
}

func atoi(text string) int {
	var n int
	if json.Unmarshal([]byte(text), &n) != nil {
		panic("not a number: " + text)
	}
	return n
}

func print(row map[string]any) {
	if json.NewEncoder(os.Stdout).Encode(row) != nil {
		os.Exit(1)
	}
}
