// The recorder: performs a list of arena operations, read from standard input,
// and prints what the runtime then held, one JSON value a line.
//
// It must not disturb what it measures. So after the warm-up nothing here
// allocates: all memory is in the variables of this package, which hold no
// pointers but for the handles and the holds, and output is written by raw
// system calls that the scheduler does not see.
package main

import (
	"arena"
	"runtime"
	"syscall"
	"unsafe"
)

const (
	maxArenas = 1 << 16
	maxHolds  = 1 << 12
	maxChunks = 1 << 10
	maxTypes  = 1 << 10
	maxVisits = 1 << 12
)

func main() {
	facts := runtime.ArenalabReadFacts()
	if facts.Percent >= 0 || facts.Procs != 1 || !facts.PreemptOff {
		fail("run with GOGC=off GOMAXPROCS=1 GODEBUG=asyncpreemptoff=1")
	}
	runtime.ArenalabKeepQuiet()
	readInput()
	warmUp()
	readHeader()
	printTypes()
	runtime.ArenalabCounters(&atStart)
	printStart(facts)
	ops := 0
	for nextLine() {
		perform(ops)
		ops++
	}
	text(`{"end":{"ops":`).integer(ops).text(`,"chunks":`).integer(chunks).text("}}\n")
	flush()
}

// warmUp runs what a recording will run, so that the goroutines, stacks and
// descriptors the runtime makes on first use are there before the start values.
func warmUp() {
	runtime.SetFinalizer(finalizable, func(*[4]uintptr) {}) // starts the finalizer goroutine
	growStack(0)
	runtime.ArenalabHoldMark()
	runtime.ArenalabEndMark()
	runtime.ArenalabSweepAll()
	for i := 0; i < 3; i++ {
		if i == 2 && manyHandles() {
			fillSpans() // what dies in a start was collected; the last collection counts what this fills
		}
		runtime.GC()
		runtime.ArenalabWaitFinalizers()
	}
	growStack(0)
}

// As many handles as this share the first span with whatever others have there.
const fewHandles = 128

// manyHandles says whether the operations make more arenas than that.
func manyHandles() bool {
	asked := 0
	for i := 1; i < inputLen; i++ {
		if input[i-1] == '\n' && input[i] == 'A' {
			asked++
		}
	}
	return asked > fewHandles
}

// A filler is as large as a handle, and has pointers as it has.
type filler struct {
	next *filler
	_    [5]uintptr
}

// fillSpans fills the spans in which others have objects of a handle's class, and one whole
// span besides, so that the first handle is the first object of its span.
func fillSpans() {
	var inOrder uintptr
	for {
		fillers = &filler{next: fillers}
		var s runtime.ArenalabSpan
		runtime.ArenalabReadSpan(runtime.ArenalabSpanOf(uintptr(unsafe.Pointer(fillers))), &s)
		switch (uintptr(unsafe.Pointer(fillers)) - s.Base) / s.ElemSize {
		case 0:
			inOrder = 1
		case inOrder:
			inOrder++
		default:
			inOrder = 0
		}
		if inOrder == s.Elems {
			return
		}
	}
}

//go:noinline
func growStack(depth int) byte {
	var room [1024]byte
	if depth < 12 {
		room[depth] = growStack(depth + 1)
	}
	return room[depth]
}

// The handles and holds are the only pointers this program keeps while it performs.
var (
	fillers     *filler
	handles     [maxArenas]*arena.Arena
	holds       [maxHolds]unsafe.Pointer
	finalizable = new([4]uintptr)                           // never finalized
	neighbours  = [3]**int{new(*int), new(*int), new(*int)} // as many as fmt would leave
)

func fail(message string) {
	text(`{"error":"`).text(message).text(`","line":`).integer(line).text("}\n")
	flush()
	exit(3)
}

func exit(code uintptr) {
	for {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, code, 0, 0)
	}
}
