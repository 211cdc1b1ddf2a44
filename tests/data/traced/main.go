// Command traced makes nodes, 1,000 on its first goroutine and 500 on another one, and ends in the way that it is told.
package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime/trace"
	"time"
)

type node struct {
	next  *node
	value int
}

var kept []*node

func work(n int) {
	for i := 0; i < n; i++ {
		kept = append(kept, &node{nil, i})
	}
}

func main() {
	how := os.Args[1]
	work(1000)
	done := make(chan bool)
	go func() {
		work(500)
		done <- true
	}()
	<-done
	ends[how]()
	fmt.Println("made", len(kept))
}

var ends = map[string]func(){
	"return": func() {},
	"exit":   func() { os.Exit(3) },
	"panic":  func() { panic("as told") },
	"fault": func() {
		go func() { kept[0].next.value = 1 }()
		time.Sleep(time.Minute)
	},
	"throw": func() {
		m := map[int]int{}
		for i := 0; i < 8; i++ {
			go func() {
				for {
					m[1]++
				}
			}()
		}
		time.Sleep(time.Minute)
	},
	"sleep": func() { time.Sleep(time.Minute) },
	"drain": func() {
		asked := make(chan os.Signal, 1)
		signal.Notify(asked, os.Interrupt)
		fmt.Println("ready")
		<-asked
		work(100)
		os.Exit(4)
	},
	"kill": func() {
		work(200_000)
		self, _ := os.FindProcess(os.Getpid())
		self.Kill()
		time.Sleep(time.Minute)
	},
	"much": func() { work(400_000) },
	"read": func() {
		text, _ := io.ReadAll(os.Stdin)
		fmt.Println("read", len(text), os.Getenv("TOLD"))
	},
	"child": func() { exec.Command(os.Args[0], "return").Run() },
	"own":   func() { fmt.Println(trace.Start(io.Discard)) },
}
