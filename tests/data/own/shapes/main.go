// Command shapes allocates one value of each of many types while it traces itself, and prints of each what package
// reflect says: its name as the runtime has it, and for each of its words whether it is a pointer.
//
//	shapes out.trace
package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"runtime"
	"runtime/trace"
	"strings"
	"unsafe"
)

const word = unsafe.Sizeof(uintptr(0))

type (
	small struct {
		next *small
		n    int
		s    string
	}
	mixed struct {
		b    bool
		i    io.Reader
		e    any
		m    map[string]int
		f    func()
		c    chan int
		u    uintptr
		p    unsafe.Pointer
		list []int
		s    small
		a    [3]small
		none struct{}
		end  [5]byte
	}
	bare   struct{ a, b [4]uint64 }
	large  struct{ rows [9000]small }
	nested struct {
		head [70000]byte
		in   [40][100]mixed
		tail *large
	}
	empty struct {
		none [0]*int
		p    *int
		_    [0]func()
	}
	of[T any] struct {
		value T
		next  *of[T]
	}
)

var kept []any

func keep[T any]() { kept = append(kept, new(T)) }

// mark sets the words of a type that are pointers, from what the language says of each kind.
func mark(t reflect.Type, words []bool, at uintptr) {
	switch t.Kind() {
	case reflect.Array:
		for i := 0; i < t.Len(); i++ {
			mark(t.Elem(), words, at+uintptr(i)*t.Elem().Size())
		}
	case reflect.Struct:
		for i := 0; i < t.NumField(); i++ {
			mark(t.Field(i).Type, words, at+t.Field(i).Offset)
		}
	case reflect.Interface:
		words[at/word+1] = true // what the first word points to is outside the heap
	case reflect.Chan, reflect.Func, reflect.Map, reflect.Pointer, reflect.Slice, reflect.String, reflect.UnsafePointer:
		words[at/word] = true
	}
}

func main() {
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	defer out.Close()
	if err := trace.Start(out); err != nil {
		panic(err)
	}
	keep[small]()
	keep[mixed]()
	keep[bare]()
	keep[large]()
	keep[nested]()
	keep[empty]()
	keep[of[string]]()
	keep[of[int]]()
	keep[[7]any]()
	keep[[20000]*int]()
	keep[*int]()
	made := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(kept)}, {Name: "B", Type: reflect.TypeOf(0)}})
	reflect.New(made)
	trace.Stop()
	for _, each := range kept {
		t := reflect.TypeOf(each).Elem()
		words := make([]bool, (t.Size()+word-1)/word)
		mark(t, words, 0)
		var text strings.Builder
		for _, is := range words {
			text.WriteByte("01"[map[bool]int{true: 1}[is]])
		}
		fmt.Println(t.String(), text.String())
	}
	runtime.KeepAlive(kept)
}
