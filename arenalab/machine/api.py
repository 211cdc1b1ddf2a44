"""The doors into user arenas: package arena, reflect.ArenaNew, and the runtime functions behind them.

Rules:
1. What a door checks is checked in Go's order, since the first failure is the one that is seen.
2. A nil Arena is no special case in Go: some field is read through nil, and the fault's address
   is that field's offset.

Follows arena/arena.go and reflect/arena.go, and arena_arena_New, (*userArena).slice and
arena_arena_Free in runtime/arena.go, Go 1.21.
"""

from __future__ import annotations

from collections.abc import Callable

from arenalab.errors import GoPanic, GoThrow, ScenarioError
from arenalab.go import nil_reads
from arenalab.go.mirror import mirrors
from arenalab.go.type_layout import laid_out
from arenalab.machine import user_arena
from arenalab.machine.heap_bits import ONE_VALUE, set_bits
from arenalab.machine.program import known
from arenalab.machine.steps import Steps, acting
from arenalab.world import end_events as end
from arenalab.world import ops
from arenalab.world.actors import FINALIZER
from arenalab.world.ops import NIL_ARENA, ZERO_ARENA
from arenalab.world.queries import left_by_a_copy
from arenalab.world.state import World
from arenalab.world.touch import nil_panic

NEGATIVE_CAP = "userArena.slice: negative cap"
NON_POINTER_TYPE = "arena_New: non-pointer type"
NON_POINTER_RESULT = "slice result of non-ptr type"
NON_SLICE_RESULT = "slice of non-ptr-to-slice type"
NIL_REFLECT_TYPE = "interface conversion: reflect.Type is nil, not *reflect.rtype"
TYPE_ASSERTION = "*runtime.TypeAssertionError"
NIL_SLICE = "nil *[]T"  #: a nil pointer to a slice, given where the result is written.

Field = Callable[[int], int]  #: pointer size -> offset of a field


def named(w: World, number: int) -> None:
    """Read the pointer inside the program's Arena value, which every method does first.

    Raises:
        GoPanic: a nil *Arena.
        ScenarioError: the program never made the arena, or dropped it.

    """
    if number == NIL_ARENA:
        raise nil_panic(nil_reads.arena_handle(), "the *Arena is nil")
    if number != ZERO_ARENA:
        known(w, number)


def usable(w: World, number: int, field: Field, *, copied: bool) -> None:
    """Read a field of the handle that the Arena value points to.

    Raises:
        GoPanic: the Arena is its zero value, or was freed: `Free` sets its pointer to nil, and not a copy's.

    """
    offset = field(w.rules.ptr_size)
    if number == ZERO_ARENA:
        raise nil_panic(offset, "the Arena is its zero value")
    if known(w, number).defunct and not (copied or left_by_a_copy(w, number)):
        raise nil_panic(offset, f"user arena {number} is freed: Free set the Arena's pointer to nil")


@mirrors("arena.go", "arena_arena_New")
@mirrors("arena.go", "(*userArena).new")
def new(w: World, op: ops.New, bits: user_arena.SetBits = set_bits) -> Steps[None]:
    """Place a value: arena.New, reflect.ArenaNew, or the runtime's function given any type.

    Raises:
        GoPanic: no usable arena, no type at all.
        GoThrow: a type that is no pointer type.

    """
    row = w.user_arenas.get(op.user_arena)
    if row is None or row.defunct or row.dropped or not op.given.startswith("*"):
        named(w, op.user_arena)
        _check_new(w, op.given)
        usable(w, op.user_arena, nil_reads.user_arena_active, copied=op.copied)
    # Handed on rather than yielded from: the hottest path of all does without one more generator.
    return user_arena.alloc(w, op.user_arena, laid_out(op.type, w.rules), ONE_VALUE, bits)


def _check_new(w: World, given: str) -> None:
    if given == "nil reflect.Type":
        raise GoPanic(NIL_REFLECT_TYPE, "reflect.PointerTo looks into the type", go_type=TYPE_ASSERTION)
    if given == "nil":
        raise nil_panic(nil_reads.type_kind(w.rules.ptr_size), "the kind of a nil type is read")
    if not given.startswith("*"):
        raise GoThrow(NON_POINTER_TYPE, f"{given} is no pointer type, so there is nothing to point to")


@mirrors("arena.go", "arena_arena_Slice")
@mirrors("arena.go", "(*userArena).slice")
def make_slice(w: World, op: ops.MakeSlice, bits: user_arena.SetBits = set_bits) -> Steps[None]:
    """Place a slice's backing store; its length is checked only afterwards, by the public API.

    Raises:
        GoPanic: negative capacity, no pointer to a slice, no usable arena, a length outside [0, cap].

    """
    named(w, op.user_arena)
    _check_slice(w, op.given, op.cap)
    usable(w, op.user_arena, nil_reads.user_arena_active, copied=op.copied)
    yield from user_arena.alloc(w, op.user_arena, laid_out(op.type, w.rules), op.cap, bits)
    if op.given == NIL_SLICE:
        raise nil_panic(nil_reads.slice_len(w.rules.ptr_size), "the header's len is written through nil")
    _check_length(op.len, op.cap)


def _check_slice(w: World, given: str, cap: int) -> None:
    if cap < 0:
        raise GoPanic(NEGATIVE_CAP, f"cap is {cap}")
    if given == "nil":
        raise nil_panic(nil_reads.type_kind(w.rules.ptr_size), "the kind of a nil interface's type is read")
    pointed_to = given.removeprefix("nil ")
    if not pointed_to.startswith("*"):
        raise GoPanic(NON_POINTER_RESULT, f"{given} is no pointer, so the slice can't be handed back")
    if not pointed_to.startswith("*[]"):
        raise GoPanic(NON_SLICE_RESULT, f"{given} doesn't point to a slice")


def _check_length(length: int | None, cap: int) -> None:
    if length is not None and not 0 <= length <= cap:
        shown = f"[:{length}]" + (f" with capacity {cap}" if length > cap else "")
        text, why = f"runtime error: slice bounds out of range {shown}", "the memory is already taken by then"
        raise GoPanic(text, why, go_type="runtime.boundsError")


@mirrors("arena.go", "arena_arena_Free")
def free(w: World, op: ops.Free) -> Steps[None]:
    """Free through the program's Arena value, or through a copy of it made before."""
    named(w, op.user_arena)
    usable(w, op.user_arena, nil_reads.user_arena_defunct, copied=op.copied)
    steps = user_arena.free(w, op.user_arena)
    yield from acting(FINALIZER, steps) if op.by_finalizer else steps
    if op.copied:
        yield end.ArenaValueLeft(op.user_arena)


def check_repeat(w: World, number: int, count: int) -> None:
    """Check the arena and the count of a repetition.

    Raises:
        GoPanic: no usable arena.
        ScenarioError: a negative count.

    """
    named(w, number)
    usable(w, number, nil_reads.user_arena_active, copied=False)
    if count < 0:
        raise ScenarioError(f"n is {count}; a repetition needs 0 or more")
