"""A program of several goroutines that overtake each other, with the lines that asked for its operations."""

from dataclasses import replace
from functools import cache

import numpy as np

from arenalab import GO_1_21, type_of
from arenalab.machine.machine import Machine
from arenalab.world import ops
from arenalab.world.schedule import Begin, GoOn
from arenalab.world.sites import Site, Sites

NODE, QUARTER = type_of("struct{ p *int; n int }"), type_of("[2097152]byte")
EVIL = "</div><script>alert(1)</script>&\"'"  #: a source that is no friend of the page.
SOURCE = "\n".join(
    ["package main", "", "func answer() {", f"\ta := arena.NewArena() // {EVIL}", "\tfill(a)", "}"]
)
FUNCTION = "main.(*server).answer"


def machine():
    """Goroutine 7 waits for its first chunk while 9 gets one; 5 waits within Free while others allocate and mark."""
    made = Machine(replace(GO_1_21, gogc=-1))
    made.do(ops.NewArena(0), goroutine=5)
    for _ in range(9):
        made.do(ops.New(0, QUARTER), goroutine=5)
    made.take(Begin(7, ops.NewArena(1), until="reuse empty"))
    made.do(ops.NewArena(2), goroutine=9)
    made.take(Begin(5, ops.Free(0), until="chunk freed"))
    made.do(ops.New(2, NODE), goroutine=9)
    made.take(GoOn(7))
    made.do(ops.RunGC())
    made.do(ops.New(1, NODE), goroutine=7)
    made.take(GoOn(5))
    made.do(ops.Free(1), goroutine=7)
    made.do(ops.Drop(2), goroutine=9)
    made.do(ops.RunGC())
    return made


@cache
def overtaking():
    """Its history, without sites; read only."""
    return machine().history


def with_sites(folder, history=None):
    """Its history or that given, with a source in `folder` that is at hand, and one that is not."""
    (folder / "server.go").write_text(SOURCE)
    history = history or machine().history
    which = [
        0 if isinstance(op, ops.NewArena | ops.New) else 1 if isinstance(op, ops.Free) else -1
        for op in history.ops
    ]
    known = [Site("server.go", 4, FUNCTION), Site("/gone/free.go", 9, "main.done")]
    history.sites = Sites(known, np.array(which, dtype=np.int32), folder)
    return history
