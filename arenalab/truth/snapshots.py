"""Snapshots: every list, every chunk, every bitmap word of the runtime at one moment."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from arenalab.go.digest import Digested, marks_digest, words_digest
from arenalab.go.rules import BITMAP, DUMMY_TYPE
from arenalab.truth import rows
from arenalab.truth.compare import Comparer
from arenalab.truth.counters import CounterComparer
from arenalab.world.queries import weak_spot
from arenalab.world.state import ON_HEAP, World
from arenalab.world.tables import MSpan
from arenalab.world.touch import rows_between

#: Chunk fact -> field of MSpan.
FIELDS = {
    "npages": "npages", "spanclass": "spanclass", "state": "state", "uac": "is_user_arena_chunk",
    "needzero": "needzero", "freeindex": "freeindex", "scanindex": "free_index_for_scan",
    "alloccount": "alloc_count", "elemsize": "elemsize", "nelems": "nelems", "mark": "mark_bit",
    "allocbit": "alloc_bit", "pageinuse": "page_in_use", "specials": "specials",
}  # fmt: skip
_OURS = attrgetter(*FIELDS.values())
#: What a span that never held a chunk still says of its earlier life.
LEFTOVERS = ("spanclass", "needzero", "freeindex", "scanindex", "alloccount", "elemsize", "nelems", "mark",
             "allocbit", "specials", "limit", "sweepgen", "free")  # fmt: skip
LISTS = ("reuse", "fault", "quarantine", "ready")


class SnapshotComparer:
    """Compares snapshots; keeps Go's bitmap words where the recording lists only what changed."""

    def __init__(
        self, facts: Comparer, counters: CounterComparer, start: dict[str, Any], *, bits: str
    ) -> None:
        """Compare through `facts` and `counters`; `start` and `bits` are the recording's."""
        self.facts, self.counters = facts, counters
        self.abs = start.get("abs", {})
        self.full = bits == "full"
        self.words: dict[int, npt.NDArray[np.uint64]] = {}
        self.marks: dict[int, npt.NDArray[np.bool_]] = {}
        #: Of which words of a chunk a digest was made last, and what came out: most chunks rest between snapshots.
        self.digests: dict[tuple[str, int], tuple[Any, list[Any]]] = {}
        self.kept: dict[int, Digested] = {}  #: chunk -> the words whose digest was made last.

    def fork(self, facts: Comparer, counters: CounterComparer) -> SnapshotComparer:
        """Return a comparer for another machine; Go's words are the same for both."""
        twin = SnapshotComparer.__new__(SnapshotComparer)
        twin.facts, twin.counters, twin.abs, twin.full = facts, counters, self.abs, self.full
        twin.words, twin.marks, twin.digests = self.words, self.marks, self.digests
        twin.kept = self.kept
        return twin

    def compare(self, w: World, row: dict[str, Any]) -> None:
        """Compare one snapshot row with the World.

        Raises:
            RecordingError: a value in the row is of the wrong type or out of range.

        """
        where, facts = self.facts.where, self.facts
        facts.fact("gcphase", w.gc.phase, rows.integer(row, "gcphase", where))
        if w.sweep_due and "counters" not in row:
            facts.skip("counters while sweeping is due")
        else:
            self._counters(w, row, where)
        self._arenas(w, row, where)
        for name in LISTS:
            facts.fact("list", getattr(w, name), rows.integers(row, name, where), label=f"{name} list")
        self._sweep_sets(w, row, where)
        self._holds(w, row, where)
        self._weak(w, row)
        if "caps" in row:
            facts.fact(
                "caps", [w.small.reuse_cap, w.small.fault_cap], row["caps"], label="caps of reuse and fault"
            )
        ours = [[f"{h.base:#x}", h.zeroed_base] for h in w.heap_arenas]
        facts.fact("heap arena", ours, row.get("heaparenas"), label="heap arenas")
        for chunk_row in rows.objects(row, "chunks", where):
            self._chunk(w, chunk_row, where)

    def _counters(self, w: World, row: dict[str, Any], where: str) -> None:
        self.counters.compare_totals(w, rows.counters(row, "counters", where))
        self.facts.fact("counter", w.scan_alloc, rows.integer(row, "scanAlloc", where), label="scanAlloc")

    def _arenas(self, w: World, row: dict[str, Any], where: str) -> None:
        live = [a for a in w.user_arenas.values() if not a.defunct]
        given = rows.objects(row, "arenas", where)
        self.facts.fact(
            "user arena", [a.id for a in live], [a.get("id") for a in given], label="live user arenas"
        )
        for go in given:
            ours = w.user_arenas.get(rows.integer(go, "id", where))
            if ours is None:
                continue
            model = {"active": ours.active, "full": ours.full_list, "nrefs": len(ours.refs),
                     "defunct": ours.defunct, "dropped": ours.dropped}  # fmt: skip
            if "refscap" in go:
                model["refscap"] = ours.refs_cap
            if self.facts.alike("user arena", tuple(model.values()), tuple(map(go.get, model))):
                continue
            for name, value in model.items():
                label = f"{name} of user arena {ours.id}"
                self.facts.fact("user arena", value, go.get(name), label=label, chunk=ours.active)

    def _sweep_sets(self, w: World, row: dict[str, Any], where: str) -> None:
        go = rows.mapping(row, "sweep", where)
        for spanclass, kind in enumerate(("scan", "noscan")):
            for name, sets in (("swept", w.swept), ("unswept", w.unswept)):
                key = f"{kind}_{name}"
                self.facts.fact(
                    "sweep set", sets[spanclass], rows.integers(go, key, where), label=f"sweep set {key}"
                )

    def _holds(self, w: World, row: dict[str, Any], where: str) -> None:
        ours = []
        for number, addr in sorted(w.holds.items()):
            span = w.span_of(addr)
            if span is not None:
                ours.append([number, span.chunk, addr - span.base])
        theirs = rows.integer_lists(row, "holds", where) if row.get("holds") else []
        self.facts.fact("holds", ours, sorted(theirs))

    def _weak(self, w: World, row: dict[str, Any]) -> None:
        """Compare what the handles of the program's weak pointers hold; older files know of none."""
        if not w.weak_pointers and "weak" not in row:
            return
        ours = []
        for weak in sorted(w.weak_pointers):
            spot = weak_spot(w, weak)
            chunk = ON_HEAP if spot is None else spot.chunk
            offset = spot.addr - w.spans[chunk].base if spot is not None and chunk >= 0 else 0
            ours.append([weak, spot is not None, chunk, offset])
        self.facts.fact("weak pointers", ours, row.get("weak"))

    def _chunk(self, w: World, row: dict[str, Any], where: str) -> None:
        number = rows.integer(row, "c", where)
        facts = self.facts
        if not facts.fact("chunk", number < len(w.spans), True, label=f"chunk {number} exists"):  # noqa: FBT003
            return
        span = w.spans[number]
        facts.fact(
            "chunk",
            span.base,
            rows.address(row, "base", where),
            label=f"base of chunk {number}",
            chunk=number,
        )
        if not (row.get("uac") and facts.alike("chunk", _OURS(span), tuple(map(row.get, FIELDS)))):
            self._fields(span, row)
        if row.get("uac"):
            self._ranges(span, row, where)
            self._bits(w, span, row, where)

    def _fields(self, span: MSpan, row: dict[str, Any]) -> None:
        """Compare a chunk's fields one by one."""
        number, facts = span.chunk, self.facts
        for name, ours in FIELDS.items():
            if name in LEFTOVERS and not row.get("uac"):
                facts.skip("leftovers of a span that never held a chunk")
                continue
            theirs = row.get(name)
            facts.fact("chunk", getattr(span, ours), theirs, label=f"{name} of chunk {number}", chunk=number)

    def _ranges(self, span: MSpan, row: dict[str, Any], where: str) -> None:
        number, facts = span.chunk, self.facts
        ours = [span.free_base - span.base, span.free_limit - span.base]
        facts.fact("free range", ours, row.get("free"), label=f"free range of chunk {number}", chunk=number)
        facts.fact(
            "chunk", span.limit - span.base, row.get("limit"), label=f"limit of chunk {number}", chunk=number
        )
        go = rows.integer(row, "sweepgen", where) - rows.integer(self.abs, "sweepgen", where)
        facts.fact("chunk", span.sweepgen, go, label=f"sweepgen of chunk {number}", chunk=number)

    def _bits(self, w: World, span: MSpan, row: dict[str, Any], where: str) -> None:
        number, facts = span.chunk, self.facts
        if w.rules.bitmap_home == "chunk" and not self._mapped(w, span, row, where):
            self.words.pop(number, None)  # at its next appearance all words count as zero
            return
        words, marks = w.bits.words(number), w.scan_limits.no_more_ptrs(number)
        if "bits" in row:
            theirs = self._go_words(number, len(words), row, where)
            wrong = _first_wrong(words, theirs)
            name = _word_name(w, span, wrong) if wrong >= 0 else "bits"
            ours_at, go_at = (int(words[wrong]), int(theirs[wrong])) if wrong >= 0 else (0, 0)
            facts.fact("bits", f"{ours_at:#018x}", f"{go_at:#018x}", label=name, chunk=number)
        if "nmp" in row:
            shown = self._go_marks(number, len(marks), row, where)
            wrong = _first_wrong(marks, shown)
            at = max(wrong, 0)
            label = f"noMorePtrs mark of word {at} of chunk {number}" if wrong >= 0 else "nmp"
            facts.fact("nmp", bool(marks[at]), bool(shown[at]), label=label, chunk=number)
        self._digest("bits", words, self._words_digest(number), row, number)
        if w.rules.bitmap_home == "heap arena":
            self._digest("nmp", marks, marks_digest, row, number)

    def _mapped(self, w: World, span: MSpan, row: dict[str, Any], where: str) -> bool:
        """Compare whether the chunk can be read and, if so, its dummy type."""
        number, facts, layout = span.chunk, self.facts, w.rules.chunk
        theirs = rows.present(row, "mapped", where)
        facts.fact("mapped", span.mapped, theirs, label=f"chunk {number} is mapped", chunk=number)
        if theirs is True:
            ours = [
                layout.at(DUMMY_TYPE), span.elemsize, w.scan_limits.ptr_bytes(number), layout.at(BITMAP)
            ]  # fmt: skip
            facts.fact(
                "dummy type", ours, row.get("hdr"), label=f"dummy type of chunk {number}", chunk=number
            )
        else:  # what lay in the chunk went with its memory, so no row can list it
            left = int(np.count_nonzero(w.bits.words(number)))
            facts.fact("bits", left, 0, label=f"bitmap words without memory, of chunk {number}", chunk=number)
        return span.mapped

    def _digest(
        self,
        name: str,
        ours: Any,
        digest: Callable[[Any], tuple[int, str]],
        row: dict[str, Any],
        number: int,
    ) -> None:
        """Compare a digest; a row may leave it out where it lists the words themselves."""
        if f"{name}_h" in row or name not in row:
            theirs = [row.get(f"{name}_n"), row.get(f"{name}_h")]
            known = self.digests.get((name, number))
            if known is None or not np.array_equal(known[0], ours):
                known = self.digests[name, number] = ours, list(digest(ours))
            self.facts.fact(name, known[1], theirs, label=f"{name} digest of chunk {number}", chunk=number)

    def _words_digest(self, number: int) -> Callable[[Any], tuple[int, str]]:
        """Return what digests a chunk's words; it goes on from where they changed."""
        kept = self.kept.setdefault(number, Digested(2))
        return lambda words: words_digest(words, kept)

    def _go_words(self, number: int, count: int, row: dict[str, Any], where: str) -> npt.NDArray[np.uint64]:
        """Return Go's words, from the changes since the chunk's last appearance or from the full list."""
        if self.full or number not in self.words:
            self.words[number] = np.zeros(count, dtype=np.uint64)
        for first, length, value in _runs(row, "bits", (3,), where, count):
            try:
                self.words[number][first : first + length] = int(value, 16)
            except (TypeError, ValueError, OverflowError):
                rows.refuse(where, "bits", value, "a bitmap word in hex")
        return self.words[number]

    def _go_marks(self, number: int, count: int, row: dict[str, Any], where: str) -> npt.NDArray[np.bool_]:
        """Return Go's noMorePtrs marks in the same way."""
        if self.full or number not in self.marks:
            self.marks[number] = np.zeros(count, dtype=bool)
        for first, length, *value in _runs(row, "nmp", (2, 3), where, count):
            self.marks[number][first : first + length] = bool(value[0]) if value else True
        return self.marks[number]


