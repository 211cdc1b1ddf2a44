//go:build go1.24

package main

import (
	"arena"
	"fmt"
	"runtime"
	"weak"
)

var static node

func init() {
	trials = append(trials,
		trial{"add_cleanup_to_arena_object", nothing(func() { addCleanup(arena.New[node](arena.NewArena())) })},
		trial{"add_cleanup_to_freed_arena_object", nothing(func() { addCleanup(fullNode()) })},
		trial{"add_cleanup_to_nil", nothing(func() { addCleanup(nil) })},
		trial{"weak_value_of_freed_object_read", func() string { return fmt.Sprint(freedWeakly().Value().value) }},
		trial{"weak_value_after_sweep", func() string {
			w := freedWeakly()
			runtime.GC()
			return fmt.Sprint(w.Value() == nil)
		}},
		trial{"weak_make_of_nil", func() string { return fmt.Sprint(weak.Make((*node)(nil)).Value() == nil) }},
		trial{"weak_make_of_static", func() string { return fmt.Sprint(weak.Make(&static).Value() == &static) }},
		trial{"weak_make_of_zero_size", func() string {
			return fmt.Sprint(weak.Make(arena.New[empty](arena.NewArena())).Value() != nil)
		}},
	)
}

// freedWeakly returns a weak pointer to a node of a full chunk whose arena was freed.
//
//go:noinline
func freedWeakly() weak.Pointer[node] { return weak.Make(fullNode()) }

func addCleanup(n *node) { runtime.AddCleanup(n, func(int) {}, 0) }
