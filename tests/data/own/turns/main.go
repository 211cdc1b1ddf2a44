// Changes a setting while it runs, and asks for another without changing it.
package main

import (
	"arena"
	"math"
	"os"
	"runtime/debug"
)

func main() {
	debug.SetMemoryLimit(-1)
	arena.NewArena().Free()
	if len(os.Args) > 1 {
		debug.SetGCPercent(50)
		debug.SetMemoryLimit(math.MaxInt64 - 1)
	}
}
