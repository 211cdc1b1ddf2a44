"""Clone: copy a value out of a user arena, to the heap.

Rules:
1. Whether there is a copy depends on one thing: does the value's data lie in a chunk, in use or not.
2. The copy is shallow: words are copied as they are, so pointers in it still lead into the arena.
3. A chunk in quarantine faults while its bytes are copied; one on the reuse list gives old bytes.

Follows arena_heapify in runtime/arena.go, Go 1.21.
"""

from __future__ import annotations

from arenalab.errors import GoPanic, ScenarioError
from arenalab.go.mirror import mirrors
from arenalab.go.nil_reads import type_kind
from arenalab.go.sizeclasses import elem_size, span_of_own_pages
from arenalab.go.type_layout import laid_out
from arenalab.go.type_rows import KINDS
from arenalab.machine.access import reached
from arenalab.machine.steps import Steps
from arenalab.world.access_events import ClonedToHeap, CloneKept
from arenalab.world.ops import HEAP, NIL, STATIC, Clone
from arenalab.world.state import AT_ZEROBASE, World
from arenalab.world.touch import Pointer, in_user_arena_chunk, nil_panic
from arenalab.world.words import words_of

NOT_CLONEABLE = "arena: Clone only supports pointers, slices, and strings"
TYPE_ASSERTION = "*runtime.TypeAssertionError"
PLACES = {NIL: "nil", STATIC: "static", HEAP: "heap"}


@mirrors("arena.go", "arena_heapify")
def clone(w: World, op: Clone) -> Steps[None]:
    """Copy a pointer's value, a slice's elements or a string's bytes, if they lie in a chunk.

    Raises:
        GoPanic: a nil interface, another kind, or a declared string type (the copy is a plain string).
        GoFault: the chunk is in quarantine.

    """
    _check_kind(w, op)
    if not lies_in_chunk(w, op):
        yield CloneKept(op.object)
        return
    if op.kind == "string" and op.declared:
        text = f"interface conversion: interface {{}} is {op.declared}, not string"
        raise GoPanic(text, "the copy is asserted to be a plain string", go_type=TYPE_ASSERTION)
    yield _copied(w, op)


def _check_kind(w: World, op: Clone) -> None:
    if op.kind == "nil":
        why = "a nil interface has no type whose kind could be read"
        raise nil_panic(type_kind(w.rules.ptr_size), why)
    if op.kind not in KINDS:
        raise ScenarioError(f"kind {op.kind!r} is none of Go's; there is nil, {', '.join(KINDS)}")
    if op.kind not in ("ptr", "slice", "string"):
        raise GoPanic(NOT_CLONEABLE, f"the value's kind is {op.kind}")
    if op.kind != "ptr" and op.len < 0:
        raise ScenarioError(f"a {op.kind} needs a len of 0 or more, not {op.len}")
    if op.object not in PLACES and not 0 <= op.object < len(w.ledger):
        raise ScenarioError(f"there is no object {op.object}; {len(w.ledger)} were made, numbered from 0")


def lies_in_chunk(w: World, op: Clone) -> bool:
    """Return whether the data of what is cloned lies in a chunk.

    An empty string is put into the interface as the zero string, so its address is lost before.
    """
    if op.object < 0 or (op.kind == "string" and op.len == 0):
        return False
    return in_user_arena_chunk(w.span_of(w.ledger.row(op.object)[0] + op.offset))


def place_of(w: World, number: int) -> str:
    """Describe what kind of memory an object is in: nil, static, heap, zerobase or chunk."""
    if number < 0:
        return PLACES[number]
    addr, *_, chunk = w.ledger.row(number)
    if chunk == AT_ZEROBASE:
        return "zerobase"
    return "chunk" if in_user_arena_chunk(w.span_of(addr)) else "heap"


def _copied(w: World, op: Clone) -> ClonedToHeap:
    cap = -1 if op.kind == "ptr" else op.len
    size, noscan, rules = op.type.size * (1 if cap < 0 else cap), op.type.noscan, w.rules
    words: tuple[tuple[int, int], ...] = ()
    if size:  # not one byte is read otherwise
        pointer = Pointer(op.object, op.offset)
        words = tuple(words_of(w, reached(w, pointer), pointer, size))
    npages = span_of_own_pages(size, rules)
    return ClonedToHeap(
        op.object, op.offset, laid_out(op.type, rules), cap, size, elem_size(size, rules, noscan=noscan),
        npages, noscan, npages * rules.page_size, w.gc.marking,
        tuple(offset for offset, _ in words), tuple(value for _, value in words),
    )  # fmt: skip
