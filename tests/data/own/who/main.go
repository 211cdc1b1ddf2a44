// Who: goroutines that each make as many values as nobody else, and say under which id.
package main

import (
	"arena"
	"fmt"
	"runtime"
	"strings"
	"sync"
)

func id() (text string) {
	trace := make([]byte, 64)
	text = string(trace[:runtime.Stack(trace, false)])
	return strings.Fields(text)[1]
}

func main() {
	var group sync.WaitGroup
	arenas := make([]*arena.Arena, 9)
	for g := range arenas {
		group.Add(1)
		go func(g int) {
			defer group.Done()
			arenas[g] = arena.NewArena()
			for i := 0; i <= g; i++ {
				arena.New[int](arenas[g])
				runtime.Gosched()
			}
			fmt.Println(id(), g+1)
		}(g)
	}
	group.Wait()
	for _, a := range arenas {
		a.Free()
	}
}
