package main

import (
	"runtime"
	"unsafe"
)

// pooled is one compiled-in type T: nil pointers whose types are *T and *[]T,
// and T's expression as a JSON string. The pool itself is generated.
type pooled struct {
	value, slice any
	expr         string
}

// goType is a type of the program being recorded.
type goType struct {
	pointer, slicePointer unsafe.Pointer // descriptors of *T and *[]T, static data
	runtime.ArenalabType
	firstPointer int // index of the first pointer word, -1 if none
}

var (
	types    [maxTypes]goType
	typesLen int
	poolOf   [maxTypes]int
	scratch  [64 << 20]byte
)

func descriptor(value any) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&value))
}

// readHeader reads "SNAPSHOT-EVERY BITS n pool-index…", the first line.
func readHeader() {
	if !nextLine() {
		fail("there is no header")
	}
	every = nextNumber(1 << 40)
	bitsMode = nextByte()
	typesLen = nextNumber(maxTypes)
	for i := 0; i < typesLen; i++ {
		poolOf[i] = nextNumber(len(pool))
		entry := &pool[poolOf[i]]
		t := &types[i]
		t.pointer, t.slicePointer = descriptor(entry.value), descriptor(entry.slice)
		t.ArenalabType = runtime.ArenalabTypeOf(t.pointer)
		t.firstPointer = -1
	}
}

var kindNames = [...]string{
	"invalid", "bool", "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32",
	"uint64", "uintptr", "float32", "float64", "complex64", "complex128", "array", "chan", "func",
	"interface", "map", "ptr", "slice", "string", "struct", "unsafe.Pointer",
}

func printTypes() {
	for i := 0; i < typesLen; i++ {
		t := &types[i]
		text(`{"type":`).integer(i).text(`,"expr":`).text(pool[poolOf[i]].expr)
		text(`,"size":`).integer(int(t.Size)).text(`,"align":`).integer(int(t.Align))
		text(`,"fieldalign":`).integer(int(t.FieldAlign)).text(`,"ptrbytes":`).integer(int(t.PtrBytes))
		text(`,"kind":"`).text(kindNames[t.Kind&31]).text(`","rawkind":`).integer(int(t.Kind))
		text(`,"tflag":`).integer(int(t.Flags)).text(`,"gcprog":`).boolean(t.Kind&64 != 0)
		if runtime.ArenalabOnDemand {
			text(`,"ondemand":`).boolean(t.Flags&16 != 0)
		}
		printMask(t)
		printProgram(t)
		printParts(t)
		text("}\n")
	}
	flush()
}

// printMask prints the mask's bits in hex and remembers the first pointer word.
func printMask(t *goType) {
	words := int(t.PtrBytes / 8)
	text(`,"ptrmask":{"n":`).integer(words).text(`,"hex":"`)
	if words > 0 {
		mask := runtime.ArenalabMask(t.pointer, scratch[:])
		if mask == nil {
			fail("a type has too many pointer words to be recorded")
		}
		bytes := unsafe.Slice((*byte)(mask), (words+7)/8)
		for i, b := range bytes {
			text("").hexByte(b)
			for bit := 0; bit < 8 && t.firstPointer < 0; bit++ {
				if b>>bit&1 != 0 {
					t.firstPointer = i*8 + bit
				}
			}
		}
		if t.Kind&64 != 0 {
			clear(bytes)
		}
	}
	text(`"}`)
}

func printProgram(t *goType) {
	text(`,"prog":"`)
	if start, n := runtime.ArenalabProgram(t.pointer); n > 0 {
		for _, b := range unsafe.Slice((*byte)(start), int(n)) {
			text("").hexByte(b)
		}
	}
	text(`"`)
}

func printParts(t *goType) {
	text(`,"offsets":`)
	if t.Offsets < 0 {
		text("null")
	} else {
		for i := 0; i < t.Offsets; i++ {
			separate(i, "[").integer(int(runtime.ArenalabFieldOffset(t.pointer, i)))
		}
		closeList(t.Offsets)
	}
	text(`,"array":`)
	if !t.IsArray {
		text("null")
		return
	}
	text("[").integer(int(t.Length)).text(",").integer(int(t.ElemSize)).text("]")
}

// separate prints what stands before element i of a list.
func separate(i int, open string) writer {
	if i == 0 {
		return text(open)
	}
	return text(",")
}

func closeList(n int) {
	if n == 0 {
		text("[")
	}
	text("]")
}
