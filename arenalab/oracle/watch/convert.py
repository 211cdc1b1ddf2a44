"""Make a recording of a watched program's notes.

The header says `"observed": "partial"`: a fact that is absent was not looked at. The collector
works beside the program, so a cycle is written in its parts: `mark_begin`, `finish_mark`,
`sweep_step` for each chunk. Notes are read block by block; allocations, of which there are many, as columns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np

from arenalab.oracle.releases import release_of
from arenalab.oracle.watch.ended import how_it_ended
from arenalab.oracle.watch.follow import MAIN, Follower
from arenalab.oracle.watch.notes import KIND_VALUES, Kind, Notes, Setting, note_of
from arenalab.oracle.watch.ordered import Ordered, in_order
from arenalab.oracle.watch.raced import Raced, find_raced
from arenalab.oracle.watch.type_rows import type_row
from arenalab.oracle.watch.values import Cutter
from arenalab.truth.packed import RUN, Packed, Row, Values, sum_of
from arenalab.truth.packed_json import json_rows

SHOWN = 20  # arenas that the end row names, of those that goroutines share
NO_LIMIT = 2**63 - 1  # math.MaxInt64: what GOMEMLIMIT is without one


def convert(
    notes: Notes, *, program: str, exit_code: int, about: Row | None = None, stopped: str = ""
) -> Iterator[Row]:
    """The rows of the recording as JSON has them, in order; see `packed`."""
    yield from json_rows(packed(notes, program=program, exit_code=exit_code, about=about, stopped=stopped))


def packed(
    notes: Notes, *, program: str, exit_code: int, about: Row | None = None, stopped: str = ""
) -> Packed:
    """The recording, its values as columns.

    Args:
        notes: what the program's runtime noted.
        program: its package, for the header.
        exit_code: of the program; negative for the signal that ended it.
        about: more for the header.
        stopped: the signal that the recorder sent, if it did.
    """
    notes.read_types()
    lines, sites = _sites(notes)
    cutter = Cutter(notes, sites)
    follower = Follower(notes, cutter.values, sites=sites)
    for first, words in notes.blocks():
        _follow(follower, cutter, first, words)
    ordered = in_order(follower)
    raced = find_raced(notes, follower.shared_handles)
    chunks = len(follower.places) * notes.heap_arena // notes.chunk
    return Packed(
        _header(notes, follower, program, ordered.ops) | ({"sites": lines} if lines else {}) | (about or {}),
        [type_row(index, notes.types[address]) for index, address in enumerate(cutter.types)],
        _start(notes),
        ordered.rows,
        _values(cutter, notes).in_order(ordered.starts, ordered.counts),
        {
            "end": {"ops": ordered.ops, "chunks": chunks},
            "exit": exit_code,
            "lost": notes.lost,
            **({"cut_off": notes.cut_off} if notes.cut_off else {}),
            **({"undescribed": follower.undescribed} if follower.undescribed else {}),
            **how_it_ended(notes, exit_code),
            **({"unfinished": ordered.unfinished} if ordered.unfinished else {}),
            **({"stopped": stopped} if stopped else {}),
            **_misfits(follower),
            **_goroutines(follower, raced, ordered),
        },
    )


def _follow(follower: Follower, cutter: Cutter, first: int, words: Any) -> None:
    """Follow a block of notes: those of allocations in pieces, each where its first one stands."""
    kinds = words[:, 0] % KIND_VALUES
    for base in words[kinds == Kind.CHUNK, 2].tolist():  # numbered as they were handed out
        follower.chunk_number(base)
    pieces = cutter.cut(words, first, list(follower.places))
    others = np.flatnonzero(
        np.logical_and(kinds != Kind.ALLOC, kinds != 0)
    )  # 0: died while it wrote this one
    items: list[Any] = [(first + at, words[at]) for at in others.tolist()]
    for item in sorted([*items, *pieces], key=lambda each: each[0]):
        if len(item) > 2:
            follower.take_values(item)
        else:
            follower.take(note_of(item[0], *item[1].tolist()))


def _values(cutter: Cutter, notes: Notes) -> Values:
    values = cutter.values
    offsets = values.column("addresses") % notes.chunk
    return Values(values.column("types"), values.column("caps"), offsets, values.column("sites"))


def _sites(notes: Notes) -> tuple[list[list[str | int]], dict[int, int]]:
    """The lines that called, each once: function, file, line; and the place of each number among them."""
    places: dict[tuple[str, str, int], int] = {}
    numbers = {
        site.number: places.setdefault((site.function, site.file, site.line), len(places))
        for site in notes.sites.values()
    }
    return [list(place) for place in places], numbers


def _header(notes: Notes, follower: Follower, program: str, ops: int) -> Row:
    return {
        "oracle": release_of(notes.version).recording_format,
        "go": notes.version.split()[0].split("-")[0],
        "seed": program,
        "profile": "program",
        "snapshot": "0",
        "bits": "hash",
        "nops": ops,
        "observed": "partial",
        "notes": notes.count,
        "lost": notes.lost,
        **({"other_processes": notes.other_processes} if notes.other_processes else {}),
        **_settings(follower),
    }


def _settings(follower: Follower) -> Row:
    """How the program was built and set; absent when its runtime didn't say."""
    if Setting.MODE not in follower.settings:
        return {}
    settings: dict[str, Any] = {}
    for which, value in follower.settings.items():
        if which != Setting.MODE:
            off = value < 0 or (which == Setting.GOMEMLIMIT and value == NO_LIMIT)
            settings[Setting(which).name] = "off" if off else value
    changed = [Setting(which).name for which in sorted(follower.changed)]
    return {"build": follower.build_mode, "settings": settings} | ({"changed": changed} if changed else {})


