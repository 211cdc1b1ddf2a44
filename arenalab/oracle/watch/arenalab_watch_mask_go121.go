//go:build !go1.24

package runtime

import "unsafe"

const watchProgram = 1 << 6 // in Kind_: GCData is a program, after its length

// watchMask returns a type's pointer mask or GC program, and how many bytes it has.
func watchMask(t *_type) (unsafe.Pointer, uintptr) {
	if t.Kind_&watchProgram != 0 {
		return unsafe.Pointer(t.GCData), 4 + uintptr(*(*uint32)(unsafe.Pointer(t.GCData)))
	}
	return unsafe.Pointer(t.GCData), (t.PtrBytes/unsafe.Sizeof(uintptr(0)) + 7) / 8
}
