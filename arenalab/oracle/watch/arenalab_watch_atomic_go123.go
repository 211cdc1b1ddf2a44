//go:build go1.23

package runtime

import "internal/runtime/atomic"

//go:nosplit
func watchAdd(p *uintptr, n uintptr) uintptr { return atomic.Xadduintptr(p, n) }

//go:nosplit
func watchCas(p *uintptr, old, new uintptr) bool { return atomic.Casuintptr(p, old, new) }

//go:nosplit
func watchLoad(p *uintptr) uintptr { return atomic.Loaduintptr(p) }

//go:nosplit
func watchStore(p *uintptr, n uintptr) { atomic.Storeuintptr(p, n) }
