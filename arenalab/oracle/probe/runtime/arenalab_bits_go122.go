//go:build go1.22

package runtime

import "unsafe"

// ArenalabFormat is the recording format: here pointer bits lie in the chunk's own
// tail, behind a type that describes the whole chunk.
const ArenalabFormat = 2

func arenalabReserve() uintptr { return userArenaChunkReserveBytes() }

// ArenalabBits returns the bitmap words of a chunk, nil when its memory cannot be
// read: before it is first used, and once it is set to fault. There are no marks.
func ArenalabBits(span uintptr) (words, marks unsafe.Pointer) {
	s := (*mspan)(unsafe.Pointer(span))
	if !s.isUserArenaChunk || s.state.get() != mSpanInUse || s.spanclass.noscan() {
		return nil, nil
	}
	return unsafe.Pointer(s.largeType.GCData), nil
}

// ArenalabHeader returns where in a readable chunk its type lies, two fields of that
// type, Size_ and PtrBytes, and where in the chunk the type's mask lies.
func ArenalabHeader(span uintptr) [4]uintptr {
	s := (*mspan)(unsafe.Pointer(span))
	t := s.largeType
	return [4]uintptr{
		uintptr(unsafe.Pointer(t)) - s.base(), t.Size_, t.PtrBytes, uintptr(unsafe.Pointer(t.GCData)) - s.base(),
	}
}
