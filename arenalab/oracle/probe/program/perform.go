package main

import (
	"arena"
	"runtime"
	"unsafe"
)

// What this program knows of an arena besides its handle. Addresses are kept as
// integers on purpose: they must not keep anything alive.
type tracked struct {
	handle      uintptr // the userArena, 0 when it was never made or is finished
	dropped     bool
	lastActive  uintptr // its active mspan when it was dropped
	lastObject  uintptr // in a chunk
	lastPointer uintptr // the first pointer word of the last pointerful one in a chunk
}

var (
	arenas    [maxArenas]tracked
	arenasLen int
	every     int // operations from one snapshot to the next, 0 for none
	header    [3]uintptr
)

// perform reads, does and prints operation i.
func perform(i int) {
	var before [20]int64
	code := nextByte()
	if code == 'P' {
		text(`{"i":`).integer(i).text(`,"op":"snapshot"`)
		if !sweepDue {
			printDelta(`,"d":{`, &atStart, &atStart)
		}
		text("}\n")
		snapshot(i)
		return
	}
	runtime.ArenalabCounters(&before)
	wasDue := sweepDue
	text(`{"i":`).integer(i).text(`,"op":"`)
	switch code {
	case 'A':
		newArena(nextNumber(maxArenas))
	case 'N':
		allocate(`new`, nextNumber(maxArenas), nextNumber(typesLen), -1)
	case 'S':
		allocate(`slice`, nextNumber(maxArenas), nextNumber(typesLen), nextNumber(1<<60))
	case 'R':
		repeat(nextNumber(maxArenas), nextNumber(typesLen), nextNumber(1<<40))
	case 'F':
		free(nextNumber(maxArenas))
	case 'D':
		drop(nextNumber(maxArenas))
	case 'H':
		hold(nextNumber(maxHolds), nextNumber(maxArenas))
	case 'U':
		n := nextNumber(maxHolds)
		holds[n] = nil
		text(`unhold","hold":`).integer(n)
	case 'L':
		link(nextNumber(maxArenas), nextNumber(maxArenas))
	case 'K':
		makeWeak(nextNumber(maxWeaks), nextNumber(maxRows))
	case 'V':
		askWeak(nextNumber(maxWeaks))
	case 'G', 'E':
		collect(code)
	case 'M':
		finishMark(&before)
	case 'W':
		sweepStep()
	case 'Z':
		runFinalizers()
	case 'B':
		runtime.ArenalabHoldMark()
		text(`mark_begin","phase":`).integer(int(runtime.ArenalabGCPhase()))
	default:
		fail("unknown operation")
	}
	if code == 'G' || code == 'B' {
		sweepDue = false // a new cycle first sweeps what is left of the last one
	}
	printChange(wasDue, &before)
	text("}\n")
	flush()
	if every > 0 && (i+1)%every == 0 {
		snapshot(i)
	}
}

// printChange prints how the counters changed. While sweeping is due they wait: when
// the spans of the heap are swept, and by whom, is not what a recording follows.
func printChange(wasDue bool, before *[20]int64) {
	if sweepDue {
		return
	}
	if wasDue {
		before = &dueSince
	}
	var after [20]int64
	runtime.ArenalabCounters(&after)
	printDelta(`,"d":{`, before, &after)
}

func newArena(id int) {
	if arenas[id].handle != 0 {
		fail("this arena was made before")
	}
	handles[id] = arena.NewArena()
	arenas[id] = tracked{handle: *(*uintptr)(unsafe.Pointer(handles[id]))}
	seeHandle(arenas[id].handle)
	if id >= arenasLen {
		arenasLen = id + 1
	}
	span := activeSpan(id)
	text(`new_arena","arena":`).integer(id).text(`,"active":`).integer(chunkOf(span))
	seeReady()
	text(`,"base":`).address(spanBase(span))
}

func live(id int) *tracked {
	if handles[id] == nil {
		fail("this arena was not made, or was freed or dropped")
	}
	return &arenas[id]
}

func activeSpan(id int) uintptr {
	span, _, _, _, _ := runtime.ArenalabUserArena(arenas[id].handle, nil)
	return span
}

// place allocates one value (n < 0) or a slice of n, and returns its address.
//
//go:noinline
func place(a *tracked, t *goType, n int) uintptr {
	if n < 0 {
		address := uintptr(runtime.ArenalabNew(unsafe.Pointer(a.handle), t.pointer))
		noteRow(address)
		return address
	}
	header = [3]uintptr{}
	runtime.ArenalabSlice(unsafe.Pointer(a.handle), t.slicePointer, unsafe.Pointer(&header), n)
	address := header[0]
	header = [3]uintptr{}
	noteRow(address)
	return address
}

// settle checks that a new object is zero, fills it if it holds no pointers, and
// remembers it as its arena's last. It reports whether the memory was zero.
func settle(a *tracked, t *goType, address, size uintptr) bool {
	if size == 0 {
		return true
	}
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(address)), size)
	zero := allZero(bytes)
	if t.PtrBytes == 0 {
		fill(bytes)
	}
	if spanIsChunk(runtime.ArenalabSpanOf(address)) {
		a.lastObject = address
		if t.firstPointer >= 0 {
			a.lastPointer = address + uintptr(t.firstPointer)*8
		}
	}
	return zero
}

