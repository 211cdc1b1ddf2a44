"""What a World is made of, in an archive: its numbers, lists, tables and journals by name, and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from arenalab.codec.archive import ArchiveOut
from arenalab.codec.cells import Texts
from arenalab.world.columns import Columns
from arenalab.world.conditions import SMALL_OBJECTS
from arenalab.world.state import World
from arenalab.world.stored_tables import (
    KINDS,
    ListsOut,
    Part,
    Table,
    TableOut,
    table,
)
from arenalab.world.tables import (
    Counters,
    G,
    HeapArena,
    HeapObject,
    MSpan,
    P,
    SmallObject,
    UserArena,
)
from arenalab.world.weak import Spot, WeakHandle

COUNTERS = tuple(Counters().as_dict())
NO_SCRATCH = (-1, 0, 0)

#: Whole numbers of a World, by the path of each.
NUMBERS = (
    *("now", "running", "on_p", "handle_spans.made"),
    *("small.made", "small.swept", "small.reuse_cap", "small.fault_cap"),
    *(f"counters.{name}" for name in COUNTERS),
    *(f"gc.{name}" for name in ("phase", "sweepgen", "cycles", "bytes_marked", "heap_scan_work")),
    *(f"gc.{name}" for name in ("heap_marked", "triggered", "goal", "trigger")),
)
#: Lists of whole numbers of a World, by the path of each.
LISTS = (
    *(
        "ready",
        "quarantine",
        "reuse",
        "fault",
        "gc.finalizers",
        "handle_spans.partial",
        "handle_spans.unswept",
    ),
)
#: How far each journal of a World goes.
JOURNALS = ("ledger", "bits", "marks", "slots")


def _newest(owner: Any) -> dict[int, int]:
    """Return the newest small objects by numbers: what they are, and whose, in one."""
    kinds = len(SMALL_OBJECTS)
    return {
        kinds * whose + SMALL_OBJECTS.index(what): number
        for (what, whose), number in owner.small.newest.copy().items()
    }


def what_of(key: int) -> tuple[str, int]:
    """Return what `_newest` made one number of."""
    whose, what = divmod(key, len(SMALL_OBJECTS))
    return SMALL_OBJECTS[what], whose


def _weak(chunk: int, row: int, offset: int, addr: int, block: int, cleared: bool) -> WeakHandle:
    return WeakHandle(Spot(chunk, row, offset, addr), block, cleared)


def _p(*fields: int) -> P:
    return P(fields[0], {}, *fields[1:])


def _part(path: str, declared: str = "int") -> Part:
    return Part(path.rpartition(".")[2], KINDS[declared], attrgetter(path))


_SPOT = [_part(f"spot.{name}") for name in Spot._fields]
#: Tables of a World; those that end in "since" or "until" are of its journals.
TABLES: tuple[Table, ...] = (
    table("spans", lambda w: dict(enumerate(w.spans)), MSpan),
    table("heap_arenas", lambda w: dict(enumerate(w.heap_arenas)), HeapArena),
    table("user_arenas", lambda w: w.user_arenas.copy(), UserArena),
    table("births", attrgetter("births")),
    table("holders", attrgetter("holders"), None),
    table("holds", attrgetter("holds")),
    table("masks", attrgetter("masks")),
    table("cells", attrgetter("cells"), width=2),
    table("heap_objects", attrgetter("heap_objects"), HeapObject),
    table("specials", attrgetter("specials"), width=2, declared="tuple[int, ...]"),
    Table(
        "weak_handles",
        1,
        attrgetter("weak_handles"),
        (*_SPOT, _part("block"), _part("cleared", "bool")),
        _weak,
    ),
    table("weak_pointers", attrgetter("weak_pointers")),
    table("gs", attrgetter("gs"), G),
    table("ps", lambda w: dict(enumerate(w.ps)), P)._replace(made=_p),
    table(
        "cached",
        lambda w: {(n, key): took for n, p in enumerate(w.ps) for key, took in p.cached.items()},
        width=2,
    ),
    table("handles", attrgetter("handles")),
    table("taken", attrgetter("handle_spans.taken")),
    table("small_objects", lambda w: w.small.objects.copy(), SmallObject),
    table("newest", _newest),
    table("bits_since", attrgetter("bits.since")),
    table("bits_until", attrgetter("bits.until")),
    table("marks_since", lambda w: getattr(w.scan_limits, "since", {})),
    table("marks_until", lambda w: getattr(w.scan_limits, "until", {})),
    table("ptr_bytes", lambda w: getattr(w.scan_limits, "all_ptr_bytes", {})),
    table("slots_since", attrgetter("slots.since")),
)


def _grey(owner: Any) -> list[int]:
    return [number for pair in owner.gc.grey for number in pair]


def _sets(name: str, spanclass: int) -> Callable[[Any], Sequence[int]]:
    return lambda owner: getattr(owner, name)[spanclass]


def lists_of() -> list[ListsOut]:
    """Return what notes each list of a World."""
    named = [ListsOut(path, attrgetter(path)) for path in LISTS]
    sets = [ListsOut(f"{name}{n}", _sets(name, n)) for name in ("swept", "unswept") for n in (0, 1)]
    return [*named, *sets, ListsOut("gc.grey", _grey), ListsOut("scratch", lambda w: w.scratch or NO_SCRATCH)]


def write_worlds(out: ArchiveOut, worlds: Sequence[World], texts: Texts) -> dict[str, Any]:
    """Write the Worlds of one history, in the order of time; return what the head says of them."""
    noted: list[TableOut | ListsOut] = [*(TableOut(each) for each in TABLES), *lists_of()]
    for part in noted:
        for each in worlds:
            part.note(each)
        part.write(out, texts)
    for path in NUMBERS:
        out.put(path, map(attrgetter(path), worlds))
    out.put("types", [len(each.types) for each in worlds])
    for name in JOURNALS:
        out.put(f"{name}.until", [0 if (it := _journal(each, name)) is None else it.count for each in worlds])
        _write_journal(out, name, _journal(worlds[-1], name))
    return {"died": [each.died for each in worlds]}


def _journal(owner: World, name: str) -> Columns | None:
    if name == "ledger":
        return owner.ledger
    of = {"bits": owner.bits, "marks": owner.scan_limits, "slots": owner.slots}[name]
    return getattr(of, "journal", None)


def _write_journal(out: ArchiveOut, name: str, journal: Columns | None) -> None:
    if journal is not None:
        for column in journal.names:
            out.put(f"{name}.{column}", journal.column(column))
