//go:build go1.24

package runtime

import "unsafe"

// watchMask returns a type's pointer mask, which is built if it has not been yet, and
// how many bytes it has.
func watchMask(t *_type) (unsafe.Pointer, uintptr) {
	n := (t.PtrBytes/unsafe.Sizeof(uintptr(0)) + 7) / 8
	if n == 0 {
		return nil, 0
	}
	return unsafe.Pointer(getGCMask(t)), n
}
