"""What values, arenas, chunks and collections cost: a table that was measured, of the user's own machine or shipped.

Each number is nanoseconds of processor time, as `arenalab costs` measured it (oracle/costs/main.go) with one Go on one
machine. Rule: it reads numbers and computes between them, and makes none up: a table without a part that is
asked for is refused when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenalab.errors import ScenarioError, cut
from arenalab.files import cache_dir, written_whole
from arenalab.units import human, plainly

Numbers = NDArray[np.float64]
SHIPPED = Path(__file__).with_name("shipped_costs.jsonl")
#: Parts of a table and by what each is measured: nothing, a length, or (bytes, has pointers).
SINGLE = ("base KiB", "held KiB", "arena", "chunk", "pool", "traced value", "cycle")
BY_LENGTH = ("arena slice of pointers", "arena slice of bytes")
BY_KIND = ("heap value", "arena value", "mark value", "mark arena value")


@dataclass(frozen=True)
class CostTable:
    """What one Go's heap, arenas and collector cost on one machine; all times in ns of the processor."""

    go: str  #: "go1.27.3".
    machine: dict[str, Any]  #: cpu, processors, system, date, rounds.
    rows: tuple[tuple[str, tuple[Any, ...], float], ...]  #: part, of what, ns.
    own: bool = False  #: measured here, not shipped.

    @property
    def line(self) -> str:
        """The language version: "1.27"."""
        return ".".join(self.go.removeprefix("go").split(".")[:2])

    @cached_property
    def curves(self) -> dict[tuple[str, Any], tuple[Numbers, Numbers]]:
        """Return for each part, and whether its values have pointers, what was measured: sizes and ns."""
        found: dict[tuple[str, Any], list[tuple[float, float]]] = {}
        for part, of, ns in self.rows:
            key = (part, bool(of[1])) if part in BY_KIND else (part, None)
            found.setdefault(key, []).append((float(of[0]) if of else 0.0, ns))
        return {
            key: (np.array(sorted(each))[:, 0], np.array(sorted(each))[:, 1]) for key, each in found.items()
        }

    def one(self, part: str) -> float:
        """Return a part that is one number: `arena` (NewArena and Free on a reused chunk), `chunk`, `pool`, `cycle`."""
        return float(self.curves[part, None][1][0])

    def heap_value(self, sizes: Any, pointers: Any) -> Numbers:
        """Return what values of some sizes (bytes) cost on a heap that is collected as it fills, its marking apart."""
        return np.where(
            pointers, self._at(("heap value", True), sizes), self._at(("heap value", False), sizes)
        )

    def arena_value(self, sizes: Any, pointers: Any, elements: Any) -> Numbers:
        """Return what values cost in a chunk that is there; `elements` of a slice, 0 for what is none."""
        words, ns = self.curves[
            "arena slice of bytes", None
        ]  # no bits are written: the length tells for nothing
        plain = np.interp(np.asarray(sizes) / 8, words, ns)
        pointing = self._at(("arena slice of pointers", None), np.asarray(elements))
        single = np.where(
            pointers, self._at(("arena value", True), sizes), self._at(("arena value", False), sizes)
        )
        return np.where(np.asarray(elements) > 0, np.where(pointers, pointing, plain), single)

    def mark(self, sizes: Any, pointers: Any) -> Numbers:
        """Return what a cycle takes longer for each live value."""
        plain = np.full(np.shape(sizes), self.curves["mark value", False][1][0])
        return np.where(pointers, self._at(("mark value", True), sizes), plain)

    def _at(self, key: tuple[str, Any], at: Any) -> Numbers:
        """Read a curve between its points; beyond the last it goes on as from zero to there."""
        known, ns = self.curves[key]
        at = np.asarray(at, np.float64)
        inside: Numbers = np.interp(at, known, ns)
        return np.where(at > known[-1], ns[-1] * at / known[-1], inside)

    def resident(self, live: float) -> float:
        """Return how many bytes a process holds that has so many live bytes on its heap, and no garbage."""
        base, (live_then, held) = self.one("base KiB"), (c[0] for c in self.curves["held KiB", None])
        return float(1024 * base + live * (held - base) * 1024 / live_then)

    def where(self) -> str:
        """Name the Go and the machine."""
        m = self.machine
        origin = "measured here" if self.own else "shipped"
        return (
            f"{self.go} on {m['cpu']}, {plainly(m['processors'], 'processor')}, {m['system']}, {m['date']} "
            f"({origin})"
        )

    def facts(self) -> dict[str, Any]:
        """Return the table as JSON holds it."""
        return {"format": 1, "go": self.go, "machine": self.machine, "rows": [list(row) for row in self.rows]}

    def lines(self) -> Iterator[str]:
        """Yield the table in words."""
        yield self.where()
        yield f"  {'a value of':>10}  {'heap':>8} {'arena':>6}   {'heap':>8} {'arena':>6}   ns"
        yield f"  {'bytes':>10}  {'no pointers':>15}   {'with pointers':>15}"
        for size in self.curves["arena value", True][0]:
            heap = [float(self.heap_value(size, has)) for has in (False, True)]
            arena = [float(self.arena_value(size, has, 0)) for has in (False, True)]
            yield f"  {size:10,.0f}  {heap[0]:8.1f} {arena[0]:6.1f}   {heap[1]:8.1f} {arena[1]:6.1f}"
        for size in self.curves["heap value", False][0]:
            if size > self.curves["arena value", True][0][-1]:
                yield f"  {size:10,.0f}  {float(self.heap_value(size, pointers=False)):8,.0f}"
        yield from self._singles()

    def _singles(self) -> Iterator[str]:
        each = (
            self._at(("arena slice of pointers", None), 256) - self._at(("arena slice of pointers", None), 1)
        ) / 255
        yield f"  a slice of pointers in an arena: {float(each):.1f} ns more for each element"
        yield f"  NewArena and Free, chunk from the reuse list: {self.one('arena'):,.0f} ns"
        yield f"  a chunk got, filled and freed: {self.one('chunk') / 1e6:.2f} ms"
        yield f"  sync.Pool, Get and Put: {self.one('pool'):.1f} ns"
        yield f"  a cycle that finds nothing: {self.one('cycle') / 1e6:.2f} ms; each live value adds"
        for part, has in (("mark value", True), ("mark value", False), ("mark arena value", True)):
            sizes, ns = self.curves[part, has]
            named = ", ".join(
                f"{cost:.0f} ns ({human(int(size))})" for size, cost in zip(sizes, ns, strict=True)
            )
            what = "in a chunk" if "arena" in part else "with pointers" if has else "without"
            yield f"    {what}: {named}"


