// Runs until it gets a signal: "drains" then finishes what is open, "deaf" never listens, "plain" is ended by it.
package main

import (
	"arena"
	"fmt"
	"os"
	"os/signal"
	"time"
)

func main() {
	stop := make(chan os.Signal, 9)
	switch os.Args[1] {
	case "drains":
		signal.Notify(stop, os.Interrupt)
	case "deaf":
		signal.Ignore(os.Interrupt)
	}
	for round := 0; ; round++ {
		a := arena.NewArena()
		arena.New[[4]int](a)
		a.Free()
		if round == 3 {
			fmt.Println("ready")
		}
		select {
		case <-stop:
			time.Sleep(400 * time.Millisecond)
			last := arena.NewArena()
			arena.New[[5]string](last)
			last.Free()
			fmt.Println("drained")
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
}