def _start(notes: Notes) -> Row:
    return {
        "chunk": notes.chunk,
        "maxalloc": notes.max_alloc,
        "heaparena": notes.heap_arena,
        "page": notes.page,
        "go": notes.version,
        "abs": {},
    }


def _misfits(follower: Follower) -> Row:
    """What is wrong with notes that don't fit together: such a recording is of no sound run, or not whole."""
    if not follower.misfitting:
        return {}
    return {"misfits": follower.misfits, "misfitting": follower.misfitting}


def _goroutines(follower: Follower, raced: list[Raced], ordered: Ordered) -> Row:
    """What each goroutine did, arenas that several used, and the proof where they did so at the same time."""
    shared = [
        {"arena": arena, "goroutines": sorted(users)} for arena, users in sorted(follower.shared.items())
    ]
    proofs = [proof for found in raced if (proof := _proof(found, follower, ordered))]
    told = {"goroutines": _done(ordered.rows)} | ({"shared": shared[:SHOWN]} if shared else {})
    return told | ({"raced": proofs[:SHOWN]} if proofs else {})


def _done(rows: Iterable[Row]) -> Row:
    """How many operations each goroutine did, and the sum of their numbers: no row can be lost or another's unseen."""
    counts, numbers = Counter[int](), Counter[int]()
    for row in rows:
        if "op" in row:
            goroutine, first, count = row.get("g", MAIN), row["i"], row.get("n", 1)
            counts[goroutine] += count
            numbers[goroutine] += sum_of(first, count)
    return {str(goroutine): [count, numbers[goroutine]] for goroutine, count in sorted(counts.items())}


def _proof(found: Raced, follower: Follower, ordered: Ordered) -> Row:
    """A proof as the end row tells it; empty where one of its operations is not in the recording."""
    ops, row = list[int](), Row()
    for place in found.notes:
        value = follower.values.row_of(place)
        inside = np.flatnonzero((ordered.starts <= value) * (value < ordered.starts + ordered.counts))
        if value < 0 or not len(inside):
            return {}
        runs = (each for each in ordered.rows if each.get("op") == RUN)
        row = next(islice(runs, int(inside[0]), None))
        ops.append(row["i"] + value - int(ordered.starts[inside[0]]))
    return {
        "how": found.how,
        "arena": row["arena"],
        "address": hex(found.address),
        "ops": ops,
        "goroutines": list(found.goroutines),
    }
