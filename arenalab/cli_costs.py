"""`arenalab costs`: what values, arenas, chunks and collections cost on this machine, for each installed Go."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arenalab.advice.costs import CostTable, costs_of, keep, table_of, tables
from arenalab.advice.tree_costs import TreeCosts, keep_trees, table_of_trees, tree_costs
from arenalab.cli_parser import Parser
from arenalab.progress_line import ProgressLine

if TYPE_CHECKING:
    from arenalab.oracle.toolchain import Toolchain

ABOUT = """Measure what a value costs on the heap and in an arena, and what an arena, a chunk, a collection and a
sync.Pool cost, in processor time, on this machine; a minute or so for each Go. The tables are kept in the cache folder;
`arenalab trace` judges by them, and without them by those that are shipped, and says so. With --trees, what whole
trees of nodes take by Go, GOGC and size, which notebook 19 reads."""
TREES = "trees by Go, GOGC and size, on the heap, in arenas, from a sync.Pool: some minutes for each Go"


def main_costs(argv: Sequence[str]) -> int:
    """Measure or show; return the exit status."""
    options = parser().parse_args(list(argv))
    if options.output is not None and (options.show or not options.trees):
        parser().error("-o is for what --trees measures")
    found: list[TreeCosts] | list[CostTable] = [_trees(options)] if options.trees else _costs(options)
    if options.json:
        print(json.dumps([_facts(each) for each in found]))
    else:
        print("\n\n".join("\n".join(each.lines()) for each in found))
    return 0


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("costs", ABOUT)
    made.add_argument(
        "--go",
        metavar="VERSION|PATH",
        action="append",
        help="a Go, such as 1.27.3; as often as wanted (default: all installed)",
    )
    made.add_argument("--trees", action="store_true", help=TREES)
    made.add_argument("--quick", action="store_true", help="one round instead of several: sooner, coarser")
    made.add_argument("--show", action="store_true", help="measure nothing: show the tables that there are")
    made.add_argument("--json", action="store_true", help="a JSON list of tables")
    made.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="keep the trees' table there, not in the cache"
    )
    return made


def _facts(table: TreeCosts | CostTable) -> Any:
    return table.facts() if isinstance(table, TreeCosts) else table.facts() | {"own": table.own}


def _costs(options: Namespace) -> list[CostTable]:
    if not options.show:
        return list(_measured(options.go, options.quick))
    if options.go:
        return [costs_of(go) for go in options.go]
    return list({each.line: each for each in reversed(tables())}.values())[::-1]


def _measured(asked: Sequence[str] | None, quick: bool) -> Iterator[CostTable]:
    """Measure each Go that is asked for, keep its table, and yield it."""
    from arenalab.oracle.costs import QUICK, ROUNDS, measure  # noqa: PLC0415  # to show needs no Go

    for each in _gos(asked):
        with ProgressLine(after=0) as line:
            said = measure(
                each,
                QUICK if quick else ROUNDS,
                lambda done, part, go=each: line.show(f"{go.version}: {part}", done),  # type: ignore[misc]
            )
        table = table_of(said, each.version, own=True)
        keep(table)
        yield table


def _trees(options: Namespace) -> TreeCosts:
    """Measure trees, or show what there is."""
    if options.show:
        return tree_costs(*(options.go or ()))
    from arenalab.oracle.costs.measured_trees import QUICK, ROUNDS, measure_trees  # noqa: PLC0415

    with ProgressLine(after=0) as line:
        said = measure_trees(
            _gos(options.go),
            QUICK if options.quick else ROUNDS,
            lambda done, form: line.show(form, done),
        )
    table = table_of_trees(said, "trees", own=True)
    keep_trees(table, options.output)
    return table


def _gos(asked: Sequence[str] | None) -> list[Toolchain]:
    """Return the Gos that were asked for, else all that are installed."""
    from arenalab.oracle.costs import installed  # noqa: PLC0415
    from arenalab.oracle.toolchain import find_toolchain  # noqa: PLC0415

    return [find_toolchain(go) for go in asked] if asked else installed()