def _first_wrong(ours: npt.NDArray[Any], theirs: npt.NDArray[Any]) -> int:
    """Return the first place at which two arrays of one length differ; −1 for none."""
    wrong = ours != theirs
    at = int(wrong.argmax())
    return at if wrong[at] else -1


def _runs(row: dict[str, Any], key: str, sizes: tuple[int, ...], where: str, count: int) -> list[list[Any]]:
    """Return a row's [first, length, …] runs, each of one of those sizes and within the chunk."""
    value: list[Any] = rows.listed(row, key, where)
    for run in value:
        good = isinstance(run, list) and len(run) in sizes and all(type(n) is int for n in run[:2])
        if not good or not 0 <= run[0] <= run[0] + run[1] <= count:
            rows.refuse(where, key, run, f"[first, length, …], a run within {count:,} words")
    return value


def _word_name(w: World, span: MSpan, word: int) -> str:
    """Name a bitmap word by chunk, word, object and type."""
    addr = span.base + word * w.rules.bitmap_word_bytes
    here = rows_between(w, span.chunk, addr, addr + w.rules.bitmap_word_bytes)
    rows_here = [w.ledger.row(row) for row in here[-3:]]
    objects = "; ".join(f"{w.types[row[2]].expr} at {row[0] - span.base:#x}" for row in rows_here)
    return f"bitmap word {word} of chunk {span.chunk} ({objects or 'no object there'})"
