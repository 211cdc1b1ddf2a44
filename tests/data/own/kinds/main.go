// Kinds of arenas and types that a name does not tell apart, or that have none.
package main

import (
	"arena"
	"reflect"
)

type row[T any] struct {
	next *row[T]
	what T
}

func small(a *arena.Arena) any {
	type item struct{ n int32 }
	return arena.New[item](a)
}

func large(a *arena.Arena) any {
	type item struct {
		next *item
		data [40]byte
	}
	return arena.New[item](a)
}

// fill is generic, so what calls package arena is a function of several types.
func fill[T any](a *arena.Arena) *row[T] { return arena.New[row[T]](a) }

func main() {
	a := arena.NewArena()
	defer a.Free()
	for i := 0; i < 3; i++ {
		small(a)
		large(a)
	}
	made := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(0)}})
	reflect.ArenaNew(a, made)
	fill[int](a)
	fill[string](a)
	func() { arena.MakeSlice[int](a, 2, 3) }()
}
