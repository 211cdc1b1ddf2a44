"""Calls: how a Go programmer writes an operation. The one home of that, for pictures, listings and exercises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from arenalab.units import hex_addr
from arenalab.view.columns import brief
from arenalab.world import ops
from arenalab.world.ops import Op

LONGEST_CALL = 200  #: characters.


class Names(NamedTuple):
    """How arenas and objects are called: by their numbers, or, in a loop that has others each time around, without."""

    any_arena: bool = False  #: whether arenas have no number.
    any_object: bool = False  #: whether objects have no number.

    def arena(self, number: int) -> str:
        """Return the name of an arena: "a3"; of what no NewArena made as Go writes it."""
        odd = {ops.NIL_ARENA: "nil", ops.ZERO_ARENA: "new(arena.Arena)"}
        return odd.get(number, "a" if self.any_arena else f"a{number}")

    def object(self, number: int) -> str:
        """Return what an object is called."""
        places = {ops.NIL: "nil", ops.STATIC: "a static value", ops.HEAP: "a heap value"}
        return places.get(number, "the object" if self.any_object else f"object {number}")


BY_NUMBER = Names()

#: How a Go programmer would write an operation; one that is not here writes itself.
CALLS: dict[type[Op], Callable[[Any, Names], str]] = {
    ops.NewArena: lambda op, its: f"{its.arena(op.user_arena)} := arena.NewArena()",
    ops.New: lambda op, its: f"arena.New[{_type(op)}]({its.arena(op.user_arena)})",
    ops.MakeSlice: lambda op, its: (
        f"arena.MakeSlice[{_type(op)}]({its.arena(op.user_arena)}, {op.cap if op.len is None else op.len}, {op.cap})"
    ),
    ops.Rep: lambda op, its: f"{op.n:,} × arena.New[{_type(op)}]({its.arena(op.user_arena)})",
    ops.Free: lambda op, its: (
        f"{its.arena(op.user_arena)}.Free(){', called by its finalizer' if op.by_finalizer else ''}"
    ),
    ops.Drop: lambda op, its: f"{its.arena(op.user_arena)} = nil",
    ops.Hold: lambda op, its: f"global{op.hold} = last object of {its.arena(op.user_arena)}",
    ops.Unhold: lambda op, _: f"global{op.hold} = nil",
    ops.Link: lambda op, its: f"last object of {its.arena(op.from_arena)} → last object of a{op.to_arena}",
    ops.RunGC: lambda *_: "runtime.GC()",
    ops.Write: lambda op, its: f"{its.object(op.object)}, byte {op.offset} = {op.value}",
    ops.Store: lambda op, _: f"word at {hex_addr(op.slot)} = {hex_addr(op.target) if op.target else 'nil'}",
    ops.Clone: lambda op, its: f"arena.Clone({_cloned(op, its)})",
    ops.SetFinalizer: lambda op, its: f"runtime.SetFinalizer({its.object(op.object)}, f)",
    ops.AddCleanup: lambda op, its: f"runtime.AddCleanup({its.object(op.object)}, f, arg)",
    ops.Pin: lambda op, its: f"pinner.Pin({its.object(op.object)})",
    ops.MakeWeak: lambda op, its: f"w{op.weak} := weak.Make({_byte(op, its)})",
    ops.WeakValue: lambda op, _: f"w{op.weak}.Value()",
    ops.Read: lambda op, its: f"read byte {op.offset} of {its.object(op.object)}",
    ops.MarkBegin: lambda *_: "(a collection starts, and is marking from now on)",
    ops.MarkEnd: lambda *_: "(that collection ends)",
}


def call_of(op: Op, names: Names = BY_NUMBER) -> str:
    """Write an operation as a Go programmer would: "arena.New[int](a0)".

    >>> from arenalab.world.ops import NewArena
    >>> call_of(NewArena(0))
    'a0 := arena.NewArena()'
    """
    written = CALLS.get(type(op))
    return brief(str(op) if written is None else written(op, names), LONGEST_CALL)


def _type(op: Any) -> str:
    return brief(op.type.expr)


def _byte(op: Any, its: Names) -> str:
    return f"byte {op.offset} of {its.object(op.object)}" if op.offset else its.object(op.object)


def _cloned(op: Any, its: Names) -> str:
    what = its.object(op.object)
    return what if op.kind == "ptr" and not op.offset else f"{op.kind} at byte {op.offset} of {what}"
