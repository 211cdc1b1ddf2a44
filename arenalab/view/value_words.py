"""The words of one value now, and where each pointer among them leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from arenalab.go.types import GoType
from arenalab.units import hex_addr
from arenalab.view.columns import Column, View, brief, text_column
from arenalab.world.state import World
from arenalab.world.touch import Pointer, object_at, touch
from arenalab.world.words import words_of

SHOWN = 12  #: words of a value that a picture shows one by one.
NOWHERE = ""  #: of a word that leads nowhere: no pointer, or nil.


@dataclass(frozen=True, eq=False)
class Words(View):
    """The first words of a value, those that hold something before those that hold nothing."""

    offset: Column  #: bytes from the value's start, rising.
    pointer: Column  #: whether the collector takes it for a pointer.
    value: Column  #: as text: a number, an address, "nil"; "" where the memory is gone.
    target: Column  #: what a pointer leads to, by name; "" for none.


@dataclass(frozen=True)
class Target:
    """What pointers lead to."""

    name: str  #: the same for all pointers to one object: "object 3".
    where: str  #: "chunk 0", "heap", ...
    state: str  #: where the chunk is, "" outside all chunks.
    meaning: str  #: key of the theme.
    said: str  #: for hovering.


@dataclass(frozen=True)
class Value:
    """A value in memory: how much there is of it, its words, what they lead to."""

    size: int
    words: Words
    more: int  #: words that are not shown.
    targets: tuple[Target, ...]  #: of the words shown.
    pointers: int  #: pointer words that aren't nil, in the whole value.
    into_chunks: int  #: those of them that lead into a chunk.
    gone: str = ""  #: why the memory can't be read, "" when it can.


def value_at(
    world: World, pointer: Pointer, go_type: GoType, count: int, *, least: tuple[int, ...] = ()
) -> Value:
    """Read a value now.

    Args:
        world: the moment.
        pointer: where the value begins.
        go_type: type of the value, or of each of several in a row.
        count: how many there are.
        least: offsets that are shown in any case, so that two values stand side by side.

    """
    size, word = go_type.size * count, world.rules.ptr_size
    found = touch(world, pointer)
    held = dict(words_of(world, found, pointer, size)) if found.works and size else {}
    offsets = _shown(held, size, word, least)
    leads = {at: value for at, value in held.items() if is_pointer(go_type, at, word)}
    targets = {at: target_of(world, leads[at]) for at in offsets if at in leads}
    words = Words(
        offset=np.array(offsets, dtype=np.int64),
        pointer=np.array([is_pointer(go_type, at, word) for at in offsets], dtype=bool),
        value=text_column(["" if found.error else _said(held, at, word, at in leads) for at in offsets]),
        target=text_column([targets[at].name if at in targets else NOWHERE for at in offsets]),
    )
    return Value(
        size, words, -(-size // word) - len(offsets), tuple({t.name: t for t in targets.values()}.values()),
        len(leads), sum(lies_in_chunk(world, value) for value in leads.values()),
        found.why if found.error and size else "",
    )  # fmt: skip


def _shown(held: dict[int, int], size: int, word: int, least: tuple[int, ...]) -> list[int]:
    """Choose the offsets to show: all of a small value, else what holds something, else the first."""
    every = range(0, size, word)
    wanted = dict.fromkeys(least)
    for at in (*(at - at % word for at in sorted(held)), *every[:SHOWN]):
        if len(wanted) < SHOWN:
            wanted[at] = None
    return sorted(at for at in wanted if at < size)


def is_pointer(go_type: GoType, offset: int, word: int) -> bool:
    """Return whether the collector takes the word at an offset of values in a row for a pointer."""
    if offset % word or not go_type.size:
        return False
    number = offset % go_type.size // word
    return bool(go_type.mask.bits(number, number + 1).any())


def _said(held: dict[int, int], at: int, word: int, leads: bool) -> str:
    if leads:
        return hex_addr(held[at])
    inside = [f"{value}" for offset, value in sorted(held.items()) if at <= offset < at + word]
    return ", ".join(inside) or "0"


def lies_in_chunk(world: World, addr: int) -> bool:
    """Return whether an address lies in a chunk, in use or not."""
    span = world.span_of(addr)
    return span is not None and span.is_user_arena_chunk


def target_of(world: World, addr: int) -> Target:
    """Describe what an address leads to now."""
    span = world.span_of(addr)
    if span is None:
        name = hex_addr(addr)
        return Target(
            name, "outside all chunks", "", "address_space", f"{name}\nthe model knows nothing of it"
        )
    where, state = f"chunk {span.chunk}", world.list_of(span.chunk)
    if span.faulted:
        return Target(hex_addr(addr), where, state, "dead", f"{where} is set to fault: access faults")
    row = object_at(world, span, addr)
    if row < 0:
        return Target(hex_addr(addr), where, state, "free", f"{where}: no object is here")
    _, _, number, cap, owner, _ = world.ledger.row(row)
    go_type, freed = world.types[number], world.user_arenas[owner].defunct
    meaning = ("pointerful" if go_type.ptr_bytes else "pointer_free") + ("_former" if freed else "")
    what = brief(go_type.expr if cap < 0 else f"{cap} × {go_type.expr}")
    said = f"object {row} of user arena {owner}{', freed' if freed else ''}\n{what}\nin {where}, {state}"
    return Target(f"object {row}{', freed' if freed else ''}", where, state, meaning, said)
