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

// Kinds, as package reflect numbers them.
const (
	arenalabArray  = 17
	arenalabStruct = 25
)

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
		Kind: uint8(t.Kind_), Flags: uint8(t.TFlag), Offsets: -1,
	}
	switch out.Kind % 32 { // the rest are flags, in releases that have any there
	case arenalabArray:
		array := (*arraytype)(unsafe.Pointer(t))
		out.IsArray, out.Length, out.ElemSize = true, array.Len, array.Elem.Size_
	case arenalabStruct:
		out.Offsets = len((*structtype)(unsafe.Pointer(t)).Fields)
	}
	return out
}

// ArenalabFieldOffset is the offset of field i of the struct T.
func ArenalabFieldOffset(pointer unsafe.Pointer, i int) uintptr {
	t := (*ptrtype)(pointer).Elem
	return (*structtype)(unsafe.Pointer(t)).Fields[i].Offset
}

// ArenalabMask returns the pointer mask of the type that pointer (a descriptor of *T)
// points to; see ArenalabMaskAt.
func ArenalabMask(pointer unsafe.Pointer, scratch []byte) unsafe.Pointer {
	return ArenalabMaskAt(unsafe.Pointer((*ptrtype)(pointer).Elem), scratch)
}
