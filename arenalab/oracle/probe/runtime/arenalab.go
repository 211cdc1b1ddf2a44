// Package runtime, one added file: the accessors through which ArenaLab's
// recorder reads the runtime's own state. Nothing here changes what the runtime
// does, with two exceptions: arenalab_schedule.go decides who runs next during a
// collection, and ArenalabKeepQuiet keeps the background from interfering at a
// moment that depends on the clock.
//
// Every function may be called only by a program with one P and no asynchronous
// preemption (the recorder's main function refuses to run otherwise), which is
// why none of them stops the world or takes a lock in order to read.

package runtime

import "unsafe"

// ArenalabCounters fills out with the counters of a recording, in the order in
// which the recording names them.
func ArenalabCounters(out *[20]int64) {
	var stats heapStatsDelta
	memstats.heapStats.unsafeRead(&stats)
	cache := getMCache(getg().m)
	*out = [20]int64{
		int64(gcController.heapInUse.load()),
		int64(gcController.heapReleased.load()),
		int64(gcController.heapFree.load()),
		int64(gcController.totalAlloc.Load()),
		int64(gcController.totalFree.Load()),
		int64(gcController.heapLive.Load()),
		int64(gcController.heapScan.Load()),
		int64(gcController.mappedReady.Load()),
		stats.committed,
		stats.released,
		stats.inHeap,
		int64(stats.largeAlloc),
		int64(stats.largeAllocCount),
		int64(stats.largeFree),
		int64(stats.largeFreeCount),
		int64(mheap_.pagesInUse.Load()),
		int64(memstats.numgc),
		int64(mheap_.sweepgen),
		int64(cache.scanAlloc),
		int64(cache.nextSample),
	}
}

// ArenalabFacts are the constants and settings a recording states at its start.
type ArenalabFacts struct {
	Chunk, MaxAlloc, HeapArena, Page, Reserve uintptr
	Sizes                                     [4]uintptr // of heapArena, mspan, userArena and _type
	Percent, Procs                            int32
	PreemptOff                                bool
}

// ArenalabReadFacts returns them.
func ArenalabReadFacts() ArenalabFacts {
	return ArenalabFacts{
		Chunk: userArenaChunkBytes, MaxAlloc: userArenaChunkMaxAllocBytes,
		HeapArena: heapArenaBytes, Page: pageSize, Reserve: arenalabReserve(),
		Sizes: [4]uintptr{
			unsafe.Sizeof(heapArena{}), unsafe.Sizeof(mspan{}), unsafe.Sizeof(userArena{}), unsafe.Sizeof(_type{}),
		},
		Percent: gcController.gcPercent.Load(), Procs: gomaxprocs,
		PreemptOff: debug.asyncpreemptoff != 0,
	}
}

// ArenalabGCPhase returns 0 (off), 1 (mark) or 2 (mark termination).
func ArenalabGCPhase() uint32 { return gcphase }

// ArenalabSpan is one mspan, as a recording shows it. Mark and AllocBit are
// those of its only object, 0 when the span is not in use.
type ArenalabSpan struct {
	Base, Pages, FreeBase, FreeLimit, FreeIndex, ScanIndex uintptr
	Limit, ElemSize, Elems, Mark, AllocBit, PageInUse      uintptr
	AllocCount, SpanClass, State, NeedZero                 uintptr
	Chunk, Specials                                        bool
	SweepGen                                               uint32
}

// ArenalabReadSpan copies the fields of the mspan at address span.
func ArenalabReadSpan(span uintptr, out *ArenalabSpan) {
	s := (*mspan)(unsafe.Pointer(span))
	*out = ArenalabSpan{
		Base: s.base(), Pages: s.npages,
		FreeBase: s.userArenaChunkFree.base.addr(), FreeLimit: s.userArenaChunkFree.limit.addr(),
		FreeIndex: uintptr(s.freeindex), ScanIndex: uintptr(s.freeIndexForScan),
		Limit: s.limit, ElemSize: s.elemsize, Elems: uintptr(s.nelems),
		PageInUse: arenalabPageInUse(s.base()), AllocCount: uintptr(s.allocCount),
		SpanClass: uintptr(s.spanclass), State: uintptr(s.state.get()), NeedZero: uintptr(s.needzero),
		Chunk: s.isUserArenaChunk, Specials: s.specials != nil, SweepGen: s.sweepgen,
	}
	if s.state.get() == mSpanInUse { // else the bitmaps have become another span's
		out.Mark, out.AllocBit = arenalabFirstBit(s.gcmarkBits), arenalabFirstBit(s.allocBits)
	}
}

func arenalabFirstBit(bits *gcBits) uintptr {
	if bits == nil {
		return 0
	}
	return uintptr(*bits.bytep(0) & 1)
}

