"""What trees of nodes cost by Go, GOGC and size, with nodes from the heap, an arena, a sync.Pool, or slabs of one.

`arenalab costs --trees` measures it (oracle/costs/trees); a table of seven releases is shipped. Rule: every number is a
run's, or lies between those of two runs; what lies beyond them is refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from arenalab.advice.costs import folder
from arenalab.errors import ScenarioError, cut, shown
from arenalab.files import written_whole
from arenalab.units import plainly

SHIPPED = Path(__file__).with_name("shipped_trees.jsonl")
USUAL_GOGC, USUAL_NODES = "100", 1023  #: where the other is varied.
AGAIN = "measure again with: arenalab costs --trees"


@dataclass(frozen=True)
class TreeRow:
    """What one form took: the run of some rounds that took the processor least."""

    go: str  #: "go1.27.3".
    without: tuple[str, ...]  #: experiments that the build did without, such as "greenteagc".
    on: str  #: where nodes came from: "heap", "arena", "pool" or "slabs".
    gogc: str  #: as the variable has it: "100", "off".
    nodes: int  #: of a tree.
    cpu_ns: float  #: processor time a node, of all threads.
    most_ns: float  #: the same, of the round that took most.
    cycles: int  #: collections.
    peak_mib: float  #: memory at most.


@dataclass(frozen=True)
class TreeCosts:
    """A table of rows, all of one machine."""

    machine: dict[str, Any]  #: cpu, processors, system, date, rounds, and the load before and after.
    total: int  #: nodes made in a run.
    live: int  #: nodes that stay alive beside them, on the heap.
    rows: tuple[TreeRow, ...]  #: every form that was measured.
    own: bool = False  #: measured here, not shipped.

    @property
    def gos(self) -> tuple[str, ...]:
        """The releases, oldest first: ("go1.21.13", "go1.27.3")."""
        return tuple(dict.fromkeys(row.go for row in self.rows))

    def where(self) -> str:
        """Name the machine."""
        m = self.machine
        load = " to ".join(f"{each:g}" for each in m["load"])
        origin = "measured here" if self.own else "shipped"
        return (
            f"{m['cpu']}, {plainly(m['processors'], 'processor')}, {m['system']}, {m['date']}, load {load}, "
            f"least of {plainly(m['rounds'], 'round')} ({origin})"
        )

    def by_gogc(self, go: str, on: str, without: tuple[str, ...] = ()) -> tuple[TreeRow, ...]:
        """Return the rows of a Go and a source of nodes for each GOGC; trees are as usual.

        Raises:
            ScenarioError: they were not measured; says what was.

        """
        return self._rows(go, on, without, lambda row: row.nodes == USUAL_NODES)

    def by_nodes(self, go: str, on: str) -> tuple[TreeRow, ...]:
        """Return the rows of a Go and a source of nodes for each size of a tree, the smallest first; GOGC is as usual.

        Raises:
            ScenarioError: they were not measured; says what was.

        """
        rows = self._rows(go, on, (), lambda row: row.gogc == USUAL_GOGC)
        return tuple(sorted(rows, key=lambda row: row.nodes))

    def holds(self, go: str) -> bool:
        """Return whether heap and arenas of a Go were measured, each GOGC with each size of a tree."""
        return (
            bool(self._grid(go, "arena")) and self._grid(go, "arena").keys() == self._grid(go, "heap").keys()
        )

    def ratios(self, go: str) -> str:
        """Return a table by GOGC and size of a tree: the time of a node in an arena, with that on the heap as 1.

        Raises:
            ScenarioError: not every GOGC was measured with every size.

        """
        if not self.holds(go):
            raise ScenarioError(f"no costs of Go {shown(go)} by GOGC and size; {AGAIN}")
        arena, heap = (self._grid(go, on) for on in ("arena", "heap"))
        gogcs, sizes = dict.fromkeys(gogc for gogc, _ in arena), sorted({nodes for _, nodes in arena})
        lines = ["arena, heap = 1" + "".join(f"{size:>8,}" for size in sizes) + "  nodes of a tree"]
        for gogc in gogcs:
            shares = (arena[gogc, size] / heap[gogc, size] for size in sizes)
            lines.append(f"  GOGC={gogc:<8}" + "".join(f"{share:8.2f}" for share in shares))
        return "\n".join(lines)

    def _grid(self, go: str, on: str) -> dict[tuple[str, int], float]:
        """Return ns a node by GOGC and size, of a source of nodes; {} where not all pairs of them were measured."""
        rows = [row for row in self.rows if _is_of(row, go) and (row.on, row.without) == (on, ())]
        found = {(row.gogc, row.nodes): row.cpu_ns for row in rows}
        gogcs, sizes = ({key[part] for key in found} for part in (0, 1))
        return found if len(found) == len(gogcs) * len(sizes) else {}

    def row(self, go: str, on: str, gogc: str = USUAL_GOGC, without: tuple[str, ...] = ()) -> TreeRow:
        """Return the row of a Go, a source of nodes and a GOGC; trees are as usual.

        Raises:
            ScenarioError: it was not measured; says what was.

        """
        found = {row.gogc: row for row in self.by_gogc(go, on, without)}
        if gogc not in found:
            raise ScenarioError(f"GOGC {shown(gogc)} was not measured; there is {', '.join(found)}")
        return found[gogc]

    def smallest(self, go: str, on: str) -> TreeRow:
        """Return the row that took the least memory, whatever its GOGC."""
        return min(self.by_gogc(go, on), key=lambda row: row.peak_mib)

    def memory_for(self, go: str, on: str, cpu_ns: float) -> float:
        """Return from how many MiB at most on a node costs so many ns: the first place between two measured GOGCs.

        Costs lie on straight lines of the logarithms between two measured ones.

        Raises:
            ScenarioError: they never cross it.

        """
        rows = sorted(self.by_gogc(go, on), key=lambda row: row.peak_mib)
        for less, more in pairwise(rows):
            if less.cpu_ns >= cpu_ns >= more.cpu_ns:
                costs, peaks = np.log([more.cpu_ns, less.cpu_ns]), np.log([more.peak_mib, less.peak_mib])
                return float(np.exp(np.interp(np.log(cpu_ns), costs, peaks)))
        measured = [row.cpu_ns for row in rows]
        raise ScenarioError(
            f"{go}, {on}: {cpu_ns:g} ns a node; measured were {min(measured):g} to {max(measured):g} ns"
        )

    def _rows(self, go: str, on: str, without: tuple[str, ...], fits: Any) -> tuple[TreeRow, ...]:
        bare = go.removeprefix("go")
        of_go = [row for row in self.rows if _is_of(row, go)]
        rows = tuple(row for row in of_go if (row.on, row.without) == (on, without) and fits(row))
        if not rows:
            there = dict.fromkeys(" without ".join((f"{row.go} {row.on}", *row.without)) for row in self.rows)
            raise ScenarioError(
                f"no costs of Go {shown(bare)} {shown(on)}{' without ' if without else ''}{', '.join(without)}; there "
                f"are those of {', '.join(there)}"
            )
        return rows

    def lines(self) -> Iterator[str]:
        """Yield the table in words: for each Go ns a node, and MiB at most."""
        yield self.where()
        for go in self.gos:
            ways = list(dict.fromkeys(row.on for row in self.rows if row.go == go))
            yield f"{go}: ns a node, MiB at most"
            yield "  " + " " * 14 + "".join(f"{on:>15}" for on in ways)
            for gogc in dict.fromkeys(row.gogc for row in self.rows):
                yield _line(f"GOGC={gogc}", [self.row(go, on, gogc) for on in ways])
            for rows in zip(*(self.by_nodes(go, on) for on in ways), strict=True):
                yield _line(f"{rows[0].nodes:,} nodes", rows)
            if self.holds(go):
                yield from (f"  {line}" for line in self.ratios(go).splitlines())
            yield from self._without(go)

    def _without(self, go: str) -> Iterator[str]:
        for without in dict.fromkeys(row.without for row in self.rows if row.go == go and row.without):
            yield f"  heap without {' and '.join(without)}"
            for row in self.by_gogc(go, "heap", without):
                yield _line(f"GOGC={row.gogc}", [row])

    def facts(self) -> list[dict[str, Any]]:
        """Return the table as the lines of a file hold it."""
        header = {"format": 1, "machine": self.machine, "total": self.total, "live": self.live}
        return [
            header,
            *({each.name: getattr(row, each.name) for each in fields(TreeRow)} for row in self.rows),
        ]


def _is_of(row: TreeRow, go: str) -> bool:
    return row.go.removeprefix("go").startswith(go.removeprefix("go"))


def _line(head: str, rows: Any) -> str:
    return f"  {head:14}" + "".join(f"{row.cpu_ns:9.1f}{row.peak_mib:6.0f}" for row in rows)


def table_of_trees(lines: list[Any], where: str, own: bool = False) -> TreeCosts:
    """Return a table from the lines of a file, read as JSON.

    Raises:
        ScenarioError: it is none.

    """
    try:
        header, *rows = lines
        table = TreeCosts(
            dict(header["machine"]), int(header["total"]), int(header["live"]), tuple(map(_row, rows)), own
        )
        table.where()
        wrong = "" if header["format"] == 1 else f"format {header['format']!r}, expected 1"
    except (ValueError, LookupError, TypeError, AttributeError) as trouble:
        wrong = cut(trouble)
    if wrong or not table.rows:
        raise ScenarioError(f"{where}: no costs of trees ({wrong or 'no rows'}); {AGAIN}")
    return table


def _row(said: Any) -> TreeRow:
    row = TreeRow(
        go=str(said["go"]),
        without=tuple(map(str, said["without"])),
        on=str(said["on"]),
        gogc=str(said["gogc"]),
        nodes=int(said["nodes"]),
        cpu_ns=float(said["cpu_ns"]),
        most_ns=float(said["most_ns"]),
        cycles=int(said["cycles"]),
        peak_mib=float(said["peak_mib"]),
    )
    if not (np.isfinite(row.cpu_ns) and np.isfinite(row.peak_mib) and row.cpu_ns > 0 < row.peak_mib):
        raise ValueError(f"{row.go}, {row.on}: a number that is not above 0")
    return row


def read_tree_costs(path: Path, own: bool = False) -> TreeCosts:
    """Return the table of a file.

    Raises:
        ScenarioError: it is none; names the file.

    """
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, RecursionError) as trouble:
        raise ScenarioError(f"{path}: no costs of trees ({cut(trouble)}); {AGAIN}") from None
    return table_of_trees(lines, str(path), own)


def own_file() -> Path:
    """Return where a table measured here is kept."""
    return folder() / "trees.jsonl"


def keep_trees(table: TreeCosts, path: Path | None = None) -> Path:
    """Keep a table, in the user's cache folder unless another file is named; return the file."""
    path = path or own_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.writelines(json.dumps(line) + "\n" for line in table.facts())
    return path


def shipped_tree_costs() -> TreeCosts:
    """Return the shipped table, whatever was measured here: the same on every machine."""
    return read_tree_costs(SHIPPED)


def tree_costs(*gos: str) -> TreeCosts:
    """Return the table measured here if it holds the releases, such as "1.21" and "1.27", whole; else the shipped.

    Raises:
        ScenarioError: the file that is kept is damaged; names it.

    """
    if own_file().exists():
        own = read_tree_costs(own_file(), own=True)
        if all(map(own.holds, gos)):
            return own
    return shipped_tree_costs()
