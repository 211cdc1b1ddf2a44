"""arena.Clone: what it copies, what of the copy still points into an arena, and what it leaves alone.

Rules:
1. What Clone does is in its event, never decided here.
2. Source and copy are read at the moment that is looked at, so a copy made long ago shows what has
   become of the memory that its pointers lead to.

Follows arena_heapify (arena.go) of Go 1.21.
"""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.go.types import GoType
from arenalab.units import human, plainly
from arenalab.view.columns import brief
from arenalab.view.reading import Reading
from arenalab.view.value_words import SHOWN, Value, value_at
from arenalab.world.access_events import ClonedToHeap, CloneKept
from arenalab.world.event import Event
from arenalab.world.ops import HEAP, NIL, STATIC, Clone
from arenalab.world.state import AT_ZEROBASE, NO_ARENA, ON_HEAP, World
from arenalab.world.touch import Pointer

COPIED, KEPT, ENDED, NOTHING = "copied", "kept", "ended", "nothing"
PLACES = {NIL: "nil", STATIC: "the program's image", HEAP: "the heap"}


@dataclass(frozen=True)
class Side:
    """The source or the copy."""

    title: str  #: "object 3 of user arena 0".
    where: str  #: "chunk 0", "heap", ...
    state: str  #: where the chunk is, "" outside all chunks.
    value: Value | None  #: None where there are no words to show.

    def text(self) -> str:
        """Return it and its words as text."""
        head = f"{self.title}, in {self.where}{f' ({self.state})' if self.state else ''}"
        if self.value is None:
            return head
        value = self.value
        rows = zip(*(column.tolist() for column in value.words.columns().values()), strict=True)
        lines = [
            f"    {offset:>6}  {'pointer' if pointer else 'data   '}  {said or '?'}{f' → {target}' if target else ''}"
            for offset, pointer, said, target in rows
        ]
        more = [f"    … {plainly(value.more, 'more word')}"] if value.more else []
        return "\n".join(
            [
                f"{head}: {plainly(value.size, 'byte')}",
                *([f"    {value.gone}"] if value.gone else []),
                *lines,
                *more,
            ]
        )


@dataclass(frozen=True)
class Cloning:
    """One Clone: its source, its copy, and what both lead to now."""

    reading: Reading  #: where in the history it is, in words.
    focus: int  #: the chunk that linked explorers look into, −1 for none.
    call: str  #: as a Go programmer writes it, with the object in words.
    asked: bool  #: the reader asks; the run itself holds no such Clone.
    result: str  #: one of the words above.
    facts: tuple[str, ...]  #: what was copied, what still points into an arena, what is kept; a line each.
    copied: int  #: bytes of the source that are in the copy.
    source: Side  #: what was cloned.
    copy: Side | None  #: what came of it; None where there is no copy.
    rows: int = SHOWN  #: words for which there is room: as many as the run's largest value has.

    def text(self) -> str:
        """Return the picture as text."""
        asked = "asked now, not in the run: " if self.asked else ""
        parts = [self.reading.text(), f"{asked}{self.call}", *(f"  {fact}" for fact in self.facts)]
        parts.append(f"  source: {self.source.text()}")
        return "\n".join(parts + ([f"  copy: {self.copy.text()}"] if self.copy else []))


def cloning(
    world: World, moment: Reading, op: Clone | None, event: Event | str, copy_row: int,
    *, asked: bool, focus: int | None = None, by: str = "", largest: int = SHOWN,
) -> Cloning:  # fmt: skip
    """Show one Clone at a moment.

    Args:
        world: the moment, after the Clone.
        moment: the same in words.
        op: the Clone; None when there is nothing to clone.
        event: what it did, or why it makes no sense.
        copy_row: ledger row of the copy, negative without one.
        asked: the reader asks; the run holds no such Clone.
        focus: chunk to look for instead of the source's own.
        by: who asked for it and where, as it follows the call; "" where the run does not say.
        largest: words of the largest value of the run.

    """
    rows = min(max(largest, 1), SHOWN)
    if op is None:
        nothing = Side("no object was made yet", "no memory", "", None)
        said = ("there is nothing to clone yet",)
        return Cloning(moment, focus or -1, "arena.Clone", asked, NOTHING, said, 0, nothing, None, rows)
    copied = event.size if isinstance(event, ClonedToHeap) else 0
    copy = _copy(world, event, copy_row)
    least = tuple(copy.value.words.offset.tolist()) if copy and copy.value else ()
    source = _source(world, op, least)
    chunk = _chunk(world, op.object)
    kinds = {ClonedToHeap: COPIED, CloneKept: KEPT}
    return Cloning(
        moment, chunk if focus is None else focus, call_of_clone(op) + by, asked,
        kinds.get(type(event), ENDED), _facts(world, op, event, copy), copied, source, copy, rows,
    )  # fmt: skip