func arenalabPageInUse(base uintptr) uintptr {
	arena, index, mask := pageIndexOf(base)
	if arena.pageInUse[index]&mask != 0 {
		return 1
	}
	return 0
}

// ArenalabSpanOf returns the address of the mspan that holds an address (0 if none).
func ArenalabSpanOf(address uintptr) uintptr { return uintptr(unsafe.Pointer(spanOf(address))) }

// ArenalabZerobase is the address given to every object of size zero.
func ArenalabZerobase() uintptr { return uintptr(unsafe.Pointer(&zerobase)) }

// ArenalabHeapArena returns the base of the heapArena that the chunk at base lies in,
// and its zeroedBase.
func ArenalabHeapArena(base uintptr) (start, zeroed uintptr) {
	index := arenaIndex(base)
	return arenaBase(index), mheap_.arenas[index.l1()][index.l2()].zeroedBase
}

// ArenalabUserArena describes one userArena: its active mspan, its full list
// (head first, as many as fit), the length of that list and of refs, and the
// capacity of refs.
func ArenalabUserArena(handle uintptr, full []uintptr) (active uintptr, fulls, refs, refsCap int, defunct bool) {
	a := (*userArena)(unsafe.Pointer(handle))
	for s := a.fullList; s != nil; s = s.next {
		if fulls < len(full) {
			full[fulls] = uintptr(unsafe.Pointer(s))
		}
		fulls++
	}
	return uintptr(unsafe.Pointer(a.active)), fulls, len(a.refs), cap(a.refs), a.defunct.Load()
}

// ArenalabReuse lists the mspans of userArenaState.reuse, oldest first.
func ArenalabReuse(out []uintptr) int { return arenalabChunks(userArenaState.reuse, out) }

// ArenalabFault lists the mspans of userArenaState.fault, oldest first.
func ArenalabFault(out []uintptr) int { return arenalabChunks(userArenaState.fault, out) }

// ArenalabCaps returns the capacities of the two lists' arrays.
func ArenalabCaps() (reuse, fault int) {
	return cap(userArenaState.reuse), cap(userArenaState.fault)
}

func arenalabChunks(chunks []liveUserArenaChunk, out []uintptr) int {
	for i := range chunks {
		if i < len(out) {
			out[i] = uintptr(unsafe.Pointer(chunks[i].mspan))
		}
	}
	return len(chunks)
}

// ArenalabQuarantine lists the quarantined mspans, head first.
func ArenalabQuarantine(out []uintptr) int {
	return arenalabSpans(&mheap_.userArena.quarantineList, out)
}

// ArenalabReady lists the mspans ready to be used, head first.
func ArenalabReady(out []uintptr) int { return arenalabSpans(&mheap_.userArena.readyList, out) }

func arenalabSpans(list *mSpanList, out []uintptr) (n int) {
	for s := list.first; s != nil; s = s.next {
		if n < len(out) {
			out[n] = uintptr(unsafe.Pointer(s))
		}
		n++
	}
	return n
}

// ArenalabSweepSet lists the user arena chunks in one of the sets of full large
// spans, in the order in which the sweeper will take them.
func ArenalabSweepSet(noscan, unswept bool, out []uintptr) (n int) {
	central := &mheap_.central[makeSpanClass(0, noscan)].mcentral
	set := central.fullSwept(mheap_.sweepgen)
	if unswept {
		set = central.fullUnswept(mheap_.sweepgen)
	}
	head, tail := set.index.load().split()
	for i := uintptr(head); i < uintptr(tail); i++ {
		block := set.spine.Load().lookup(i / spanSetBlockEntries).Load()
		if block == nil {
			continue
		}
		s := block.spans[i%spanSetBlockEntries].Load()
		if s == nil || !s.isUserArenaChunk || unswept && s.sweepgen != mheap_.sweepgen-2 {
			continue // one that was swept out of turn stays in the set it was in
		}
		if n < len(out) {
			out[n] = uintptr(unsafe.Pointer(s))
		}
		n++
	}
	return n
}

// ArenalabKeepQuiet lets the background scavenger find nothing to do and stacks
// keep their size, which both would change counters in the middle of some later
// call. And it stops the monitor that takes the processor away from a goroutine
// after 10 ms: who runs next no longer depends on how busy the machine is.
func ArenalabKeepQuiet() {
	lock(&scavenger.lock)
	arenalabShouldStop = scavenger.shouldStop
	scavenger.shouldStop = func() bool { return true }
	unlock(&scavenger.lock)
	debug.gcshrinkstackoff = 1
	locks := getg().m.locks
	lock(&sched.sysmonlock) // and never unlock it
	getg().m.locks = locks
}

// The function that is replaced stays where it is, so that the heap stays as it is.
var arenalabShouldStop func() bool
