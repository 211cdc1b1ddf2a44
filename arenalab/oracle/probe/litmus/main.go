// Litmus performs one short program, and prints what each of its operations found.
//
// The program is one argument, JSON: its operations by goroutine. All that it does to arenas goes
// through package arena; the runtime is asked only to hold a collection where the program says so.
// A program that dies has printed what it had found by then. Late pointers are kept as integers,
// so that the collector knows of those only that the program holds.
package main

import (
	"arena"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"unsafe"
)

// An asked is one operation: its number in the program, its name, its arguments.
type asked struct {
	I            int
	Op           string
	Arena        int
	From, To     int
	Type         int
	N, Cap       int
	Object       int
	Offset       uintptr
	Value        uint64
	Hold, Weak   int
	Kind         string
	Len          int
	Copied       bool
	PanicOnFault bool `json:"panic_on_fault"`
}

// A program is what main performs first, what goroutines perform beside one another, and what
// main performs when they have ended. Copies says that the program keeps a copy of each Arena value.
type program struct {
	Copies bool
	First  []asked
	Beside [][]asked
	Last   []asked
}

func main() {
	var p program
	if err := json.Unmarshal([]byte(os.Args[1]), &p); err != nil {
		panic(err)
	}
	keepCopies = p.Copies
	warmUp()
	for i := range p.First {
		try(&p.First[i])
	}
	var start, ended sync.WaitGroup
	start.Add(1)
	for _, mine := range p.Beside {
		ended.Add(1)
		go perform(mine, &start, &ended)
	}
	start.Done()
	ended.Wait()
	for i := range p.Last {
		try(&p.Last[i])
	}
	say("end")
}

// warmUp runs a few collections: what the start left is gone, the finalizer goroutine is there.
func warmUp() {
	runtime.SetFinalizer(new([4]uintptr), func(*[4]uintptr) {})
	for i := 0; i < 3; i++ {
		runtime.GC()
		runtime.ArenalabWaitFinalizers()
	}
}

// perform has one goroutine do its operations; now and then it lets the others overtake.
func perform(mine []asked, start, ended *sync.WaitGroup) {
	defer ended.Done()
	start.Wait()
	for i := range mine {
		dawdle()
		try(&mine[i])
	}
}

// dawdle takes from no time at all to some milliseconds, and lets others have the processor now and then.
func dawdle() {
	if rand.Intn(2) == 0 {
		runtime.Gosched()
	}
	for n := rand.Intn(64) << rand.Intn(12); n > 0; n-- {
		spin(200)
	}
}

//go:noinline
func spin(n int) (sum int) {
	for i := 0; i < n; i++ {
		sum += i
	}
	return sum
}

// try performs an operation and prints what it found, or the panic that it recovered from.
func try(a *asked) {
	defer func() {
		if caught := recover(); caught != nil {
			say(strconv.Itoa(a.I) + " panic: " + fmt.Sprint(caught) + elsewhere(caught, a))
		}
	}()
	debug.SetPanicOnFault(a.PanicOnFault)
	say(strconv.Itoa(a.I) + " begins")
	if touches(a) {
		say(strconv.Itoa(a.I) + " touches " + strconv.FormatUint(uint64(address(a)), 16))
	}
	say(strconv.Itoa(a.I) + " " + do(a))
}

func touches(a *asked) bool { return a.Op == "read" || a.Op == "write" || a.Op == "clone" }

// elsewhere says so when a fault was at another address than the one that was touched.
func elsewhere(caught any, a *asked) string {
	if fault, is := caught.(interface{ Addr() uintptr }); is && touches(a) && fault.Addr() != address(a) {
		return " at " + strconv.FormatUint(uint64(fault.Addr()), 16)
	}
	return ""
}

// say writes a line at once, so that nothing found is lost when the program dies.
func say(line string) { os.Stdout.WriteString(line + "\n") }

// What the program has. Addresses of values are integers: they keep nothing alive.
var (
	arenas     [64]*arena.Arena
	copies     [64]arena.Arena // of Arena values, as they were before Free
	keepCopies bool
	last       [64]uintptr   // value that an arena placed last
	slot       [64]uintptr   // first pointer word of its last value with pointers
	rows       [4096]uintptr // values, in the order of making
	rowsLen    int
	holds      [64]unsafe.Pointer
	clones     []any // what Clone made stays alive
)

const done = "done"

// handle returns the arena that an operation names: -1 is nil, -2 the zero value.
func handle(a *asked) *arena.Arena {
	switch {
	case a.Arena == -1:
		return nil
	case a.Arena == -2:
		return new(arena.Arena)
	case a.Copied:
		copied := copies[a.Arena] // as a function has it that was given the Arena value
		return &copied
	}
	return arenas[a.Arena]
}

func do(a *asked) string {
	switch a.Op {
	case "new_arena":
		arenas[a.Arena] = arena.NewArena()
		if keepCopies {
			copies[a.Arena] = *arenas[a.Arena]
		}
	case "new":
		return placed(a, kinds[a.Type].value(handle(a)), 1)
	case "slice":
		return placed(a, kinds[a.Type].slice(handle(a), a.Cap), a.Cap)
	case "rep":
		for i := 0; i < a.N; i++ {
			placed(a, kinds[a.Type].value(handle(a)), 1)
		}
	case "free":
		handle(a).Free()
	case "drop":
		arenas[a.Arena] = nil
	case "hold":
		holds[a.Hold] = at(last[a.Arena])
	case "unhold":
		holds[a.Hold] = nil
	case "link":
		*(*unsafe.Pointer)(at(slot[a.From])) = at(last[a.To])
	case "write":
		store(address(a), a.Value)
	case "read":
		return strconv.FormatUint(load(address(a)), 10)
	case "clone":
		return clone(a)
	case "set_finalizer":
		kinds[a.Type].finalize(at(address(a)))
	case "pin":
		new(runtime.Pinner).Pin(at(address(a)))
	default:
		return later(a)
	}
	return done
}