def _copy(world: World, event: Event | str, row: int) -> Side | None:
    if not isinstance(event, ClonedToHeap) or row < 0:
        return None
    return _side(world, Pointer(row), event.type, max(event.cap, 1) if event.cap else 0)


def _chunk(world: World, row: int) -> int:
    return max(world.ledger.row(row)[5], -1) if 0 <= row < len(world.ledger) else -1


def call_of_clone(op: Clone) -> str:
    """Write a Clone as a Go programmer would, and what it is given in words."""
    expr = brief(op.type.expr, 60)
    kind = {"ptr": f"*{expr}", "slice": f"[]{expr} with len {op.len}", "string": f"a string of len {op.len}"}
    given = kind.get(op.kind, f"a {op.kind}")
    if op.object in PLACES:
        return f"arena.Clone({given}), which is in {PLACES[op.object]}"
    at = f"byte {op.offset} of " if op.offset else ""
    return f"arena.Clone({given}) that points to {at}object {op.object}"


def _source(world: World, op: Clone, least: tuple[int, ...]) -> Side:
    if not 0 <= op.object < len(world.ledger):
        return Side("the value itself", PLACES.get(op.object, "no memory"), "", None)
    size = world.ledger.row(op.object)[1]
    count = 1 if op.kind == "ptr" else max((size - op.offset) // max(op.type.size, 1), 0)
    return _side(world, Pointer(op.object, op.offset), op.type, count, least)


def _side(world: World, pointer: Pointer, go_type: GoType, count: int, least: tuple[int, ...] = ()) -> Side:
    *_, owner, chunk = world.ledger.row(pointer.object)
    whose = f" of user arena {owner}" if owner != NO_ARENA else ", made by Clone"
    places = {ON_HEAP: "the heap", AT_ZEROBASE: "&zerobase"}
    value = value_at(world, pointer, go_type, count, least=least) if chunk != AT_ZEROBASE else None
    state = world.list_of(chunk) if chunk >= 0 else ""
    return Side(f"object {pointer.object}{whose}", places.get(chunk, f"chunk {chunk}"), state, value)


def _facts(world: World, op: Clone, event: Event | str, copy: Side | None) -> tuple[str, ...]:
    """Describe what is copied, what still points into an arena and what is kept."""
    if isinstance(event, CloneKept):
        return (
            f"kept: the same {_kind(op)} comes back, nothing is copied",
            f"because {_why_kept(world, op)}",
        )
    if not isinstance(event, ClonedToHeap):
        return (event if isinstance(event, str) else event.sentence(),)
    return _copied(op, event), *_led(copy)


def _kind(op: Clone) -> str:
    return {"ptr": "pointer"}.get(op.kind, op.kind)


def _why_kept(world: World, op: Clone) -> str:
    if op.kind == "string" and op.len == 0:
        return "an empty string has lost its address before Clone sees it"
    places = {ON_HEAP: "on the heap", AT_ZEROBASE: "at &zerobase"}
    if op.object < 0:
        return f"its data is in no chunk: {PLACES[op.object]}"
    return f"its data is in no chunk: {places.get(world.ledger.row(op.object)[5], 'elsewhere')}"


def _copied(op: Clone, event: ClonedToHeap) -> str:
    if not event.size:
        return "copied: no bytes, so it returns &zerobase"
    slot = f"{human(event.size)} into {human(event.elemsize)} of the heap"
    if event.cap < 0:
        return f"copied: one value, {slot}"
    what = plainly(event.cap, "byte" if op.kind == "string" else "element")
    rest = "" if op.kind == "string" else ", what lies between len and cap is left"
    return f"copied: {what}{rest}, {slot}"


def _led(copy: Side | None) -> tuple[str, ...]:
    if copy is None or copy.value is None:
        return ("no pointer is in the copy",)
    value = copy.value
    if not value.pointers:
        return ("no pointer of the copy leads anywhere",)
    if not value.into_chunks:
        return (f"none of the copy's {plainly(value.pointers, 'pointer')} leads into a chunk",)
    if value.pointers == 1:
        return ("the trap: the copy's one pointer still leads into a chunk",)
    verb = "leads" if value.into_chunks == 1 else "lead"
    return (
        f"the trap: {value.into_chunks} of the copy's {plainly(value.pointers, 'pointer')} still {verb} into a chunk",
    )
