// Package runtime, one added file: what ArenaLab's recorder reads of a type.

package runtime

import "unsafe"

// ArenalabNew places one value of the type that pointer (a descriptor of *T)
// points to, as arena.New does.
func ArenalabNew(handle unsafe.Pointer, pointer unsafe.Pointer) unsafe.Pointer {
	return (*userArena)(handle).new((*ptrtype)(pointer).Elem)
}

// ArenalabSlice fills the slice header at header, of the type that pointer (a
// descriptor of *[]T) points to, as arena.MakeSlice does.
func ArenalabSlice(handle, pointer, header unsafe.Pointer, n int) {
	var slot any
	box := efaceOf(&slot)
	box._type = (*_type)(pointer)
	box.data = header
	(*userArena)(handle).slice(slot, n)
}

// ArenalabType is the part of a type descriptor that a recording shows.
type ArenalabType struct {
	Size, PtrBytes, Length, ElemSize uintptr
	Align, FieldAlign, Kind, Flags   uint8
	IsArray                          bool
	Offsets                          int // number of fields, -1 if not a struct
}

// ArenalabTypeOf reads the descriptor of T from that of *T.
func ArenalabTypeOf(pointer unsafe.Pointer) (out ArenalabType) {
	t := (*ptrtype)(pointer).Elem
	out = ArenalabType{
		Size: t.Size_, PtrBytes: t.PtrBytes, Align: t.Align_, FieldAlign: t.FieldAlign_,
		Kind: t.Kind_, Flags: uint8(t.TFlag), Offsets: -1,
	}
	switch t.Kind_ & kindMask {
	case kindArray:
		array := (*arraytype)(unsafe.Pointer(t))
		out.IsArray, out.Length, out.ElemSize = true, array.Len, array.Elem.Size_
	case kindStruct:
		out.Offsets = len((*structtype)(unsafe.Pointer(t)).Fields)
	}
	return out
}

// ArenalabFieldOffset is the offset of field i of the struct T.
func ArenalabFieldOffset(pointer unsafe.Pointer, i int) uintptr {
	t := (*ptrtype)(pointer).Elem
	return (*structtype)(unsafe.Pointer(t)).Fields[i].Offset
}

// ArenalabProgram returns the GC program of T without its length word, or nil.
func ArenalabProgram(pointer unsafe.Pointer) (start unsafe.Pointer, n uintptr) {
	t := (*ptrtype)(pointer).Elem
	if t.Kind_&kindGCProg == 0 {
		return nil, 0
	}
	return add(unsafe.Pointer(t.GCData), 4), uintptr(*(*uint32)(unsafe.Pointer(t.GCData)))
}

// ArenalabMask returns the pointer mask of T, a GC program being expanded into
// scratch, which must be zero; nil when scratch is too small for it.
func ArenalabMask(pointer unsafe.Pointer, scratch []byte) unsafe.Pointer {
	t := (*ptrtype)(pointer).Elem
	if t.Kind_&kindGCProg == 0 {
		return unsafe.Pointer(t.GCData)
	}
	if t.PtrBytes/goarch_PtrSize/8+16 > uintptr(len(scratch)) {
		return nil
	}
	runGCProg(addb(t.GCData, 4), &scratch[0])
	return unsafe.Pointer(&scratch[0])
}
