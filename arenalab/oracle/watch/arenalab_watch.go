// Package runtime, one added file: notes what happens to user arenas in a file
// that is mapped into memory and shared, so that whatever was noted is kept by the
// operating system even if the program dies. Nothing here allocates, locks or
// waits. The calls are inserted into copies of the toolchain's own files.

package runtime

import "unsafe"

// A note is four words: kind (low byte) and a number, then three more. The upper
// 16 bits of a handle say which goroutine it was.
const (
	watchArena   = 1 + iota // number of refs; handle, active chunk
	watchAlloc              // cap + 1, 0 for a single value; handle, address, type
	watchGot                // handle, chunk
	watchChunk              // chunk
	watchFree               // number of refs; handle, active chunk, 1 in a finalizer
	watchReuse              // handle, chunk
	watchFault              // chunk
	watchSweep              // chunk, 1 if it was marked
	watchPhase              // phase
	watchType               // notes that follow with the rest; type, size, pointer bytes
	watchWant               // handle
	watchFreed              // handle; all its chunks have been let go
	watchSetting            // which; value

	watchHeader = 16 // words before the first note
	watchMagic  = 0x314241414e455241
)

// What watchSetting can tell.
const (
	watchMode       = 1 + iota // 0 plain, 1 race, 2 msan, 3 asan
	watchGOGC                  // percent, below 0: off
	watchGOMEMLIMIT            // bytes
	watchGOMAXPROCS
)

var (
	watchBase  uintptr // of the mapped file, 0 when nothing is noted
	watchLimit uintptr // notes that fit
	watchSeen  [1 << 14]uintptr
)

// The header: magic, number of notes asked for (more than fit when some were
// lost), chunk size, largest object, heapArena, page, zerobase, whose file it is
// (process id; how many others came, in the upper half), then the version.
func init() {
	path := gogetenv("ARENALAB_WATCH")
	size := watchNumber(gogetenv("ARENALAB_WATCH_BYTES"))
	if path == "" || len(path) > 4000 || size < 4096 {
		return
	}
	var name [4096]byte
	copy(name[:], path)
	fd := open(&name[0], 2, 0)
	if fd < 0 {
		return
	}
	p, failed := mmap(nil, size, _PROT_READ|_PROT_WRITE, 1, fd, 0)
	closefd(fd)
	if failed != 0 {
		return
	}
	words := (*[watchHeader]uintptr)(p)
	// A child process inherits the environment. The file has the notes of one program.
	if !watchCas(&words[7], 0, uintptr(getpid())) {
		watchAdd(&words[7], 1<<32)
		munmap(p, size)
		return
	}
	words[2], words[3] = userArenaChunkBytes, userArenaChunkMaxAllocBytes
	words[4], words[5], words[6] = heapArenaBytes, pageSize, uintptr(unsafe.Pointer(&zerobase))
	copy((*[64]byte)(unsafe.Pointer(&words[8]))[:], buildVersion)
	words[0] = watchMagic
	watchLimit = size/32 - watchHeader/4
	watchBase = uintptr(p)
	watchSettings()
}

func watchSettings() {
	mode := uintptr(0)
	if raceenabled {
		mode = 1
	} else if msanenabled {
		mode = 2
	} else if asanenabled {
		mode = 3
	}
	arenalabSetting(watchMode, int(mode))
	arenalabSetting(watchGOGC, int(gcController.gcPercent.Load()))
	arenalabSetting(watchGOMEMLIMIT, int(gcController.memoryLimit.Load()))
	arenalabSetting(watchGOMAXPROCS, int(gomaxprocs))
}

// arenalabSetting is also called where the program changes a setting.
func arenalabSetting(which uintptr, value int) {
	watchNote(watchSetting, which, uintptr(value), 0, 0)
}

func watchNumber(digits string) (n uintptr) {
	for i := 0; i < len(digits); i++ {
		n = n*10 + uintptr(digits[i]-'0')
	}
	return n
}

// watchReserve returns where n notes go, 0 if there is no room.
//
//go:nosplit
func watchReserve(n uintptr) uintptr {
	if watchBase == 0 {
		return 0
	}
	end := watchAdd((*uintptr)(unsafe.Pointer(watchBase+8)), n)
	if end > watchLimit {
		return 0
	}
	return watchBase + watchHeader*8 + (end-n)*32
}

