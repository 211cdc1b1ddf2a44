// Starts itself twice and works beside its children; with "elsewhere" it leaves the work to them.
package main

import (
	"arena"
	"os"
	"os/exec"
)

func work() {
	for i := 0; i < 30; i++ {
		a := arena.NewArena()
		arena.New[[3]*int](a)
		a.Free()
	}
}

func main() {
	beside := len(os.Args) == 1
	if !beside && os.Args[1] == "child" {
		work()
		return
	}
	one, two := exec.Command(os.Args[0], "child"), exec.Command(os.Args[0], "child")
	if one.Start() != nil || two.Start() != nil {
		os.Exit(1)
	}
	if beside {
		work()
	}
	one.Wait()
	two.Wait()
}
