"""`arenalab costs`: what values, arenas, chunks and collections cost on this machine, for each installed Go."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from arenalab.advice.costs import CostTable, costs_of, keep, table_of, tables
from arenalab.cli_parser import Parser
from arenalab.progress_line import ProgressLine

ABOUT = """Measure what a value costs on the heap and in an arena, and what an arena, a chunk, a collection and a
sync.Pool cost, in processor time, on this machine; a minute or so for each Go. The tables are kept in the cache folder;
`arenalab trace` judges by them, and without them by those that are shipped, and says so."""


def main_costs(argv: Sequence[str]) -> int:
    """Measure or show; return the exit status."""
    options = parser().parse_args(list(argv))
    found = _shown(options.go) if options.show else list(_measured(options.go, options.quick))
    if options.json:
        print(json.dumps([each.facts() | {"own": each.own} for each in found]))
    else:
        print("\n\n".join("\n".join(each.lines()) for each in found))
    return 0


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("costs", ABOUT)
    made.add_argument("--go", metavar="VERSION|PATH", help="one Go, such as 1.27.3 (default: all installed)")
    made.add_argument("--quick", action="store_true", help="one round instead of five: some seconds, coarser")
    made.add_argument("--show", action="store_true", help="measure nothing: show the tables that there are")
    made.add_argument("--json", action="store_true", help="a JSON list of tables")
    return made


def _shown(go: str | None) -> list[CostTable]:
    if go is not None:
        return [costs_of(go)]
    return list({each.line: each for each in reversed(tables())}.values())[::-1]


def _measured(go: str | None, quick: bool) -> Iterator[CostTable]:
    """Measure each Go that is asked for, keep its table, and yield it."""
    from arenalab.oracle.costs import QUICK, ROUNDS, installed, measure  # noqa: PLC0415  # to show needs no Go
    from arenalab.oracle.toolchain import find_toolchain  # noqa: PLC0415

    for each in installed() if go is None else [find_toolchain(go)]:
        with ProgressLine(after=0) as line:
            said = measure(
                each,
                QUICK if quick else ROUNDS,
                lambda done, part, go=each: line.show(f"{go.version}: {part}", done),  # type: ignore[misc]
            )
        table = table_of(said, each.version, own=True)
        keep(table)
        yield table