// watchNote writes one note; its first word last, so that a reader can tell
// whether it is whole.
//
//go:nosplit
func watchNote(kind, number, a, b, c uintptr) {
	p := watchReserve(1)
	if p == 0 {
		return
	}
	*(*uintptr)(unsafe.Pointer(p + 8)) = a
	*(*uintptr)(unsafe.Pointer(p + 16)) = b
	*(*uintptr)(unsafe.Pointer(p + 24)) = c
	watchStore((*uintptr)(unsafe.Pointer(p)), kind|number<<8)
}

// watchBy is a user arena and the goroutine that does something with it.
//
//go:nosplit
func watchBy(a *userArena) uintptr {
	return uintptr(unsafe.Pointer(a)) | uintptr(getg().goid%65535+1)<<48
}

//go:nosplit
func watchSpan(s *mspan) uintptr {
	if s == nil {
		return 0
	}
	return s.base()
}

func arenalabArena(a *userArena) {
	watchNote(watchArena, uintptr(len(a.refs)), watchBy(a), watchSpan(a.active), 0)
}

func arenalabAlloc(a *userArena, typ *_type, cap int, x unsafe.Pointer) {
	if watchBase == 0 {
		return
	}
	watchDescribe(typ)
	watchNote(watchAlloc, uintptr(cap+1), watchBy(a), uintptr(x), uintptr(unsafe.Pointer(typ)))
}

//go:nosplit
func arenalabGot(a *userArena, s *mspan) {
	watchNote(watchGot, 0, watchBy(a), watchSpan(s), 0)
}

// arenalabWant is called with the reuse list locked, s being what was taken from it.
//
//go:nosplit
func arenalabWant(a *userArena, s *mspan) {
	if s == nil {
		watchNote(watchWant, 0, watchBy(a), 0, 0)
	}
}

//go:nosplit
func arenalabChunk(base uintptr) { watchNote(watchChunk, 0, base, 0, 0) }

func arenalabFree(a *userArena) {
	finalizer := uintptr(0)
	if getg() == fing {
		finalizer = 1
	}
	watchNote(watchFree, uintptr(len(a.refs)), watchBy(a), watchSpan(a.active), finalizer)
}

//go:nosplit
func arenalabReuse(a *userArena, s *mspan) {
	watchNote(watchReuse, 0, watchBy(a), watchSpan(s), 0)
}

func arenalabFreed(a *userArena) { watchNote(watchFreed, 0, watchBy(a), 0, 0) }

//go:nosplit
func arenalabFault(s *mspan) { watchNote(watchFault, 0, watchSpan(s), 0, 0) }

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

// watchDescribe notes a type the first time it is seen: its numbers, its name,
// and its pointer mask or GC program.
func watchDescribe(t *_type) {
	address := uintptr(unsafe.Pointer(t))
	slot := address >> 5 * 2654435761 % uintptr(len(watchSeen))
	// With more types than places, one is described again rather than looked for for ever.
	for probes := 0; probes < len(watchSeen); probes++ {
		seen := watchLoad(&watchSeen[slot])
		if seen == address {
			return
		}
		if seen == 0 && watchCas(&watchSeen[slot], 0, address) {
			break
		}
		slot = (slot + 1) % uintptr(len(watchSeen))
	}
	name := toRType(t).string()
	mask, data := watchMask(t)
	notes := 2 + (uintptr(len(name))+data+31)/32
	p := watchReserve(notes)
	if p == 0 {
		return
	}
	words := (*[8]uintptr)(unsafe.Pointer(p))
	words[1], words[2], words[3] = address, t.Size_, t.PtrBytes
	words[4] = uintptr(t.Align_) | uintptr(t.FieldAlign_)<<8 | uintptr(t.Kind_)<<16 | uintptr(t.TFlag)<<24
	words[5], words[6] = uintptr(len(name)), data
	memmove(unsafe.Pointer(p+64), unsafe.Pointer(unsafe.StringData(name)), uintptr(len(name)))
	memmove(unsafe.Pointer(p+64+uintptr(len(name))), mask, data)
	watchStore(&words[0], watchType|(notes-1)<<8)
}
