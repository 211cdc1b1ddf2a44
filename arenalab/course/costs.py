"""What arenas and the heap cost in one Go, as `python -m tools.measure_costs` measured it: to read and to draw.

Rule: every number is of the machine that the file names; nothing here measures.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from arenalab.course.chart import Chart, Line
from arenalab.errors import ScenarioError, cut, shown
from arenalab.units import counted, plainly

Row = dict[str, Any]

#: Settings of a row that the others are compared with; a row of another kind differs in one of them.
USUAL = {"nodes": 1000, "live_mib": 32, "open": 1, "gogc": "100"}
HEAP, ARENA = "heap", "arena"


@dataclass(frozen=True)
class Costs:
    """Measured costs: single things in nanoseconds, and requests served on the heap and in arenas."""

    machine: Row  #: what the numbers depend on: cpu, processors, system, go, date, rounds.
    pieces: dict[str, float]  #: nanoseconds of a chunk, an arena, an object.
    rows: tuple[Row, ...]  #: one way of serving each.

    def where(self) -> str:
        """Name the machine."""
        m = self.machine
        return f"{m['go']} on {m['cpu']}, {plainly(m['processors'], 'processor')}, {m['system']}, {m['date']}"

    def pairs(self, name: str) -> list[tuple[Any, Row, Row]]:
        """Return (value, row on the heap, row in arenas) for each value of one setting, the others as usual.

        Raises:
            ScenarioError: no such setting was varied.

        """
        if name not in USUAL:
            raise ScenarioError(f"{shown(name)} was not varied; there is {', '.join(USUAL)}")
        found: dict[Any, dict[str, Row]] = {}
        for row in self.rows:
            if all(row[other] == usual for other, usual in USUAL.items() if other != name):
                found.setdefault(row[name], {})[row["on"]] = row
        order = sorted(found, key=lambda value: math.inf if value == "off" else float(value))
        return [(value, found[value][HEAP], found[value][ARENA]) for value in order]

    def table(self, name: str, title: str) -> str:
        """Return a table of one setting: nanoseconds a value, collections, memory at most."""
        head = f"{title:>18}   {'ns a value':^15}   {'collections':^15}   {'MiB at most':^15}"
        lines = [head, " " * 18 + f"   {'heap':>7} {'arena':>7}" * 3]
        for value, *two in self.pairs(name):
            cells = [f"   {h:>7} {a:>7}" for h, a in zip(*map(_cells, two), strict=True)]
            lines.append(
                f"{value:>18,}" + "".join(cells)
                if isinstance(value, int)
                else f"{value:>18}" + "".join(cells)
            )
        return "\n".join(lines)

    def break_even(self) -> float:
        """Return from how many values a request on an arena costs less, between the sizes that were measured.

        Raises:
            ScenarioError: one of the two was cheaper for all sizes.

        """
        sizes = self.pairs("nodes")
        for (small, *before), (large, *after) in pairwise(sizes):
            lead, lag = (math.log(arena["cpu_ns"] / heap["cpu_ns"]) for heap, arena in (before, after))
            if lead > 0 >= lag:
                part = lead / (lead - lag)
                return float(small * (large / small) ** part)
        raise ScenarioError("neither the heap nor the arena takes the lead at any size measured")

    def verdict(self) -> str:
        """Describe from how many values of a request an arena costs less, if from any, and how much at best."""
        ratios = {size: arena["cpu_ns"] / heap["cpu_ns"] for size, heap, arena in self.pairs("nodes")}
        best, ratio = min(ratios.items(), key=lambda pair: float(pair[1]))
        if ratio >= 1:
            return f"an arena costs more at every size, {ratio - 1:.0%} more even at {counted(best, 'node')}"
        if ratios[min(ratios)] < 1:
            return (
                f"an arena costs less at every size, at best {1 - ratio:.0%} less, at {counted(best, 'node')}"
            )
        some = counted(round(self.break_even()), "node")
        return f"an arena costs less from about {some} on, at best {1 - ratio:.0%} less, at {counted(best, 'node')}"

    def chart(
        self, name: str, title: str, across: str, of: str = "cpu_ns", unit: str = "ns a value"
    ) -> Chart:
        """Return a picture of one number of the rows, on the heap and in arenas, by one setting."""
        pairs = self.pairs(name)
        lines = [
            Line("in arenas", tuple(arena[of] for _, _, arena in pairs)),
            Line("on the heap", tuple(heap[of] for _, heap, _ in pairs)),
        ]
        ticks = tuple(f"{value:,}" if isinstance(value, int) else str(value) for value, _, _ in pairs)
        return Chart(title, across, unit, ticks, tuple(lines))


def _cells(row: Row) -> tuple[str, str, str]:
    return f"{row['cpu_ns']:.0f}", f"{row['cycles']}", f"{row['peak_rss_mib']}"


def load_costs(path: str | Path) -> Costs:
    """Read measured costs.

    Raises:
        ScenarioError: not a file that `tools.measure_costs` wrote.

    """
    try:
        rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
        machine, pieces = (
            rows[0]["machine"],
            {k: float(v) for k, v in rows[1]["pieces"].items() if k != "bytes"},
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as trouble:
        raise ScenarioError(
            f"{path}: no measured costs ({cut(trouble)}); make them with python -m tools.measure_costs"
        ) from None
    return Costs(machine, pieces, tuple(rows[2:]))
