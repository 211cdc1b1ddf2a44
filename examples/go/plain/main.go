// Command plain is an ordinary program without arenas that traces itself: two goroutines answer requests, each a task,
// and every tenth request's tree is kept. Run it with GODEBUG=traceallocfree=1; it prints what runtime.MemStats counted
// meanwhile: objects allocated and freed.
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/trace"
	"strings"
	"sync"
)

const requests = 40

type node struct {
	left, right *node
	key         string
	value       int
}

var kept [requests]*node

func tree(depth int) *node {
	if depth == 0 {
		return &node{key: strings.Repeat("k", 20)}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1), value: depth}
}

func answer(n int) {
	ctx, task := trace.NewTask(context.Background(), "request")
	defer task.End()
	trace.WithRegion(ctx, "handle", func() {
		root := tree(4)
		if n%10 == 0 {
			kept[n] = root
		}
		_ = fmt.Sprintf("answer %d", root.value)
	})
}

func work(first int, done *sync.WaitGroup) {
	defer done.Done()
	for n := first; n < requests; n += 2 {
		answer(n)
		if n%8 < 2 {
			runtime.GC()
		}
	}
}

func main() {
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	var done sync.WaitGroup
	done.Add(2)
	go work(0, &done)
	go work(1, &done)
	done.Wait()
	trace.Stop()
	runtime.ReadMemStats(&after)
	fmt.Println(after.Mallocs-before.Mallocs, after.Frees-before.Frees)
}
