// Command audited makes fifty values in each of twenty scopes of four kinds, and keeps two of each. It never collects
// garbage itself.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/trace"
	"sync"
)

const scopes, each, kept = 20, 50, 2

type (
	ofTask    struct{ next *ofTask }
	ofRegion  struct{ next *ofRegion }
	ofRoutine struct{ next *ofRoutine }
	ofRequest struct{ next *ofRequest }
	ofPool    struct{ next *ofPool }
)

var (
	all  []any
	lock sync.Mutex
	pool sync.Pool
)

// keep keeps some of a scope's values.
func keep(n int, value any) {
	if n < kept {
		lock.Lock()
		all = append(all, value)
		lock.Unlock()
	}
}

func task() {
	_, ended := trace.NewTask(context.Background(), "request")
	defer ended.End()
	var list *ofTask
	for n := 0; n < each; n++ {
		list = &ofTask{list}
		keep(n, &ofTask{})
	}
}

func region() {
	trace.WithRegion(context.Background(), "build", func() {
		var list *ofRegion
		for n := 0; n < each; n++ {
			list = &ofRegion{list}
			keep(n, &ofRegion{})
		}
	})
}

func routine(done chan<- bool) {
	var list *ofRoutine
	for n := 0; n < each; n++ {
		list = &ofRoutine{list}
		keep(n, &ofRoutine{})
	}
	done <- true
}

// handle also leaves a value in a pool, which outlives the request.
func handle(w http.ResponseWriter, _ *http.Request) {
	var list *ofRequest
	for n := 0; n < each; n++ {
		list = &ofRequest{list}
		keep(n, &ofRequest{})
	}
	pool.Put(&ofPool{})
	fmt.Fprintln(w, "done")
}

func requests() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, http.HandlerFunc(handle))
	for n := 0; n < scopes; n++ {
		answer, err := http.Get("http://" + listener.Addr().String())
		if err != nil {
			panic(err)
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
}

func main() {
	done := make(chan bool)
	for n := 0; n < scopes; n++ {
		task()
		region()
		go routine(done)
		<-done
	}
	requests()
	fmt.Println("kept", len(all))
}
