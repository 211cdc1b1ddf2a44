// Command costs measures what values, arenas, chunks, collections and pools cost in this Go on this machine, and prints
// a line of JSON for each part: {"part": NAME, "of": [what], "ns": N}. All times are of the processor (user and
// system, all threads, the collector's included), the least of some rounds.
//
//	costs ROUNDS
package main

import (
	"arena"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/trace"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"unsafe"
)

const (
	kib     = 1 << 10
	mib     = 1 << 20
	ballast = 32 * mib // live, without pointers: a cycle each 32 MiB that marks next to nothing
	spent   = 96 * mib // bytes allocated in a round
)

var (
	rounds = 5
	live   []byte
	out    = json.NewEncoder(os.Stdout)
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "hold" {
		hold()
		return
	}
	if len(os.Args) > 1 {
		var err error
		if rounds, err = strconv.Atoi(os.Args[1]); err != nil || rounds < 1 {
			fmt.Fprintln(os.Stderr, "costs: ROUNDS must be a number from 1 on")
			os.Exit(2)
		}
	}
	say("base KiB", status("VmHWM:"))
	holds()
	debug.SetGCPercent(100)
	live = make([]byte, ballast)
	runtime.GC()
	values()
	slices()
	requests()
	pools()
	traced()
	live = nil
	cycles()
}

func say(part string, ns float64, of ...any) {
	if out.Encode(map[string]any{"part": part, "of": of, "ns": ns}) != nil {
		os.Exit(1)
	}
}

// least returns the least processor time of one of n things over the rounds, in ns.
func least(n int, do func()) float64 {
	best := int64(1) << 62
	for round := 0; round < rounds; round++ {
		start := processor()
		do()
		best = min(best, processor()-start)
	}
	return float64(best) / float64(n)
}

// values: each kind on a heap that is collected as it fills, and in a chunk that is there.
func values() {
	for _, k := range kinds {
		n := spent / max(k.bytes, 16)
		say("heap value", least(n, func() { k.heap(n) }), k.bytes, k.pointers)
		say("arena value", inChunk(4*mib/k.bytes, k.arena), k.bytes, k.pointers)
	}
	for _, size := range []int{4 * kib, 32 * kib, 128 * kib, mib} {
		n := 5 * spent / size
		say("heap value", least(n, func() {
			for i := 0; i < n; i++ {
				touch(make([]byte, size))
			}
		}), size, false)
	}
}

// touch writes to each page, as its owner will: the kernel gives a fresh page only then.
func touch(of []byte) {
	for i := 0; i < len(of); i += 4 * kib {
		of[i] = 1
	}
	sink = unsafe.Pointer(unsafe.SliceData(of))
}

// inChunk times n values in half of a chunk that is there, many times over.
func inChunk(n int, fill func(a *arena.Arena, n int)) float64 {
	a := arena.NewArena()
	defer a.Free()
	best := int64(1) << 62
	for round := 0; round < 2*rounds; round++ {
		for chunk := chunkOf(a); chunkOf(a) == chunk; { // until another one begins
		}
		start := processor()
		fill(a, n)
		best = min(best, processor()-start)
	}
	return float64(best) / float64(n)
}

// slices: MakeSlice writes pointer bits element by element; without pointers it writes none.
func slices() {
	for _, length := range []int{1, 4, 16, 64, 256} {
		length := length
		say("arena slice of pointers", inChunk(2*mib/(8*length), func(a *arena.Arena, n int) {
			for ; n > 0; n-- {
				sink = unsafe.Pointer(unsafe.SliceData(arena.MakeSlice[*int](a, length, length)))
			}
		}), length)
		say("arena slice of bytes", inChunk(2*mib/(8*length), func(a *arena.Arena, n int) {
			for ; n > 0; n-- {
				sink = unsafe.Pointer(unsafe.SliceData(arena.MakeSlice[byte](a, 8*length, 8*length)))
			}
		}), length)
	}
}

// requests: an arena whose chunk comes from the reuse list, and what a chunk costs that is filled and freed.
func requests() {
	const count = 200_000
	say("arena", least(count, func() {
		for i := 0; i < count; i++ {
			arena.NewArena().Free()
		}
	}))
	a := arena.NewArena()
	used := 0.0 // values of 1 MiB in a chunk; since Go 1.22 a chunk keeps its pointer bits, so seven
	chunk := chunkOf(a)
	for chunkOf(a) == chunk {
	}
	for chunk, used = chunkOf(a), 2; chunkOf(a) == chunk; used++ {
	}
	a.Free()
	const values = 512
	say("chunk", used*least(values, func() {
		for i := 0; i < values; i++ {
			a := arena.NewArena()
			chunkOf(a)
			a.Free()
		}
	}))
}

func chunkOf(a *arena.Arena) uintptr {
	sink = unsafe.Pointer(arena.New[[mib]byte](a))
	return uintptr(sink) >> 23
}

// pools: Get and Put of one value.
func pools() {
	pool := sync.Pool{New: func() any { return new(p48) }}
	const count = 2_000_000
	say("pool", least(count, func() {
		for i := 0; i < count; i++ {
			v := pool.Get().(*p48)
			sink = unsafe.Pointer(v)
			pool.Put(v)
		}
	}))
}

// holds: what a process holds at most that builds 32 MiB of live values and no more.
func holds() {
	said, err := exec.Command(os.Args[0], "hold").Output()
	if err != nil {
		panic(err)
	}
	fmt.Print(string(said))
}

func hold() {
	root := grow[[4]int64](nil, ballast/48)
	runtime.GC()
	say("held KiB", status("VmHWM:"), ballast)
	runtime.KeepAlive(root)
}

// traced: what it costs that an execution trace notes a value, Go 1.23 or later, its end included.
func traced() {
	n := spent / 48
	make48 := func() {
		for i := 0; i < n; i++ {
			sink = unsafe.Pointer(new(p48))
		}
	}
	without := least(n, make48)
	if os.Setenv("GODEBUG", "traceallocfree=1") != nil || trace.Start(io.Discard) != nil {
		os.Exit(1)
	}
	with := least(n, make48)
	trace.Stop()
	say("traced value", max(0, with-without))
}

// processor returns the processor time of the whole process so far, in ns.
func processor() int64 {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err)
	}
	return used.Utime.Nano() + used.Stime.Nano()
}

// status returns a number of KiB from what the kernel says of this process.
func status(name string) float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), name)
	var kib float64
	if _, err := fmt.Sscan(after, &kib); err != nil {
		return 0
	}
	return kib
}