func allZero(bytes []byte) bool {
	for len(bytes) > 0 && uintptr(unsafe.Pointer(&bytes[0]))%8 != 0 {
		if bytes[0] != 0 {
			return false
		}
		bytes = bytes[1:]
	}
	for ; len(bytes) >= 8; bytes = bytes[8:] {
		if *(*uint64)(unsafe.Pointer(&bytes[0])) != 0 {
			return false
		}
	}
	for _, b := range bytes {
		if b != 0 {
			return false
		}
	}
	return true
}

func fill(bytes []byte) {
	bytes[0] = 0xA5
	for done := 1; done < len(bytes); done *= 2 {
		copy(bytes[done:], bytes[:done])
	}
}

func allocate(op string, id, typ, n int) {
	a, t := live(id), &types[typ]
	active := activeSpan(id)
	address := place(a, t, n)
	size := t.Size
	text(op).text(`","arena":`).integer(id).text(`,"type":`).integer(typ)
	if n >= 0 {
		size *= uintptr(n)
		text(`,"cap":`).integer(n)
	}
	printPlace(address)
	zero := settle(a, t, address, size)
	if address != runtime.ArenalabZerobase() {
		text(`,"zero":`).boolean(zero)
	}
	printActive(id, active)
}

func printActive(id int, before uintptr) {
	active := activeSpan(id)
	text(`,"active":`).integer(chunkOf(active)).text(`,"changed":`).boolean(active != before)
	seeReady()
}

// printPlace prints where an address lies.
func printPlace(address uintptr) {
	if address == runtime.ArenalabZerobase() {
		text(`,"at":"zerobase"`)
		return
	}
	span := runtime.ArenalabSpanOf(address)
	var s runtime.ArenalabSpan
	runtime.ArenalabReadSpan(span, &s)
	if !s.Chunk {
		text(`,"at":"heap","spanpages":`).integer(int(s.Pages)).text(`,"spanclass":`).integer(int(s.SpanClass))
		return
	}
	text(`,"at":"chunk","chunk":`).integer(chunkOf(span)).text(`,"base":`).address(s.Base)
	text(`,"off":`).integer(int(address - s.Base))
}

func free(id int) {
	a := live(id)
	active, full, refs, _, _ := runtime.ArenalabUserArena(a.handle, nil)
	text(`free","arena":`).integer(id).text(`,"nfull":`).integer(full).text(`,"nrefs":`).integer(refs)
	text(`,"was_active":`).integer(chunkOf(active)).text(`,"phase":`).integer(int(runtime.ArenalabGCPhase()))
	handles[id].Free()
	handles[id] = nil
	*a = tracked{handle: 1}
}

func drop(id int) {
	a := live(id)
	a.dropped, a.lastActive = true, activeSpan(id)
	handles[id] = nil
	text(`drop","arena":`).integer(id)
}

func hold(n, id int) {
	text(`hold","hold":`).integer(n).text(`,"arena":`).integer(id)
	if handles[id] == nil || arenas[id].lastObject == 0 {
		text(`,"at":"none"`)
		return
	}
	printPlace(arenas[id].lastObject)
	holds[n] = unsafe.Pointer(arenas[id].lastObject)
}

func link(from, to int) {
	text(`link","from":`).integer(from).text(`,"to":`).integer(to)
	if handles[from] == nil || handles[to] == nil || arenas[from].lastPointer == 0 || arenas[to].lastObject == 0 {
		text(`,"at":"none"`)
		return
	}
	slot := arenas[from].lastPointer
	chunk, offset := whereabouts(slot)
	text(`,"slot":[`).integer(chunk).text(",").integer(offset).text("]")
	printPlace(arenas[to].lastObject)
	*(*unsafe.Pointer)(unsafe.Pointer(slot)) = unsafe.Pointer(arenas[to].lastObject)
}

var reuseBefore, reuseAfter, faultBefore [maxChunks]uintptr

// collect completes a cycle: a whole one ('G') or a held one ('E').
func collect(code byte) {
	known := runtime.ArenalabReuse(reuseBefore[:])
	faulted := runtime.ArenalabFault(faultBefore[:])
	whole, visits := code == 'G', readSchedule()
	if whole {
		text(`gc"`)
	} else {
		text(`mark_end"`)
	}
	if held && visits < 0 {
		visits = 0
	}
	if visits >= 0 {
		holdBackground()
	}
	switch {
	case !whole:
		runtime.ArenalabEndMark()
	case visits >= 0:
		runtime.ArenalabMark()
	default:
		runtime.GC()
	}
	switch {
	case visits >= 0:
		finishUnder(visits)
		letBackground()
	case !whole:
		runtime.ArenalabSweepAll()
	}
	runtime.ArenalabWaitFinalizers()
	printChunks(`,"faulted":`, faultBefore[:faulted])
	printFinalized(known)
}

// printFinalized lists the arenas that finalizers have freed since the reuse list had
// that many chunks, in order.
func printFinalized(known int) {
	text(`,"finalized":`)
	n := runtime.ArenalabReuse(reuseAfter[:])
	for i := known; i < n; i++ {
		separate(i-known, "[").integer(finish(reuseAfter[i]))
	}
	closeList(n - known)
}

// finish returns the dropped arena whose active chunk a finalizer has just put
// on the reuse list; the order of that list is the order of the finalizers.
func finish(span uintptr) int {
	for id := 0; id < arenasLen; id++ {
		if arenas[id].dropped && arenas[id].lastActive == span {
			arenas[id] = tracked{handle: 1}
			return id
		}
	}
	fail("a chunk came to the reuse list from nowhere")
	return -1
}
