// Command plain is an ordinary program without arenas that traces itself: two goroutines answer requests, each a task,
// and every tenth request's tree is kept: its 31 nodes and 16 strings. Every fourth request ends with a collection.
// Run it with GODEBUG=traceallocfree=1; it prints what runtime.MemStats counted meanwhile: objects allocated and freed.
//
//	plain out.trace [requests]
package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"runtime/trace"
	"strconv"
	"strings"
	"sync"
	"time"
)

type node struct {
	left, right *node
	key         string
	value       int
}

// page has pointers and more than 512 bytes: since Go 1.22 its slot begins with a header.
type page struct {
	root *node
	text [600]byte
}

var (
	requests = 40
	kept     []*node
)

func tree(depth int) *node {
	if depth == 0 {
		return &node{key: strings.Repeat("k", 20)}
	}
	return &node{left: tree(depth - 1), right: tree(depth - 1), value: depth}
}

//go:noinline
func render(root *node) *page {
	return &page{root: root}
}

//go:noinline
func build(n int) {
	root := render(tree(4)).root
	if n%10 == 0 {
		kept[n] = root
	}
	_ = fmt.Sprintf("answer %d", root.value)
}

func answer(n, every int) {
	ctx, task := trace.NewTask(context.Background(), "request")
	defer task.End()
	trace.WithRegion(ctx, "build", func() { build(n) })
	if n%every < 2 {
		runtime.GC()
	}
}

func work(first, every int, done *sync.WaitGroup) {
	defer done.Done()
	for n := first; n < requests; n += 2 {
		answer(n, every)
	}
}

// count waits until the sweeper is done and its events' stamps, which run ahead of the clock, lie behind.
func count(stats *runtime.MemStats) {
	time.Sleep(20 * time.Millisecond)
	runtime.ReadMemStats(stats)
}

func main() {
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	every := 8
	if len(os.Args) > 2 {
		if requests, err = strconv.Atoi(os.Args[2]); err != nil {
			panic(err)
		}
		every = requests // a collection for each goroutine's first request alone
	}
	kept = make([]*node, requests)
	var before, after runtime.MemStats
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	count(&before)
	var done sync.WaitGroup
	done.Add(2)
	go work(0, every, &done)
	go work(1, every, &done)
	done.Wait()
	count(&after)
	trace.Stop()
	fmt.Println(after.Mallocs-before.Mallocs, after.Frees-before.Frees)
}
