package main

import (
	"arena"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

type record struct {
	next  *record
	text  string
	items []int
	value int
}

type namedInts []int

var global record

func print(name string, row map[string]any) {
	row["case"] = name
	json.NewEncoder(os.Stdout).Encode(row)
}

// where says what kind of memory an address belongs to.
func where(p unsafe.Pointer) string {
	switch span := runtime.ArenalabSpanOf(uintptr(p)); {
	case p == nil:
		return "nil"
	case uintptr(p) == runtime.ArenalabZerobase():
		return "zerobase"
	case span == 0:
		return "static"
	default:
		var s runtime.ArenalabSpan
		runtime.ArenalabReadSpan(span, &s)
		if s.Chunk {
			return "chunk"
		}
		return "heap"
	}
}

func sizeClass(p unsafe.Pointer) [2]int {
	var s runtime.ArenalabSpan
	if where(p) == "heap" {
		runtime.ArenalabReadSpan(runtime.ArenalabSpanOf(uintptr(p)), &s)
	}
	return [2]int{int(s.ElemSize), int(s.SpanClass & 1)}
}

func addresses(row map[string]any, from, to unsafe.Pointer) map[string]any {
	row["from"], row["to"], row["same_pointer"] = where(from), where(to), from == to
	row["to_span_elemsize_noscan"] = sizeClass(to)
	return row
}

func pointer[T any](name string, p *T) *T {
	q := arena.Clone(p)
	sink = q
	row := map[string]any{"kind": "ptr", "size": unsafe.Sizeof(*p)}
	print(name, addresses(row, unsafe.Pointer(p), unsafe.Pointer(q)))
	return q
}

func slice[T any](name string, s []T) []T {
	t := arena.Clone(s)
	sink = t
	var element T
	row := map[string]any{
		"kind": "slice", "elemsize": unsafe.Sizeof(element),
		"len": [2]int{len(s), len(t)}, "cap": [2]int{cap(s), cap(t)}, "nil": [2]bool{s == nil, t == nil},
	}
	print(name, addresses(row, unsafe.Pointer(unsafe.SliceData(s)), unsafe.Pointer(unsafe.SliceData(t))))
	return t
}

func text(name, s string) {
	t := arena.Clone(s)
	sink = t
	row := map[string]any{"kind": "string", "len": [2]int{len(s), len(t)}, "equal": s == t}
	print(name, addresses(row, unsafe.Pointer(unsafe.StringData(s)), unsafe.Pointer(unsafe.StringData(t))))
}

func cloneRows() {
	a := arena.NewArena()
	pointerRows(a)
	sliceRows(a)
	stringRows(a)
	namedRows(a)
	freedRows()
}

func pointerRows(a *arena.Arena) {
	r := arena.New[record](a)
	*r = record{arena.New[record](a), "text", arena.MakeSlice[int](a, 2, 4), 5}
	c := pointer("pointer to struct in arena", r)
	print("struct copy is shallow", map[string]any{
		"next_in": where(unsafe.Pointer(c.next)), "next_same": c.next == r.next,
		"slice_len_cap":    [2]int{len(c.items), cap(c.items)},
		"slice_same_array": &c.items[0] == &r.items[0],
		"string_same_data": unsafe.StringData(c.text) == unsafe.StringData(r.text),
		"value_copied":     c.value == r.value,
	})
	r.value = 77
	print("copy is independent", map[string]any{"clone": c.value, "original": r.value})
	pointer("pointer to heap struct", heapRecord())
	pointer("pointer to global", &global)
	pointer("nil pointer", (*record)(nil))
	pointer("pointer to field inside arena object", &r.value)
	pointer("pointer to element inside arena slice", &r.items[1])
	pointer("pointer to zero-size from arena", arena.New[struct{}](a))
	pp := arena.New[*record](a)
	*pp = r
	pointer("pointer to pointer in arena", pp)
	pointer("pointer to 1 MiB array in arena", arena.New[[1 << 20]byte](a))
	pointer("pointer to over-2MiB array (arena.New gave heap)", arena.New[[3 << 20]byte](a))
}

//go:noinline
func heapRecord() *record { return new(record) }

func sliceRows(a *arena.Arena) {
	s := arena.MakeSlice[int](a, 3, 10)
	s[0] = 1
	c := slice("slice len 3 cap 10 in arena", s)
	s[0] = 100
	print("slice copy is independent", map[string]any{"clone": c[0], "original": s[0]})
	slice("subslice [1:2] in arena", s[1:2])
	slice("subslice [1:1] in arena", s[1:1])
	slice("subslice [3:3:3] in arena", s[3:3:3])
	slice("slice len 0 cap 10 in arena", arena.MakeSlice[int](a, 0, 10))
	fresh := arena.NewArena()
	end := arena.MakeSlice[byte](fresh, 100, 100)
	slice("slice at the chunk's very end, [len:] empty", end[len(end):])
	slice("cap 0 slice from arena", arena.MakeSlice[int](a, 0, 0))
	slice("zero-size elements from arena", arena.MakeSlice[struct{}](a, 5, 9))
	slice("nil slice", []int(nil))
	slice("heap slice len 3 cap 10", heapInts(3, 10))
	slice("over-2MiB slice (heap)", arena.MakeSlice[byte](a, 3<<20, 4<<20))
	pointers := arena.MakeSlice[*record](a, 2, 3)
	pointers[0], pointers[1] = arena.New[record](a), arena.New[record](a)
	copied := slice("slice of pointers in arena", pointers)
	print("slice of pointers is shallow", map[string]any{
		"same0": copied[0] == pointers[0], "same1": copied[1] == pointers[1],
		"target": where(unsafe.Pointer(copied[0])),
	})
	slice("slice of strings in arena", arena.MakeSlice[string](a, 2, 3))
	slice("[]byte in arena len 5 cap 16", arena.MakeSlice[byte](a, 5, 16))
	slice("[]byte in arena len 100000", arena.MakeSlice[byte](a, 100000, 100001))
}

//go:noinline
func heapInts(len, cap int) []int { return make([]int, len, cap) }

func stringRows(a *arena.Arena) {
	b := arena.MakeSlice[byte](a, 5, 8)
	copy(b, "hello")
	s := unsafe.String(&b[0], len(b))
	text("string over arena bytes", s)
	text("substring over arena bytes", s[1:3])
	text("empty substring over arena bytes", s[1:1])
	text("static string", "static text")
	text("empty string", "")
	text("heap string", heapString(10))
}

//go:noinline
func heapString(n int) string { return string(make([]byte, n)) }

func namedRows(a *arena.Arena) {
	b := arena.MakeSlice[byte](a, 3, 3)
	func() {
		row := map[string]any{"panics": false}
		defer func() {
			if r := recover(); r != nil {
				row["panics"], row["message"] = true, fmt.Sprint(r)
			}
			print("named string type over arena bytes", row)
		}()
		arena.Clone(named(unsafe.String(&b[0], len(b))))
	}()
	kept := any(arena.Clone(named("static")))
	value, isNamed := kept.(named)
	print("named string type, not in an arena", map[string]any{"type_kept": isNamed, "value": string(value)})
	ints := arena.Clone(namedInts(arena.MakeSlice[int](a, 3, 5)))
	print("named slice type", map[string]any{"len": len(ints), "cap": cap(ints), "to": where(unsafe.Pointer(&ints[0]))})
	r := arena.New[record](a)
	held := arena.Clone[any](r).(*record)
	print("any holding arena pointer", map[string]any{"same_pointer": held == r, "to": where(unsafe.Pointer(held))})
	heldInts := arena.Clone[any](arena.MakeSlice[int](a, 3, 5)).([]int)
	sink = heldInts
	print("any holding arena slice", map[string]any{
		"len": len(heldInts), "cap": cap(heldInts), "to": where(unsafe.Pointer(&heldInts[0])),
	})
}

func freedRows() {
	a := arena.NewArena()
	r := arena.New[record](a)
	r.value = 12
	a.Free()
	c := pointer("pointer into freed active chunk", r)
	print("value read from freed active chunk", map[string]any{"v": c.value})
	b := arena.NewArena()
	r = arena.New[record](b)
	bytes := arena.MakeSlice[byte](b, 1, 1)
	ints := arena.MakeSlice[int](b, 3, 3)
	bytes[0], ints[0], ints[1], ints[2], r.value = 'x', 1, 2, 3, 5
	kept, s, t := arena.Clone(r), arena.Clone(unsafe.String(&bytes[0], 1)), arena.Clone(ints)
	b.Free()
	print("clone outlives Free", map[string]any{"v": kept.value, "string": s, "slice": t})
}