def table_of(said: Any, where: str, own: bool = False) -> CostTable:
    """Return a table from what JSON gave.

    Raises:
        ScenarioError: it is none, or lacks a part.

    """
    try:
        rows = tuple((str(part), tuple(of or ()), float(ns)) for part, of, ns in said["rows"])
        table = CostTable(str(said["go"]), dict(said["machine"]), rows, own)
        table.where()
        wrong = _wrong(table, said["format"])
    except (ValueError, LookupError, TypeError, AttributeError) as trouble:
        wrong = cut(trouble)
    if wrong:
        raise ScenarioError(f"{where}: no table of costs ({wrong}); measure again with: arenalab costs")
    return table


def _wrong(table: CostTable, form: Any) -> str:
    """Return what a table lacks, if anything."""
    needed: set[tuple[str, Any]] = {(part, None) for part in (*SINGLE, *BY_LENGTH)}
    lacking = (needed | {(part, True) for part in BY_KIND}) - table.curves.keys()
    if form != 1:
        return f"format {form!r}, expected 1"
    if not all(ns >= 0 and np.isfinite(ns) for *_, ns in table.rows):
        return "a number that is negative or none"
    return f"no row of {min(lacking)[0]!r}" if lacking else ""


def folder() -> Path:
    """Return where tables measured here are kept."""
    return cache_dir() / "costs"


def keep(table: CostTable) -> Path:
    """Keep a table in the user's cache folder; return the file."""
    path = folder() / f"{table.go}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.write(json.dumps(table.facts()) + "\n")
    return path


def tables() -> list[CostTable]:
    """Return all tables: those measured here, then the shipped.

    Raises:
        ScenarioError: a file of the cache folder is damaged; names it.

    """
    kept = [
        table_of(_json(path.read_text(encoding="utf-8")), str(path), own=True)
        for path in sorted(folder().glob("*.json"))
    ]
    return [*kept, *read_tables(SHIPPED)]


def read_tables(path: Path) -> list[CostTable]:
    """Return the tables of a file that has one a line, such as the shipped one."""
    return [table_of(_json(line), path.name) for line in path.read_text(encoding="utf-8").splitlines()]


def shipped_costs(go: str) -> CostTable:
    """Return the shipped table for a Go, whatever was measured here: the same on every machine.

    Raises:
        ScenarioError: there is none for that line of Go; names those that there are.

    """
    return costs_of(go, read_tables(SHIPPED))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def costs_of(go: str | None = None, among: Iterable[CostTable] | None = None) -> CostTable:
    """Return the table for a Go, such as "1.27" or "go1.27.3": measured here if there is one, else shipped.

    Without a version: that of the newest Go.

    Raises:
        ScenarioError: there is none for that line of Go; names those that there are.

    """
    found = list(tables() if among is None else among)
    if go is None:
        go = max(found, key=lambda each: tuple(map(int, each.line.split(".")))).line
    bare = go.removeprefix("go")
    fits = [each for each in found if bare in (each.line, each.go.removeprefix("go"))]
    fits = fits or [each for each in found if bare.startswith(f"{each.line}.")]
    if not fits:
        known = ", ".join(dict.fromkeys(each.line for each in found))
        raise ScenarioError(
            f"no costs of Go {bare}; there are those of {known}; measure it: arenalab costs --go {bare}"
        )
    return fits[0]
