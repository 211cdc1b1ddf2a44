package flagged

import (
	"arena"
	"flag"
	"testing"
)

var many = flag.Int("many", 1, "how many values")

func TestMany(t *testing.T) {
	a := arena.NewArena()
	for range make([]int, *many) {
		arena.New[[3]int](a)
	}
	a.Free()
}

func TestOther(t *testing.T) { arena.NewArena().Free() }
