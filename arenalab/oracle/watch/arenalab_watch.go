// Package runtime, one added file: notes what happens to user arenas in a file
// that is mapped into memory and shared, so that whatever was noted is kept by the
// operating system even if the program dies. Nothing here allocates, locks or
// waits. The calls are inserted into copies of the toolchain's own files.

package runtime

import "unsafe"

// A note is six words: its number in the order of all, from 1 on; kind (8 bits), P (8
// bits) and goroutine (48 bits); then a number of its own and three more.
const (
	watchArena   = 1 + iota // number of refs; handle, active chunk, site
	watchAlloc              // cap + 1, 0 for a single value; handle, address, type and site
	watchGot                // handle, chunk
	watchChunk              // chunk
	watchFree               // refs and front; handle, active chunk, 1 in a finalizer, back and site
	watchReuse              // handle, chunk
	watchFault              // chunk
	watchSweep              // chunk, 1 if it was marked
	watchPhase              // phase
	_                       // was a type, which now stands among the descriptions
	watchWant               // handle
	watchFreed              // handle; all its chunks have been let go
	watchSetting            // which; value
	watchListed             // chunk; put on the fault list
	watchTook               // chunks on the fault list that was taken
	watchCycle              // which; three of a cycle's counters
	watchEnd                // how; exit code or signal, address that faulted

	watchMagic      = 0x324241414e455241
	watchHeader     = 32 // words before the descriptions
	watchNoteBytes  = 48
	watchWordBits   = 48 // of an address; what stands above it is a site
	watchFrontAt    = 32 // bits of the refs of watchFree
	watchNoP        = 255
	watchFewestLast = 16
	watchLongest    = 1024 // notes of a block
	watchBlocks     = 256  // in a file of whatever size, at least, unless it has fewer notes
	watchHugePages  = 14   // MADV_HUGEPAGE
)

// What watchSetting can tell.
const (
	watchMode       = 1 + iota // 0 plain, 1 race, 2 msan, 3 asan
	watchGOGC                  // percent, below 0: off
	watchGOMEMLIMIT            // bytes
	watchGOMAXPROCS
)

// How a program ends, as watchEnd tells it. Who is killed says nothing.
const (
	watchReturned = 1 + iota // main did
	watchExit                // os.Exit: its code
	watchPanicked
	watchThrew
)

// The file: header, descriptions of types and sites, the first notes, and the last
// ones in a ring, so that what comes in great numbers never pushes out the others.
var (
	watchBase   uintptr // of the mapped file, 0 when nothing is noted
	watchFirst  uintptr // where the first notes begin
	watchFits   uintptr // how many there is room for, a whole number of blocks
	watchLength uintptr // notes of a block
	watchRing   uintptr // where the last ones begin
	watchKept   uintptr // how many there is room for
	watchToSay  uintptr // bytes for descriptions
	watchLocate bool    // whether to find out who calls
)

// The header: magic, notes asked for (those without room included), chunk size, largest
// object, heapArena, page, zerobase, whose file it is (process id; how many others came,
// in the upper half), the version in eight words, then these.
const (
	watchAsked     = 1
	watchOwner     = 7
	watchVersion   = 8
	watchSaid      = 16 // bytes of descriptions, those without room included
	watchSayable   = 17 // bytes of descriptions that there is room for
	watchFitting   = 18 // first notes that there is room for
	watchKeeping   = 19 // last notes that there is room for
	watchSiteCount = 20 // sites, those without room included
	watchABlock    = 21 // notes of a block
	watchTaken     = 22 // blocks asked for, those without room included
	watchLate      = 23 // notes that found no room among the first
)

func init() {
	path := gogetenv("ARENALAB_WATCH")
	size := watchNumber(gogetenv("ARENALAB_WATCH_BYTES")) &^ 7
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
	// Where the file system can do it, a fault for two megabytes instead of one a page.
	madvise(p, size, watchHugePages)
	words := (*[watchHeader]uintptr)(p)
	// A child process inherits the environment. The file has the notes of one program.
	if !watchCas(&words[watchOwner], 0, uintptr(getpid())) {
		watchAdd(&words[watchOwner], 1<<32)
		munmap(p, size)
		return
	}
	watchDivide(uintptr(p), size)
	words[2], words[3] = userArenaChunkBytes, userArenaChunkMaxAllocBytes
	words[4], words[5], words[6] = heapArenaBytes, pageSize, uintptr(unsafe.Pointer(&zerobase))
	words[watchSayable], words[watchFitting], words[watchKeeping] = watchToSay, watchFits, watchKept
	words[watchABlock] = watchLength
	copy((*[64]byte)(unsafe.Pointer(&words[watchVersion]))[:], buildVersion)
	words[0] = watchMagic
	watchLocate = gogetenv("ARENALAB_WATCH_SITES") != ""
	watchBase = uintptr(p)
	watchSettings()
}

// watchDivide gives an eighth each to the descriptions and the last notes, at most, and
// of a large file less.
func watchDivide(base, size uintptr) {
	watchToSay = min(size/8, max(8<<20, size/32)) &^ 7
	watchKept = max(min(size/8, 8<<20)/watchNoteBytes, watchFewestLast)
	watchFirst = base + watchHeader*8 + watchToSay
	watchRing = base + size - watchKept*watchNoteBytes
	room := (watchRing - watchFirst) / watchNoteBytes
	watchLength = max(min(room/watchBlocks, watchLongest), 1)
	watchFits = room / watchLength * watchLength
	watchCommon = watchFirst
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
