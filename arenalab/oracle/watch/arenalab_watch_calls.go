// What the calls note that are inserted into the toolchain's own files.

package runtime

import "unsafe"

//go:nosplit
func watchHandle(a *userArena) uintptr { return uintptr(unsafe.Pointer(a)) }

//go:nosplit
func watchSpan(s *mspan) uintptr {
	if s == nil {
		return 0
	}
	return s.base()
}

func arenalabArena(a *userArena) {
	watchNote(watchArena, uintptr(len(a.refs)), watchHandle(a), watchSpan(a.active), watchSite())
}

func arenalabAlloc(a *userArena, typ *_type, cap int, x unsafe.Pointer) {
	if watchBase == 0 {
		return
	}
	watchDescribe(typ)
	watchNote(watchAlloc, uintptr(cap+1), watchHandle(a), uintptr(x), uintptr(unsafe.Pointer(typ))|watchSite())
}

//go:nosplit
func arenalabGot(a *userArena, s *mspan) {
	watchNote(watchGot, 0, watchHandle(a), watchSpan(s), 0)
}

// arenalabWant is called with the reuse list locked, s being what was taken from it.
//
//go:nosplit
func arenalabWant(a *userArena, s *mspan) {
	if s == nil {
		watchNote(watchWant, 0, watchHandle(a), 0, 0)
	}
}

//go:nosplit
func arenalabChunk(base uintptr) { watchNote(watchChunk, 0, base, 0, 0) }

func arenalabFree(a *userArena) {
	finalizer := uintptr(0)
	if getg() == fing {
		finalizer = 1
	}
	front, back := watchLeft(a.active)
	watchNote(watchFree, uintptr(len(a.refs))|front/8<<watchFrontAt, watchHandle(a), watchSpan(a.active),
		finalizer|back<<1|watchSite())
}

// watchLeft tells which of a chunk's bytes are free: from front on, and back less 1 is
// the first behind them; 0, 0 without a chunk.
func watchLeft(s *mspan) (front, back uintptr) {
	if s == nil {
		return 0, 0
	}
	free := s.userArenaChunkFree
	return free.base.addr() - s.base(), free.limit.addr() - s.base() + 1
}

//go:nosplit
func arenalabReuse(a *userArena, s *mspan) {
	watchNote(watchReuse, 0, watchHandle(a), watchSpan(s), 0)
}

func arenalabFreed(a *userArena) { watchNote(watchFreed, 0, watchHandle(a), 0, 0) }

//go:nosplit
func arenalabFault(s *mspan) { watchNote(watchFault, 0, watchSpan(s), 0, 0) }

// arenalabListed and arenalabTook are called with the fault list locked.
//
//go:nosplit
func arenalabListed(s *mspan) { watchNote(watchListed, 0, watchSpan(s), 0, 0) }

//go:nosplit
func arenalabTook(chunks int) { watchNote(watchTook, 0, uintptr(chunks), 0, 0) }

//go:nosplit
func arenalabKept(s *mspan, marked uint16) {
	if marked != 0 {
		watchNote(watchSweep, 0, watchSpan(s), 1, 0)
	}
}

//go:nosplit
func arenalabReady(s *mspan) { watchNote(watchSweep, 0, watchSpan(s), 0, 0) }

//go:nosplit
func arenalabPhase(phase uint32) { watchNote(watchPhase, 0, uintptr(phase), 0, 0) }

// What watchCycle can tell; each time three.
const (
	watchCycleWhen = 1 + iota // nanoseconds, number of the cycle, its goal for the next
	watchCycleHeap            // heapLive, heapInUse, heapReleased
	watchCycleSums            // totalAlloc, totalFree, mappedReady
	watchCycleSeen            // heapLive when the cycle began, when marking ended; bytes resident
)

var (
	watchStatm = [...]byte{'/', 'p', 'r', 'o', 'c', '/', 's', 'e', 'l', 'f', '/', 's', 't', 'a', 't', 'm', 0}
	watchPages [96]byte
)

// arenalabCycle is called when a cycle's counters have been settled and the world is
// stopped, so that they are those of one moment.
func arenalabCycle() {
	if watchBase == 0 {
		return
	}
	c := &gcController
	watchNote(watchCycle, watchCycleWhen, uintptr(nanotime()), uintptr(memstats.numgc+1), uintptr(c.heapGoal()))
	watchNote(watchCycle, watchCycleHeap,
		uintptr(c.heapLive.Load()), uintptr(c.heapInUse.load()), uintptr(c.heapReleased.load()))
	watchNote(watchCycle, watchCycleSums,
		uintptr(c.totalAlloc.Load()), uintptr(c.totalFree.Load()), uintptr(c.mappedReady.Load()))
	watchNote(watchCycle, watchCycleSeen, uintptr(work.heap0), uintptr(work.heap1), watchResident())
}

// watchResident asks the operating system how many bytes are resident, 0 if it won't say.
// Asked here, and not by the recorder, it is of the same moment as the counters.
func watchResident() uintptr {
	fd := open(&watchStatm[0], 0, 0)
	if fd < 0 {
		return 0
	}
	n := read(fd, unsafe.Pointer(&watchPages[0]), int32(len(watchPages)))
	closefd(fd)
	field, pages := 0, uintptr(0)
	for i := 0; i < int(n) && field < 2; i++ {
		if watchPages[i] == ' ' {
			field++
		} else if field == 1 {
			pages = pages*10 + uintptr(watchPages[i]-'0')
		}
	}
	return pages * physPageSize
}

// arenalabEnd is called when the program is about to end. The signal is the goroutine's
// last: a fault that it panics or throws about, or an older one.
//
//go:nosplit
func arenalabEnd(how uintptr, code int) {
	if how == watchPanicked || how == watchThrew {
		gp := getg()
		watchNote(watchEnd, how, uintptr(gp.sig), gp.sigcode1, 0)
		return
	}
	watchNote(watchEnd, how, uintptr(code), 0, 0)
}
