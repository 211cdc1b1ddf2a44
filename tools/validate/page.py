"""Write the table of docs/advice.md: `python -m tools.validate.page`.

From the facts of the traces, the shipped costs and what was measured; no Go. Between its two marks the page is this.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from arenalab.advice.costs import SHIPPED, CostTable, costs_of, read_tables
from arenalab.advice.forecast import ERROR, Setting, forecast
from arenalab.advice.scope_facts import ScopeFacts
from tools.validate import measured, traced
from tools.validate.measured import GOES, GOGC, ROOT, WORKS

PAGE = ROOT / "docs/advice.md"
BEGIN, END = "<!-- the table: python -m tools.validate.page -->\n", "<!-- end of the table -->\n"
CYCLES, PEAK = 0.10, 0.15  #: how far a forecast may be off.


class Cell(NamedTuple):
    """One program, Go and GOGC: what was measured, medians, and what was forecast."""

    work: str
    go: str
    gogc: int
    heap_ms: float
    change_ms: float  #: processor time in arenas less that on the heap.
    noise_ms: float  #: the heap form's longest run less its shortest.
    forecast_ms: float
    cycles: float
    forecast_cycles: float
    peak_mib: float
    forecast_mib: float
    interval_ms: tuple[float, float]  #: of the change, as the verdict has it.

    @property
    def clear(self) -> bool:
        """Whether the change exceeds the noise."""
        return abs(self.change_ms) > self.noise_ms

    @property
    def sign_right(self) -> bool:
        """Whether it was forecast which form takes less."""
        return (self.change_ms > 0) == (self.forecast_ms > 0)

    @property
    def cycles_right(self) -> bool:
        """Whether the cycles of the arena form are within a tenth."""
        return abs(self.forecast_cycles - self.cycles) <= CYCLES * self.cycles

    @property
    def cycles_near(self) -> bool:
        """The same, or one cycle off."""
        return self.cycles_right or abs(self.forecast_cycles - self.cycles) <= 1

    @property
    def peak_right(self) -> bool:
        """Whether the peak memory of the arena form is within its bound."""
        return abs(self.forecast_mib - self.peak_mib) <= PEAK * self.peak_mib


def cells() -> Iterator[Cell]:
    """Yield all cells."""
    _, rows = measured.read()
    facts = traced.read()
    costs = {go: costs_of(go, read_tables(SHIPPED)) for go in GOES}
    for go, work, gogc in product(GOES, WORKS, GOGC):
        yield _cell(rows, (go, work, gogc), facts[work], costs[go])


def _cell(
    rows: dict[measured.Cell, measured.Row], of: tuple[str, str, int], facts: ScopeFacts, table: CostTable
) -> Cell:
    go, work, gogc = of
    heap, arena = rows[go, work, gogc, "heap"], rows[go, work, gogc, "arena"]
    heap_ms, arena_ms = (statistics.median(row["cpu_ns"]) / 1e6 for row in (heap, arena))
    said = forecast(facts, table, Setting(gogc=gogc, scopes=heap["requests"]))
    return Cell(
        work, go, gogc, heap_ms, arena_ms - heap_ms, (max(heap["cpu_ns"]) - min(heap["cpu_ns"])) / 1e6,
        said.change / 1e6, statistics.median(arena["cycles"]), said.arena.cycles,
        statistics.median(arena["peak_kib"]) / 1024, said.arena.peak / 2**20,
        (said.change_within()[0] / 1e6, said.change_within()[1] / 1e6),
    )  # fmt: skip


def table(of: list[Cell]) -> Iterator[str]:
    """Yield the lines of the page's table, what was missed included, and the totals."""
    heads = (
        "program",
        "Go",
        "GOGC",
        "heap ms",
        "change ms",
        "noise",
        "forecast",
        "",
        "cycles",
        "forecast",
        "",
    )
    yield f"| {' | '.join((*heads, 'peak MiB', 'forecast', ''))} |"
    yield "|---|---|--:|--:|--:|--:|--:|:-:|--:|--:|:-:|--:|--:|:-:|"
    for each in of:
        sign = _mark(each.sign_right) if each.clear else "·"
        cycles = "1" if each.cycles_near and not each.cycles_right else _mark(each.cycles_right)
        columns = (
            *(each.work, each.go, str(each.gogc), f"{each.heap_ms:,.0f}", f"{each.change_ms:+,.0f}"),
            *(f"{each.noise_ms:,.0f}", f"{each.forecast_ms:+,.0f}", sign),
            *(f"{each.cycles:g}", f"{each.forecast_cycles:g}", cycles),
            *(f"{each.peak_mib:,.0f}", f"{each.forecast_mib:,.0f}", _mark(each.peak_right)),
        )
        yield f"| {' | '.join(columns)} |"
    yield ""
    yield from totals(of)


def totals(of: list[Cell]) -> Iterator[str]:
    """Yield how often the forecast was right."""
    clear, n = [each for each in of if each.clear], len(of)
    signs, unclear = sum(each.sign_right for each in clear), [each for each in of if not each.clear]
    exact, near = sum(each.cycles_right for each in of), sum(each.cycles_near for each in of)
    peaks = sum(each.peak_right for each in of)
    aside = sum(each.sign_right for each in unclear)
    yield f"- Sign: right in {_share(signs, len(clear))} cells whose change exceeds the noise; the aim was 90 %."
    yield f"  Of the {len(unclear)} others, {aside} have the sign of the measured medians."
    held = sum(low <= each.change_ms <= high for each in of for low, high in [each.interval_ms])
    yield f"- Interval: the verdict's, {100 * ERROR:.0f} % of either form's costs, holds {_share(held, n)} changes."
    yield f"- Cycles: within a tenth in {_share(exact, n)}, within a tenth or one cycle in {_share(near, n)}."
    yield f"- Peak memory: within {100 * PEAK:.0f} % in {_share(peaks, n)}."


def _mark(right: bool) -> str:
    return "✓" if right else "**✗**"


def _share(part: int, of: int) -> str:
    return f"{part} of {of} ({100 * part / of:.0f} %)"


def written(text: str, lines: list[str]) -> str:
    """Return the page with the table put between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + "\n" + "\n".join(lines) + "\n\n" + END + after


def main() -> int:
    """Write the page; return the exit status."""
    lines = list(table(list(cells())))
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), lines), encoding="utf-8")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
