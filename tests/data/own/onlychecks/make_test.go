package onlychecks

import (
	"arena"
	"testing"
)

func TestMake(*testing.T) { arena.NewArena().Free() }
