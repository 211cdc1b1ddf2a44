// Realgo performs a trace with real user arenas and prints the processor time that took, in nanoseconds: that of the
// thread that performs it, then that of all threads, the collector's among them.
//
// Usage: realgo trace ROWS   performs every row, from the first chunk on: chunks are mapped, faulted in, zeroed.
//
//	realgo bump ROWS    performs the trace's first allocations again and again in a chunk that is there.
//
// ROWS holds 15 bytes a row, little-endian: operation (1), user arena (4), type (2), n (8).
package main

import (
	"arena"
	"encoding/binary"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"
	"unsafe"
)

const rowBytes = 15

// The codes that traces use; see KINDS in arenalab/replay/trace.py.
const (
	opNew = iota
	opSlice
	opRep
	opNewArena
	opFree
	opDrop
	opHold
	opUnhold
	opLink
	opGC
)

// pooled makes values of one type; pool.go, which is generated, has one entry for each type of a trace.
type pooled struct {
	one  func(*arena.Arena) unsafe.Pointer
	many func(*arena.Arena, int) unsafe.Pointer
}

type row struct {
	op, kind int
	number   int
	n        int
}

var holds [64]unsafe.Pointer

func main() {
	runtime.LockOSThread()
	debug.SetGCPercent(-1)
	rows, arenas := read(os.Args[2])
	if os.Args[1] == "bump" {
		fmt.Println(bump(rows))
		return
	}
	live, last := make([]*arena.Arena, arenas), make([]unsafe.Pointer, arenas)
	runtime.GC()
	alone, all := now(thread), now(process)
	perform(rows, live, last)
	fmt.Println((now(thread) - alone).Nanoseconds(), (now(process) - all).Nanoseconds())
}

const (
	process = 0 // RUSAGE_SELF
	thread  = 1 // RUSAGE_THREAD
)

// now returns the processor time of this thread or process: other programs on the machine don't count.
func now(whose int) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(whose, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func perform(rows []row, live []*arena.Arena, last []unsafe.Pointer) {
	for i := range rows {
		r := &rows[i]
		switch r.op {
		case opNew:
			last[r.number] = pool[r.kind].one(live[r.number])
		case opSlice:
			last[r.number] = pool[r.kind].many(live[r.number], r.n)
		case opNewArena:
			live[r.number] = arena.NewArena()
		case opFree:
			live[r.number].Free()
			live[r.number], last[r.number] = nil, nil
		case opDrop:
			live[r.number], last[r.number] = nil, nil
		case opHold:
			holds[r.n%len(holds)] = last[r.number]
		case opLink: // one pointer store; where it goes does not matter for the time
			holds[0] = last[r.number]
		case opGC:
			runtime.GC()
		default:
			panic(fmt.Sprintf("row %d: operation %d is not timed", i, r.op))
		}
	}
}

// bump returns the nanoseconds of one allocation in a chunk that is mapped, zeroed and has room.
func bump(rows []row) float64 {
	var plain []row
	for total := uintptr(0); len(rows) > 0; rows = rows[1:] {
		if rows[0].op == opNew {
			total += 256
			if total > 7<<20 || len(plain) == 20000 {
				break
			}
			plain = append(plain, rows[0])
		}
	}
	best := time.Duration(1 << 62)
	for round := 0; round < 20; round++ {
		a := arena.NewArena()
		live, last := []*arena.Arena{a}, make([]unsafe.Pointer, 1)
		for i := range plain {
			plain[i].number = 0
		}
		start := time.Now() // a round is too short for the processor's clock; the best of many will do
		perform(plain, live, last)
		best = min(best, time.Since(start))
		a.Free()
	}
	return float64(best.Nanoseconds()) / float64(len(plain))
}

func read(path string) (rows []row, arenas int) {
	raw, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	rows = make([]row, len(raw)/rowBytes)
	for i := range rows {
		b := raw[i*rowBytes:]
		rows[i] = row{
			op:     int(b[0]),
			number: int(int32(binary.LittleEndian.Uint32(b[1:]))),
			kind:   int(binary.LittleEndian.Uint16(b[5:])),
			n:      int(int64(binary.LittleEndian.Uint64(b[7:]))),
		}
		arenas = max(arenas, rows[i].number+1)
	}
	return rows, arenas
}
