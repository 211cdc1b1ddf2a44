package main

import (
	"arena"
	"fmt"
	"reflect"
	"runtime"
	"runtime/debug"
	"unsafe"
)

type node struct {
	next  *node
	value int
}

type empty struct{}
type huge [3 << 20]byte
type named string

func freed() *arena.Arena {
	a := arena.NewArena()
	a.Free()
	return a
}

func rawFreed() unsafe.Pointer {
	handle := rawArena()
	rawFree(handle)
	return handle
}

// fullNode makes a node at the start of a chunk, fills that chunk and frees the arena.
func fullNode() *node {
	a := arena.NewArena()
	n := arena.New[node](a)
	for i := 0; i < 4; i++ {
		arena.MakeSlice[byte](a, 2<<20, 2<<20)
	}
	a.Free()
	return n
}

// nothing wraps a case that has nothing to say.
func nothing(f func()) func() string {
	return func() string { f(); return "" }
}

func value[T any](v T) func() string {
	return nothing(func() { sink = arena.Clone(v) })
}

var trials = []trial{
	{"api_double_free", nothing(func() { freed().Free() })},
	{"api_free_zero_arena", nothing(func() { new(arena.Arena).Free() })},
	{"api_free_nil_arena", nothing(func() { (*arena.Arena)(nil).Free() })},
	{"api_new_after_free", nothing(func() { arena.New[node](freed()) })},
	{"api_new_zero_size_after_free", nothing(func() { arena.New[empty](freed()) })},
	{"api_new_nil_arena", nothing(func() { arena.New[node](nil) })},
	{"api_slice_after_free", nothing(func() { arena.MakeSlice[int](freed(), 1, 1) })},
	{"api_slice_negative_cap", nothing(func() { makeInts(arena.NewArena(), 0, -1) })},
	{"api_slice_negative_cap_after_free", nothing(func() { makeInts(freed(), 0, -1) })},
	{"api_slice_negative_len", nothing(func() { makeInts(arena.NewArena(), -1, 4) })},
	{"api_slice_len_above_cap", nothing(func() { makeInts(arena.NewArena(), 5, 4) })},
	{"api_slice_len_above_cap_zero", nothing(func() { makeInts(arena.NewArena(), 1, 0) })},
	{"api_slice_size_overflow", nothing(func() { arena.MakeSlice[[64]int](arena.NewArena(), 0, 1<<60) })},
	{"api_slice_size_over_maxalloc", nothing(func() { makeInts(arena.NewArena(), 0, 1<<50) })},
	{"api_slice_size_over_memory", nothing(func() { arena.MakeSlice[byte](arena.NewArena(), 0, 1<<46) })},
	{"api_slice_huge_cap_zero_size", func() string {
		s := arena.MakeSlice[empty](arena.NewArena(), 1<<60, 1<<62)
		return fmt.Sprint(len(s) == 1<<60, " ", cap(s) == 1<<62)
	}},
	{"use_after_free_full_read", func() string { return fmt.Sprint(fullNode().value) }},
	{"use_after_free_full_write", nothing(func() { fullNode().value = 1 })},
	{"use_after_free_full_panic_on_fault", func() string {
		debug.SetPanicOnFault(true)
		return fmt.Sprint(fullNode().value)
	}},
	{"use_after_free_active", func() string {
		a := arena.NewArena()
		n := arena.New[node](a)
		n.value = 42
		a.Free()
		return fmt.Sprint("no fault, value ", n.value)
	}},
	{"use_after_free_active_then_reused", reused},
	{"use_after_free_full_after_gc_held", func() string {
		n := fullNode()
		runtime.GC()
		return fmt.Sprint(n.value)
	}},
	{"set_finalizer_on_arena_object", nothing(func() {
		runtime.SetFinalizer(arena.New[node](arena.NewArena()), func(*node) {})
	})},
	{"pin_arena_object", nothing(func() { new(runtime.Pinner).Pin(arena.New[node](arena.NewArena())) })},
	{"raw_double_free", nothing(func() { rawFree(rawFreed()) })},
	{"raw_free_nil", nothing(func() { rawFree(nil) })},
	{"raw_new_after_free", nothing(func() { rawNew(rawFreed(), reflect.TypeOf((*node)(nil))) })},
	{"raw_new_zero_size_after_free", func() string {
		p := rawNew(rawFreed(), reflect.TypeOf((*empty)(nil))).(*empty)
		return fmt.Sprint(uintptr(unsafe.Pointer(p)) == runtime.ArenalabZerobase())
	}},
	{"raw_new_huge_after_free", func() string {
		return fmt.Sprint(rawNew(rawFreed(), reflect.TypeOf((*huge)(nil))).(*huge) != nil)
	}},
	{"raw_slice_after_free", nothing(func() { rawSlice(rawFreed(), new([]int), 1) })},
	{"raw_slice_zero_cap_after_free", func() string {
		s := new([]int)
		rawSlice(rawFreed(), s, 0)
		return fmt.Sprint(len(*s), " ", cap(*s), " ", *s != nil)
	}},
	{"raw_slice_huge_after_free", func() string {
		s := new([]byte)
		rawSlice(rawFreed(), s, 3<<20)
		return fmt.Sprint(len(*s), " ", cap(*s))
	}},
	{"raw_new_non_pointer_type", nothing(func() { rawNew(rawArena(), reflect.TypeOf(0)) })},
	{"raw_new_slice_type", nothing(func() { rawNew(rawArena(), reflect.TypeOf([]int(nil))) })},
	{"raw_new_nil_type", nothing(func() { rawNew(rawArena(), nil) })},
	{"raw_new_value_not_type", nothing(func() { rawNew(rawArena(), new([48]byte)) })},
	{"raw_slice_non_pointer", nothing(func() { rawSlice(rawArena(), 1, 1) })},
	{"raw_slice_slice_by_value", nothing(func() { rawSlice(rawArena(), []int(nil), 1) })},
	{"raw_slice_pointer_to_int", nothing(func() { rawSlice(rawArena(), new(int), 1) })},
	{"raw_slice_pointer_to_array", nothing(func() { rawSlice(rawArena(), new([3]int), 1) })},
	{"raw_slice_nil_interface", nothing(func() { rawSlice(rawArena(), nil, 1) })},
	{"raw_slice_nil_pointer", nothing(func() { rawSlice(rawArena(), (*[]int)(nil), 1) })},
	{"raw_slice_negative_cap_non_pointer", nothing(func() { rawSlice(rawArena(), 1, -1) })},
	{"raw_slice_negative_cap", nothing(func() { rawSlice(rawArena(), new([]int), -1) })},
	{"clone_int", value(3)},
	{"clone_bool", value(true)},
	{"clone_float64", value(1.5)},
	{"clone_complex128", value(1i)},
	{"clone_uintptr", value(uintptr(3))},
	{"clone_struct", value(node{})},
	{"clone_empty_struct", value(empty{})},
	{"clone_array", value([3]int{})},
	{"clone_map", value(map[int]int{})},
	{"clone_chan", value(make(chan int))},
	{"clone_func", value(func() {})},
	{"clone_unsafe_pointer", value(unsafe.Pointer(new(int)))},
	{"clone_interface_holding_int", value[any](3)},
	{"clone_interface_holding_pointer", func() string {
		three := 3
		return fmt.Sprint(*arena.Clone[any](&three).(*int))
	}},
	{"clone_error_nil", value[error](nil)},
	{"clone_any_nil", value[any](nil)},
	{"clone_nil_pointer", func() string { return fmt.Sprint(arena.Clone((*int)(nil)) == nil) }},
	{"clone_nil_slice", func() string { return fmt.Sprint(arena.Clone([]int(nil)) == nil) }},
	{"clone_empty_string", func() string { return fmt.Sprint(arena.Clone("") == "") }},
	{"clone_named_string_in_arena", func() string {
		b := arena.MakeSlice[byte](arena.NewArena(), 3, 3)
		return string(arena.Clone(named(unsafe.String(&b[0], 3))))
	}},
	{"clone_named_string_static", func() string { return string(arena.Clone(named("abc"))) }},
	{"clone_freed_full_pointer", nothing(func() { sink = arena.Clone(fullNode()) })},
	{"reflect_arena_new_after_free", nothing(func() { reflect.ArenaNew(freed(), reflect.TypeOf(0)) })},
	{"reflect_arena_new_nil_type", nothing(func() { reflect.ArenaNew(arena.NewArena(), nil) })},
	{"reflect_arena_new_int", func() string {
		v := reflect.ArenaNew(arena.NewArena(), reflect.TypeOf(0))
		return fmt.Sprint(v.Kind(), " ", v.Type(), " ", v.Elem().Int())
	}},
	{"goexit_with_live_arena", func() string {
		done := make(chan string)
		go func() {
			defer func() { done <- "ok" }()
			arena.New[node](arena.NewArena())
			runtime.Goexit()
		}()
		return <-done
	}},
}

//go:noinline
func makeInts(a *arena.Arena, len, cap int) []int { return arena.MakeSlice[int](a, len, cap) }

func reused() string {
	a := arena.NewArena()
	old := arena.New[node](a)
	old.value = 41
	a.Free()
	fresh := arena.New[node](arena.NewArena())
	distance := uintptr(unsafe.Pointer(fresh)) - uintptr(unsafe.Pointer(old))
	return fmt.Sprint("no fault; old value ", old.value, " new object 16 bytes further: ", distance,
		" new value ", fresh.value)
}
