//go:build !go1.24

package runtime

import "unsafe"

// ArenalabOnDemand says whether a mask may be built when it is first asked for.
const ArenalabOnDemand = false

const arenalabProgram = 1 << 6 // in Kind_: GCData is a program

// ArenalabProgram returns the GC program of T without its length word, or nil.
func ArenalabProgram(pointer unsafe.Pointer) (start unsafe.Pointer, n uintptr) {
	t := (*ptrtype)(pointer).Elem
	if t.Kind_&arenalabProgram == 0 {
		return nil, 0
	}
	return add(unsafe.Pointer(t.GCData), 4), uintptr(*(*uint32)(unsafe.Pointer(t.GCData)))
}

// ArenalabMaskAt returns the pointer mask of the type at address typ, a GC program
// being expanded into scratch, which must be zero; nil when scratch is too small for it.
func ArenalabMaskAt(typ unsafe.Pointer, scratch []byte) unsafe.Pointer {
	t := (*_type)(typ)
	if t.Kind_&arenalabProgram == 0 {
		return unsafe.Pointer(t.GCData)
	}
	if t.PtrBytes/unsafe.Sizeof(uintptr(0))/8+16 > uintptr(len(scratch)) {
		return nil
	}
	runGCProg(addb(t.GCData, 4), &scratch[0])
	return unsafe.Pointer(&scratch[0])
}
