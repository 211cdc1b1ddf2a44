// Keeps an Arena by value that nobody made.
package main

import "arena"

type wrapper struct{ a arena.Arena }

func main() {
	w := &wrapper{}
	arena.New[int](&w.a)
}
