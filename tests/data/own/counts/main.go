// Counts what Go says of its heap, around two collections, for comparison.
package main

import (
	"arena"
	"encoding/json"
	"os"
	"runtime"
)

var kept [][]byte

func main() {
	runtime.GC()
	a := arena.NewArena()
	for i := 0; i < 64; i++ {
		large := make([]byte, 1<<20)
		for at := range large {
			large[at] = 1 // or it is not resident
		}
		kept = append(kept, large)
		arena.MakeSlice[byte](a, 1<<17, 1<<17)[7] = 1
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	runtime.GC()
	runtime.ReadMemStats(&after)
	json.NewEncoder(os.Stdout).Encode([]runtime.MemStats{before, after})
	a.Free()
}
