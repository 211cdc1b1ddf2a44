"""What the program does through its pointers: read, write, set a finalizer, add a cleanup, pin.

Rules:
1. Every access asks `touch` first; where that dies, the operation ends in its error.
2. Bytes are followed as far as the program writes them: pointer-free values by object and
   offset, pointers by the chunk word they stand in. All else reads as zero, as in a new chunk.

Follows SetFinalizer (mfinal.go) and pinnerGetPtr (pinner.go), Go 1.21; AddCleanup (mcleanup.go), Go 1.24.
"""

from __future__ import annotations

from arenalab.asked import position
from arenalab.errors import GoPanic, GoThrow, ScenarioError
from arenalab.go.mirror import mirrors
from arenalab.machine.steps import Steps
from arenalab.world import access_events as access
from arenalab.world.ops import NIL, AddCleanup
from arenalab.world.state import World
from arenalab.world.touch import Pointer, Touch, in_user_arena_chunk, touch
from arenalab.world.words import object_and_offset, word_at

NO_FINALIZER = "runtime.SetFinalizer: first argument was allocated into an arena"
NO_CLEANUP, NO_CLEANUP_OF_NIL = "runtime.AddCleanup: ptr is arena-allocated", "runtime.AddCleanup: ptr is nil"
NO_PIN = "runtime error: runtime.Pinner: object was allocated into an arena"


def read(w: World, pointer: Pointer, *, panic_on_fault: bool) -> Steps[None]:
    """Read the word that a pointer leads to."""
    found = reached(w, pointer, panic_on_fault=panic_on_fault)
    value = word_at(w, found, pointer)
    yield access.ValueRead(pointer.object, pointer.offset, value, str(found.outcome))


def write(w: World, pointer: Pointer, value: int, *, panic_on_fault: bool) -> Steps[None]:
    """Write a pointer-free value where a pointer leads.

    Raises:
        ScenarioError: a pointer word of the object that is there now; that is `Store`'s.

    """
    found = reached(w, pointer, write=True, panic_on_fault=panic_on_fault)
    row, offset = object_and_offset(w, found, pointer)
    if is_pointer_word(w, row, offset):
        raise ScenarioError(f"byte {offset} of object {row} is a pointer; use Store there")
    yield access.ValueWritten(row, offset, value)


@mirrors("mfinal.go", "SetFinalizer")
def set_finalizer(w: World, number: int) -> Steps[None]:
    """Set a finalizer on an object; only the refusal of arena objects is modelled.

    Raises:
        GoThrow: the pointer lies in a chunk, alive or not.

    """
    yield from ()
    if _lies_in_chunk(w, number):
        raise GoThrow(NO_FINALIZER, f"object {number} lies in a chunk, which is freed as a whole")


@mirrors("mcleanup.go", "AddCleanup", since=AddCleanup.since)
def add_cleanup(w: World, number: int) -> Steps[None]:
    """Add a cleanup to an object; only the refusal of nil and of arena objects is modelled.

    Raises:
        GoPanic: the pointer is nil, or lies in a chunk, alive or not.

    """
    yield from ()
    if number == NIL:
        raise GoPanic(NO_CLEANUP_OF_NIL, "there is no object", go_type="string")
    if _lies_in_chunk(w, number):
        why = f"object {number} lies in a chunk, which is freed as a whole"
        raise GoPanic(NO_CLEANUP, why, go_type="string")


@mirrors("pinner.go", "pinnerGetPtr")
def pin(w: World, number: int) -> Steps[None]:
    """Pin an object; only the refusal of arena objects is modelled.

    Raises:
        GoPanic: the pointer lies in a chunk, alive or not.

    """
    yield from ()
    if _lies_in_chunk(w, number):
        why = f"object {number} lies in a chunk, which is freed as a whole"
        raise GoPanic(NO_PIN, why, go_type="runtime.errorString")


def reached(w: World, pointer: Pointer, *, write: bool = False, panic_on_fault: bool = False) -> Touch:
    """Return the touch of a pointer that the program now uses.

    Raises:
        GoPanic, GoFault, SanitizerReport: the access dies.

    """
    if pointer.object == NIL:
        found = touch(w, pointer.offset, write=write, panic_on_fault=panic_on_fault)
    else:
        found = touch(w, pointer, write=write, panic_on_fault=panic_on_fault)
    if found.error is not None:
        raise found.error
    return found


def is_pointer_word(w: World, row: int, offset: int) -> bool:
    """Return whether the word at an offset of an object is a pointer to the collector."""
    if row < 0 or offset < 0:
        return False
    go_type = w.types[w.ledger.row(row)[2]]
    if not go_type.size or offset % w.rules.ptr_size:
        return False
    word = offset % go_type.size // w.rules.ptr_size
    return bool(go_type.mask.bits(word, word + 1).any())


def _lies_in_chunk(w: World, number: int) -> bool:
    if number < 0:
        return False
    return in_user_arena_chunk(
        w.span_of(w.ledger.row(position("object", number, len(w.ledger), "the number of an object"))[0])
    )
