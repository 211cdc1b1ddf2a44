"""Make a recording of a watched program's notes.

The header says `"observed": "partial"`: a fact that is absent was not looked at. The collector
works beside the program, so a cycle is written in its parts: `mark_begin`, `finish_mark`,
`sweep_step` for each chunk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from arenalab.oracle.releases import release_of
from arenalab.oracle.watch.ended import how_it_ended
from arenalab.oracle.watch.follow import Follower
from arenalab.oracle.watch.known import Row
from arenalab.oracle.watch.notes import Notes, Setting
from arenalab.oracle.watch.raced import Raced, find_raced
from arenalab.oracle.watch.type_rows import type_row

SHOWN = 20  # arenas that the end row names, of those that goroutines share
NO_LIMIT = 2**63 - 1  # math.MaxInt64: what GOMEMLIMIT is without one


def convert(
    notes: Notes, *, program: str, exit_code: int, about: Row | None = None, stopped: str = ""
) -> Iterator[Row]:
    """The rows of the recording, in order.

    Args:
        notes: what the program's runtime noted.
        program: its package, for the header.
        exit_code: of the program; negative for the signal that ended it.
        about: more for the header.
        stopped: the signal that the recorder sent, if it did.
    """
    notes.read_types()
    raced = find_raced(notes)
    lines, sites = _sites(notes)
    follower = Follower(notes, sites=sites)
    follower.asked = dict.fromkeys(at for found in raced for at in found.notes)
    for note in notes:
        follower.take(note)
    rows, unfinished = _in_order(follower)
    yield _header(notes, follower, program, len(rows)) | ({"sites": lines} if lines else {}) | (about or {})
    for index, address in enumerate(follower.types):
        yield type_row(index, notes.types[address])
    yield _start(notes)
    for index, row in enumerate(rows):
        yield {"i": index} | row
    chunks = len(follower.places) * notes.heap_arena // notes.chunk
    yield {
        "end": {"ops": len(rows), "chunks": chunks},
        "exit": exit_code,
        "lost": notes.lost + follower.strange,
        **how_it_ended(notes, exit_code),
        **({"unfinished": unfinished} if unfinished else {}),
        **({"stopped": stopped} if stopped else {}),
        **_goroutines(follower, raced, rows),
    }


def _sites(notes: Notes) -> tuple[list[list[str | int]], dict[int, int]]:
    """The lines that called, each once: function, file, line; and the place of each number among them."""
    places: dict[tuple[str, str, int], int] = {}
    numbers = {
        site.number: places.setdefault((site.function, site.file, site.line), len(places))
        for site in notes.sites.values()
    }
    return [list(place) for place in places], numbers


def _in_order(follower: Follower) -> tuple[list[Row], int]:
    """The rows up to the first operation that never ended, and how many more there were.

    What others did after it met a chunk taken or let go by an operation that no row can tell.
    """
    follower.settle()
    rows = sorted(follower.rows, key=lambda pair: pair[0])
    cut = follower.unfinished()
    kept = [row for key, row in rows if cut is None or key < cut]
    return kept, len(rows) - len(kept)


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
        "start": {
            "chunk": notes.chunk,
            "maxalloc": notes.max_alloc,
            "heaparena": notes.heap_arena,
            "page": notes.page,
            "go": notes.version,
            "abs": {},
        }
    }


def _goroutines(follower: Follower, raced: list[Raced], rows: list[Row]) -> Row:
    """Arenas that several goroutines used, and the proof where they did so at the same time."""
    number = {id(row): index for index, row in enumerate(rows)}
    shared = [
        {"arena": arena, "goroutines": sorted(users)} for arena, users in sorted(follower.shared.items())
    ]
    proofs = []
    for found in raced:
        pair = [follower.asked[at] for at in found.notes]
        ops = [number[id(row)] for row in pair if id(row) in number]
        if len(ops) == len(pair) and pair[1] is not None:
            proofs.append(
                {
                    "how": found.how,
                    "arena": pair[1]["arena"],
                    "address": hex(found.address),
                    "ops": ops,
                    "goroutines": list(found.goroutines),
                }
            )
    return ({"shared": shared[:SHOWN]} if shared else {}) | ({"raced": proofs[:SHOWN]} if proofs else {})
