// Command keeps traces itself while it runs tasks of 22 kinds. In each task three objects escape in the way of the kind,
// and five go the same way but come back before the task ends. It prints a line for each kind: its name, how
// many objects it kept, how many it dropped. With -audit each task ends with a collection; without, all kinds run at once
// while another goroutine collects.
//
//	keeps [-audit] out.trace
package main

import (
	"container/list"
	"context"
	"flag"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"runtime/trace"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const rounds, kept, dropped = 4, 3, 5

var audit = flag.Bool("audit", false, "collect garbage at each task's end")

type (
	stays struct {
		next  *stays
		value [4]int
	}
	goes struct {
		next  *goes
		value [4]int
	}
	grown struct {
		next  *grown
		value [3]int
	}
	failure struct{ what any }
	holder  struct{ field any }
)

func (f *failure) Error() string { return "failed" }
func (h *holder) method() any    { return h.field }

// The places in which objects outlive their task; each is used by the tasks of one kind alone.
var (
	globals   []any
	queue     = make(chan any, 1000)
	closures  []func() any
	cached    = map[string]*list.Element{}
	recent    = list.New()
	never     = make(chan bool)
	objects   sync.Pool // what one holds for good is gone after two collections, so they are taken out again
	reused    []any
	boxes     []any
	index     = map[int]any{}
	rescued   = make(chan any, 1000)
	parent, _ = context.WithCancel(context.Background())
	methods   []func() any
	errs      []error
	chain     = list.New()
	longLived = make([]holder, 1000)
	fields    int
	shared    sync.Map
	answers   []any
	insides   []*int
	slots     [1000]atomic.Pointer[holder]
	taken     int
	slices    [][]grown
	texts     []string
	sink      any
)

func background(object any, quit chan bool, done chan<- bool) {
	defer func() { sink = object; sink = nil; done <- true }()
	<-quit
}

// task runs something in a task of its own, and collects garbage as its last act if asked to.
func task(kind string, work func()) {
	_, task := trace.NewTask(context.Background(), kind)
	defer task.End()
	work()
	if *audit {
		runtime.GC()
		return
	}
	time.Sleep(time.Duration(rand.Intn(8000)) * time.Microsecond) // the other goroutine's collection may come, or not
}

//go:noinline
func run(kind string, keep, drop func(n int, object any)) {
	for round := 0; round < rounds; round++ {
		task(kind, func() {
			for i := 0; i < kept; i++ {
				keep(round*100+i, &stays{})
			}
			for i := 0; i < dropped; i++ {
				drop(round*100+50+i, &goes{})
			}
		})
	}
}

//go:noinline
func answer(n int) any {
	var found any
	task("returned", func() {
		found = &stays{}
		for i := 0; i < dropped; i++ {
			passes(&goes{})
		}
	})
	return found
}

// passes has an object go through a channel of its own.
func passes(object any) {
	inside := make(chan any, 1)
	inside <- object
	<-inside
}

func drop(_ int, object any) { passes(object) }

var kinds = []struct {
	name          string
	kept, dropped int
	run           func()
}{
	{"global", kept, dropped, func() {
		run("global", func(_ int, o any) { globals = append(globals, o) }, func(_ int, o any) {
			globals = append(globals, o)
			globals[len(globals)-1] = nil
			globals = globals[:len(globals)-1]
		})
	}},
	{"channel", kept, dropped, func() {
		run("channel", func(_ int, o any) { queue <- o }, drop)
	}},
	{"closure", kept, dropped, func() {
		run("closure", func(_ int, o any) { closures = append(closures, func() any { return o }) },
			func(_ int, o any) { func() { runtime.KeepAlive(o) }() })
	}},
	{"cache", kept, dropped, func() {
		run("cache", func(n int, o any) { cached[fmt.Sprint(n)] = recent.PushFront(o) }, func(n int, o any) {
			cached[fmt.Sprint(n)] = recent.PushFront(o)
			recent.Remove(cached[fmt.Sprint(n)])
			delete(cached, fmt.Sprint(n))
		})
	}},
	{"goroutine", kept, dropped, func() {
		run("goroutine", func(_ int, o any) { go background(o, never, nil) }, func(_ int, o any) {
			done := make(chan bool)
			go func() { runtime.KeepAlive(o); close(done) }()
			<-done
		})
	}},
	{"pool", kept, dropped, func() {
		run("pool", func(_ int, o any) { objects.Put(o); reused = append(reused, objects.Get()) }, drop)
	}},
	{"boxed", kept, dropped, func() {
		for round := 0; round < rounds; round++ {
			task("boxed", func() {
				for i := 0; i < kept; i++ {
					boxes = append(boxes, stays{value: [4]int{round, i}})
				}
				for i := 0; i < dropped; i++ {
					passes(goes{value: [4]int{round, i}})
				}
			})
		}
	}},
	{"mapped", kept, dropped, func() {
		run("mapped", func(n int, o any) { index[n] = o }, func(n int, o any) { index[n] = o; delete(index, n) })
	}},
	{"finalized", kept, dropped, func() {
		run("finalized", func(_ int, o any) {
			runtime.SetFinalizer(o.(*stays), func(o *stays) { rescued <- o })
		}, func(_ int, o any) {
			runtime.SetFinalizer(o.(*goes), func(o *goes) { rescued <- o })
			runtime.SetFinalizer(o.(*goes), nil)
		})
	}},
	{"contexts", kept, dropped, func() {
		run("contexts", func(_ int, o any) { context.AfterFunc(parent, func() { sink = o }) },
			func(_ int, o any) { context.AfterFunc(parent, func() { sink = o })() })
	}},
	{"timer", kept, dropped, func() {
		run("timer", func(_ int, o any) { time.AfterFunc(time.Hour, func() { sink = o }) },
			func(_ int, o any) { // one that is stopped stays in its P's heap for a while, and escapes
				done := make(chan bool)
				time.AfterFunc(0, func() { runtime.KeepAlive(o); close(done) })
				<-done
			})
	}},
	{"method", kept, dropped, func() {
		run("method", func(_ int, o any) { methods = append(methods, (&holder{o}).method) },
			func(_ int, o any) { f := (&holder{o}).method; f() })
	}},
	{"deferred", kept, dropped, func() {
		run("deferred", func(_ int, o any) {
			go func() { defer func() { sink = o }(); <-never }()
		}, func(_ int, o any) { defer func() { runtime.KeepAlive(o) }() })
	}},
	{"wrapped", kept, dropped, func() {
		run("wrapped", func(n int, o any) { errs = append(errs, fmt.Errorf("%d: %w", n, &failure{o})) },
			func(n int, o any) { _ = fmt.Errorf("%d: %w", n, &failure{o}).Error() })
	}},
	{"linked", kept, dropped, func() {
		run("linked", func(_ int, o any) { chain.PushBack(o) }, func(_ int, o any) { chain.Remove(chain.PushBack(o)) })
	}},
	{"field", kept, dropped, func() {
		run("field", func(_ int, o any) { longLived[fields].field = o; fields++ },
			func(_ int, o any) { longLived[fields].field = o; longLived[fields].field = nil })
	}},
	{"syncMap", kept, dropped, func() {
		run("syncMap", func(n int, o any) { shared.Store(n, o) },
			func(n int, o any) { shared.Store(n, o); shared.Delete(n) })
	}},
	{"returned", 1, dropped, func() {
		for round := 0; round < rounds; round++ {
			answers = append(answers, answer(round))
		}
	}},
	{"interior", kept, dropped, func() {
		run("interior", func(_ int, o any) { insides = append(insides, &o.(*stays).value[2]) },
			func(_ int, o any) { p := &o.(*goes).value[2]; *p++ })
	}},
	{"atomics", kept, dropped, func() {
		run("atomics", func(_ int, o any) { slots[taken].Store(&holder{o}); taken++ },
			func(_ int, o any) { slots[taken].Store(&holder{o}); slots[taken].Store(nil) })
	}},
	{"grown", 1, 3, func() { // a slice that grows to 5 is moved from 1 to 2 to 4 to 8: four arrays, of which one stays
		for round := 0; round < rounds; round++ {
			task("grown", func() {
				var slice []grown
				for i := 0; i < 5; i++ {
					slice = append(slice, grown{})
				}
				slices = append(slices, slice)
			})
		}
	}},
	{"text", kept, dropped, func() { // its bytes have no type: 1280 bytes stay, 1408 go
		for round := 0; round < rounds; round++ {
			task("text", func() {
				for i := 0; i < kept; i++ {
					texts = append(texts, strings.Repeat("x", 1280)[round:round+1])
				}
				for i := 0; i < dropped; i++ {
					runtime.KeepAlive(strings.Repeat("x", 1408)[1:])
				}
			})
		}
	}},
}

func main() {
	flag.Parse()
	out, err := os.Create(flag.Arg(0))
	if err != nil {
		panic(err)
	}
	defer out.Close()
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var done sync.WaitGroup
	for i := range kinds {
		if *audit {
			kinds[i].run()
			continue
		}
		done.Add(1)
		go func(i int) { defer done.Done(); kinds[i].run() }(i)
	}
	stopped := make(chan bool)
	if !*audit {
		finished := make(chan bool)
		go func() {
			defer close(stopped)
			for {
				select {
				case <-finished:
					return
				default:
					runtime.GC()
				}
			}
		}()
		done.Wait()
		close(finished)
		<-stopped
	}
	for i := 0; i < 3; i++ {
		runtime.GC()
	}
	runtime.ReadMemStats(&after)
	trace.Stop()
	fmt.Println("allocated", after.Mallocs-before.Mallocs, after.Frees-before.Frees)
	for _, each := range kinds {
		fmt.Println(each.name, rounds*each.kept, rounds*each.dropped)
	}
	for _, each := range []any{globals, queue, closures, cached, recent, reused, boxes, index, rescued, methods, errs, chain, longLived, answers, insides, slices, texts} {
		runtime.KeepAlive(each)
	}
}
