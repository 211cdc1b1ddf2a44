//go:build go1.24

package runtime

import "unsafe"

// ArenalabOnDemand says whether a mask may be built when it is first asked for; flag
// 16 of a type then tells that it is.
const ArenalabOnDemand = true

// ArenalabProgram has nothing to return: there are no GC programs.
func ArenalabProgram(pointer unsafe.Pointer) (start unsafe.Pointer, n uintptr) { return nil, 0 }

// ArenalabMaskAt returns the pointer mask of the type at address typ, which is built if
// it has not been yet.
func ArenalabMaskAt(typ unsafe.Pointer, scratch []byte) unsafe.Pointer {
	return unsafe.Pointer(getGCMask((*_type)(typ)))
}
