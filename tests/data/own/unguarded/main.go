// Four goroutines allocate so many values each from one arena; only "locked" guards it.
package main

import (
	"arena"
	"os"
	"strconv"
	"sync"
)

func main() {
	var wait sync.WaitGroup
	var guard sync.Mutex
	locked := os.Args[1] == "locked"
	values, _ := strconv.Atoi(os.Args[2])
	a := arena.NewArena()
	for g := 0; g < 4; g++ {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := 0; i < values; i++ {
				if locked {
					guard.Lock()
				}
				arena.New[[2]int](a)
				if locked {
					guard.Unlock()
				}
			}
		}()
	}
	wait.Wait()
}
