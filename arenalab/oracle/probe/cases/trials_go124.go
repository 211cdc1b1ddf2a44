//go:build go1.24

package main

import (
	"arena"
	"runtime"
)

func init() {
	trials = append(trials,
		trial{"add_cleanup_to_arena_object", nothing(func() { addCleanup(arena.New[node](arena.NewArena())) })},
		trial{"add_cleanup_to_freed_arena_object", nothing(func() { addCleanup(fullNode()) })},
		trial{"add_cleanup_to_nil", nothing(func() { addCleanup(nil) })},
	)
}

func addCleanup(n *node) { runtime.AddCleanup(n, func(int) {}, 0) }
