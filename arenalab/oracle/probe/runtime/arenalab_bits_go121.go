//go:build !go1.22

package runtime

import "unsafe"

// ArenalabFormat is the recording format: here pointer bits lie in the heapArena,
// beside marks that say where a scan may stop.
const ArenalabFormat = 1

func arenalabReserve() uintptr { return 0 }

// ArenalabBits returns the bitmap words and the noMorePtrs bytes of a chunk.
func ArenalabBits(span uintptr) (words, marks unsafe.Pointer) {
	base := (*mspan)(unsafe.Pointer(span)).base()
	index := arenaIndex(base)
	ha := mheap_.arenas[index.l1()][index.l2()]
	word := base / unsafe.Sizeof(uintptr(0)) / ptrBits % heapArenaBitmapWords
	return unsafe.Pointer(&ha.bitmap[word]), unsafe.Pointer(&ha.noMorePtrs[word/8])
}

// ArenalabHeader has nothing to return: a chunk has no type of its own.
func ArenalabHeader(span uintptr) [4]uintptr { return [4]uintptr{} }
