// Ends in the way that it is told to, after arenas enough that the first notes are long gone.
package main

import (
	"arena"
	"os"
	"syscall"
)

type pair struct {
	next *pair
	n    int
}

var nowhere *pair

func main() {
	var freed *pair
	for i := 0; i < 400; i++ {
		a := arena.NewArena()
		freed = arena.New[pair](a)
		for j := 0; j < 4 && i == 399; j++ {
			arena.MakeSlice[byte](a, 2<<20, 2<<20)
		}
		a.Free()
	}
	switch os.Args[1] {
	case "os.Exit":
		os.Exit(7)
	case "panic":
		panic("enough")
	case "nil":
		println(nowhere.n)
	case "fault":
		println(freed.n)
	case "throw":
		// Nobody is left who could go on.
		select {}
	case "kill":
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case "exit":
		syscall.Exit(4)
	}
}
