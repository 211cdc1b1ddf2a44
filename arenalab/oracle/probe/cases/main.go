// Cases that end badly, one a process: "cases NAME" lets the process die as it
// will, "cases NAME recover" tells what a deferred function can recover, "cases"
// lists the names and "cases clone" prints what Clone does.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

// The functions behind package arena, for requests that its types rule out.

//go:linkname rawArena arena.runtime_arena_newArena
func rawArena() unsafe.Pointer

//go:linkname rawNew arena.runtime_arena_arena_New
func rawNew(handle unsafe.Pointer, typ any) any

//go:linkname rawSlice arena.runtime_arena_arena_Slice
func rawSlice(handle unsafe.Pointer, slice any, cap int)

//go:linkname rawFree arena.runtime_arena_arena_Free
func rawFree(handle unsafe.Pointer)

// trial is one case; what it returns is printed if it comes to its end.
type trial struct {
	name string
	run  func() string
}

func main() {
	if len(os.Args) == 1 {
		for _, t := range trials {
			fmt.Println(t.name)
		}
		return
	}
	if os.Args[1] == "clone" {
		cloneRows()
		return
	}
	for _, t := range trials {
		if t.name == os.Args[1] {
			if len(os.Args) > 2 {
				defer tellRecovered()
			}
			fmt.Print(t.run())
			fmt.Fprint(os.Stderr, "returned")
			return
		}
	}
	fmt.Fprintln(os.Stderr, "unknown case")
	os.Exit(3)
}

func tellRecovered() {
	value := recover()
	if value == nil {
		return
	}
	_, fromRuntime := value.(runtime.Error)
	row := map[string]any{
		"type": fmt.Sprintf("%T", value), "runtime_error": fromRuntime, "message": fmt.Sprint(value),
	}
	json.NewEncoder(os.Stdout).Encode(row)
}

var sink any
