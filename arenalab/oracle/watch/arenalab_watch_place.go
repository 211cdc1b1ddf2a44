// Where notes go. Each P writes into a block of its own: two that write side by side
// would take each other's cache lines away, and that while they hold the runtime's locks.

package runtime

import "unsafe"

// Where each P writes next, and where its block ends. Two of them share no cache line.
var watchOwn [watchNoP]struct {
	next, end uintptr
	_         [14]uintptr
}

// Where those write next who run on no P, or on one of very many.
var watchCommon uintptr

// watchNote writes one note; its number last, so that a reader can tell whether it is
// whole. One addition gives the number and with it the order of all.
//
//go:nosplit
func watchNote(kind, number, a, b, c uintptr) {
	if watchBase == 0 {
		return
	}
	n := watchCount(watchAsked)
	p := watchPlace()
	if p == 0 {
		p = watchRing + (watchCount(watchLate)-1)%watchKept*watchNoteBytes
		watchStore((*uintptr)(unsafe.Pointer(p)), 0)
	}
	*(*uintptr)(unsafe.Pointer(p + 8)) = kind | watchWho()
	*(*uintptr)(unsafe.Pointer(p + 16)) = number
	*(*uintptr)(unsafe.Pointer(p + 24)) = a
	*(*uintptr)(unsafe.Pointer(p + 32)) = b
	*(*uintptr)(unsafe.Pointer(p + 40)) = c
	watchStore((*uintptr)(unsafe.Pointer(p)), n)
}

// watchCount adds one to a word of the header.
//
//go:nosplit
func watchCount(word uintptr) uintptr {
	return watchAdd((*uintptr)(unsafe.Pointer(watchBase+word*8)), 1)
}

// watchPlace is room for one note among the first, 0 where there is none. Whoever runs
// here keeps the P to the end: the runtime's own functions are not preempted in the middle.
//
//go:nosplit
func watchPlace() uintptr {
	id := watchP()
	if id >= watchNoP {
		return watchCommonPlace()
	}
	own := &watchOwn[id]
	if own.next == own.end {
		own.next = watchBlock()
		if own.next == 0 {
			own.end = 0
			return 0
		}
		own.end = own.next + watchLength*watchNoteBytes
	}
	own.next += watchNoteBytes
	return own.next - watchNoteBytes
}

// watchCommonPlace is the same for those without a P: several may come at once. Who
// comes too late for the block that another took leaves the own one empty.
//
//go:nosplit
func watchCommonPlace() uintptr {
	for {
		next := watchLoad(&watchCommon)
		place := next
		if (next-watchFirst)%(watchLength*watchNoteBytes) == 0 {
			place = watchBlock()
		}
		if place == 0 || watchCas(&watchCommon, next, place+watchNoteBytes) {
			return place
		}
	}
}

// watchBlock takes the next block, 0 when all are taken.
//
//go:nosplit
func watchBlock() uintptr {
	end := watchCount(watchTaken) * watchLength
	if end > watchFits {
		return 0
	}
	return watchFirst + (end-watchLength)*watchNoteBytes
}

// watchP is the P's id, watchNoP where there is none or one of very many.
//
//go:nosplit
func watchP() uintptr {
	if mp := getg().m; mp.p != 0 {
		return min(uintptr(uint32(mp.p.ptr().id)), watchNoP)
	}
	return watchNoP
}

// watchWho is the P and the goroutine, also where the runtime works on a stack of its own.
//
//go:nosplit
func watchWho() uintptr {
	gp := getg()
	if curg := gp.m.curg; curg != nil {
		gp = curg
	}
	return watchP()<<8 | uintptr(gp.goid)<<16
}
