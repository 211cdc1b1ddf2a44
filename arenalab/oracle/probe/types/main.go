// Command types prints what the Go compiler wrote into the descriptors of the types in `pool`:
// one JSON row for each, in the format of a recording's type rows.
//
// The descriptors are read in place, through a mirror of their layout. The mask is what the runtime
// gives: expanded by its own interpreter where there is a GC program, built by itself where it is made
// on demand.
package main

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math/bits"
	"os"
	"reflect"
	"runtime"
	"unsafe"
)

// descriptor mirrors the head of a type descriptor on a 64-bit machine; it is the same since Go 1.21.
type descriptor struct {
	size, ptrBytes                 uintptr
	hash                           uint32
	tflag, align, fieldAlign, kind uint8
	equal                          func(unsafe.Pointer, unsafe.Pointer) bool
	gcData                         *byte
}

const (
	gcProgram = 64 // in kind, until Go 1.23
	onDemand  = 16 // in tflag, since Go 1.24
)

// hexUpTo is the longest mask, in bits, that is also printed in full.
const hexUpTo = 4096

// maskUpTo is the longest mask, in bits, that is expanded at all; of a longer one only n is printed.
const maskUpTo = 1 << 31

type ptrMask struct {
	N      int    `json:"n"`
	Ones   *int   `json:"ones,omitempty"`
	Sha256 string `json:"sha256,omitempty"`
	Hex    string `json:"hex,omitempty"`
}

type row struct {
	I          int       `json:"i"`
	Size       uintptr   `json:"size"`
	Align      uint8     `json:"align"`
	FieldAlign uint8     `json:"fieldalign"`
	PtrBytes   uintptr   `json:"ptrbytes"`
	Kind       string    `json:"kind"`
	RawKind    uint8     `json:"rawkind"`
	TFlag      uint8     `json:"tflag"`
	GCProg     bool      `json:"gcprog"`
	OnDemand   *bool     `json:"ondemand,omitempty"`
	PtrMask    ptrMask   `json:"ptrmask"`
	Prog       string    `json:"prog"`
	Offsets    []uintptr `json:"offsets"`
	Array      []uintptr `json:"array"`
}

// expand returns the mask of a type.
func expand(d *descriptor) ptrMask {
	words := int(d.ptrBytes / unsafe.Sizeof(uintptr(0)))
	if words > maskUpTo {
		return ptrMask{N: words}
	}
	mask := make([]byte, (words+7)/8)
	if words > 0 {
		scratch := make([]byte, 0)
		if d.kind&gcProgram != 0 {
			scratch = make([]byte, len(mask)+16)
		}
		copy(mask, unsafe.Slice((*byte)(runtime.ArenalabMaskAt(unsafe.Pointer(d), scratch)), len(mask)))
	}
	ones := 0
	for _, b := range mask {
		ones += bits.OnesCount8(b)
	}
	digest := sha256.Sum256(mask)
	m := ptrMask{N: words, Ones: &ones, Sha256: hex.EncodeToString(digest[:16])}
	if words <= hexUpTo {
		m.Hex = hex.EncodeToString(mask)
	}
	return m
}

// read returns the row of the type T of which `pointer` is a nil *[]T.
func read(i int, pointer any) row {
	typ := reflect.TypeOf(pointer).Elem().Elem()
	d := *(**descriptor)(unsafe.Add(unsafe.Pointer(&typ), unsafe.Sizeof(uintptr(0))))
	r := row{
		I: i, Size: d.size, Align: d.align, FieldAlign: d.fieldAlign, PtrBytes: d.ptrBytes,
		Kind: typ.Kind().String(), RawKind: d.kind, TFlag: d.tflag, GCProg: d.kind&gcProgram != 0,
	}
	if runtime.ArenalabOnDemand {
		built := d.tflag&onDemand != 0
		r.OnDemand = &built
	}
	if r.GCProg {
		length := *(*uint32)(unsafe.Pointer(d.gcData))
		r.Prog = hex.EncodeToString(unsafe.Slice((*byte)(unsafe.Add(unsafe.Pointer(d.gcData), 4)), length))
	}
	r.PtrMask = expand(d)
	switch typ.Kind() {
	case reflect.Struct:
		r.Offsets = []uintptr{}
		for j := 0; j < typ.NumField(); j++ {
			r.Offsets = append(r.Offsets, typ.Field(j).Offset)
		}
	case reflect.Array:
		r.Array = []uintptr{uintptr(typ.Len()), typ.Elem().Size()}
	}
	return r
}

func main() {
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	for i, pointer := range pool {
		if err := encoder.Encode(read(i, pointer)); err != nil {
			panic(err)
		}
	}
}
