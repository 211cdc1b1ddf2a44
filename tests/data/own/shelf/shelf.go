// Package shelf is a library.
package shelf

import "arena"

// Make returns a value in an arena of its own.
func Make() *int { return arena.New[int](arena.NewArena()) }
