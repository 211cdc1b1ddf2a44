"""`arenalab explore`: every small program, performed in the model; what breaks a property is a program to look at.

Exit status 1: one was found. The model is asked, not Go: searched to the end within the bounds, no proof beyond them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from arenalab.cli_parser import Parser, count
from arenalab.cli_workers import add_workers, workers_of
from arenalab.errors import ArgumentError
from arenalab.machine.machine import Machine
from arenalab.progress_line import ProgressLine
from arenalab.search import Bounds, Found, Level, Search
from arenalab.search.bounds import BY_HAND, WHOLE
from arenalab.search.starts import STARTS
from arenalab.units import counted
from arenalab.workers import Workers
from arenalab.world.history import History

DEEPEST = 64


def main_search(argv: Sequence[str]) -> int:
    """Search; print each level as it is done; return the exit status."""
    options = parser().parse_args(list(argv))
    if options.save is not None and options.save.is_dir():
        raise ArgumentError("--save", str(options.save), "a file, not a folder")
    with workers_of(options) as workers, ProgressLine() as line:
        search = _search(options, workers)
        for level in search.levels(
            options.depth,
            seconds=options.minutes * 60,
            watch=lambda depth, done, all_: line.show(
                f"level {depth}: {min(done, all_):,} of {all_:,} states", min(done / all_, 1)
            ),
        ):
            line.wipe()
            print(json.dumps(asdict(level)) if options.json else told(level), flush=True)
            if options.save:
                search.save(options.save)
    _end(search, options.depth, as_json=options.json)
    if search.found and options.out:
        history_of(search.bounds, search.found[0]).save(options.out)
        if not options.json:
            print(f"{options.out}: written; `arenalab serve {options.out}` steps through it")
    return int(bool(search.found))


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("explore")
    made.add_argument("--arenas", type=int, default=2, help="arenas that live at a time (default 2)")
    made.add_argument("--holds", type=int, default=1, help="globals that point into arenas (default 1)")
    made.add_argument("--links", action="store_true", help="objects of one arena may point into another")
    made.add_argument(
        "--by-hand", action="store_true", help="the collector in steps: start, mark, finish, sweep"
    )
    made.add_argument(
        "--hidden", action="store_true", help="count, too, what pointers find that the collector does not see"
    )
    made.add_argument("--go", metavar="VERSION", help="which Go (default: the newest)")
    made.add_argument(
        "--build", default="plain", choices=("plain", "race", "msan", "asan"), help="build mode"
    )
    made.add_argument(
        "--start", default="begin", choices=tuple(STARTS), help="from which state on (default begin)"
    )
    made.add_argument(
        "--depth", type=count, default=DEEPEST, help="moves at most; else until the time is over"
    )
    made.add_argument("--minutes", type=float, default=1.0, help="minutes at most (default 1)")
    add_workers(made, "pieces of a level that are searched")
    made.add_argument("--save", type=Path, metavar="FILE", help="keep what is done after each level")
    made.add_argument("--resume", type=Path, metavar="FILE", help="go on with what was saved")
    made.add_argument(
        "--out", type=Path, metavar="FILE", help="write the shortest program found as a history"
    )
    made.add_argument("--json", action="store_true", help="a JSON object for each level")
    return made


def _search(options: object, workers: Workers) -> Search:
    given = vars(options)
    if given["resume"]:
        return Search.resumed(given["resume"], executor=workers)
    version = {} if given["go"] is None else {"go": given["go"]}
    bounds = Bounds(
        arenas=given["arenas"], holds=given["holds"], links=given["links"], hidden=given["hidden"],
        build_mode=given["build"],
        collector=BY_HAND if given["by_hand"] else WHOLE, **version,
    )  # fmt: skip
    return Search(bounds, STARTS[given["start"]], executor=workers)


def told(level: Level) -> str:
    """Return a level in a line."""
    return (
        f"{counted(level.depth, 'move')}: {counted(level.states, 'new state')} of {level.tries:,} tried, "
        f"{level.past:,} past a recycling; a held pointer finds: {shares(level.outcomes)}"
        + (f"; a hidden one: {shares(level.hidden)}" if level.hidden else "")
    )


def shares(outcomes: Mapping[str, int]) -> str:
    """Return how many pointers find what, and their share of all."""
    whole = sum(outcomes.values())
    said = (f"{name} {count:,} ({100 * count / whole:.1f} %)" for name, count in outcomes.items())
    return ", ".join(said) or "no pointer is held"


def _end(search: Search, depth: int, *, as_json: bool) -> None:
    if as_json:
        wrongs = [{"wrong": it.wrong, "program": list(map(str, it.program))} for it in search.found]
        print(json.dumps({"states": search.states, "depth": len(search.done), "found": wrongs}))
        return
    past, found, hidden = sum(level.past for level in search.done), Counter[str](), Counter[str]()
    for level in search.done:
        found.update(level.outcomes)
        hidden.update(level.hidden)
    print(
        f"{counted(search.states, 'state')} up to {counted(len(search.done), 'move')}, {past:,} past a recycling: "
        f"{'each keeps every property' if not search.found else _broken(len(search.found))}\n"
        f"in all of them a held pointer finds: {shares(found)}"
        + (f"\nand a hidden one: {shares(hidden)}" if hidden else "")
    )
    if len(search.done) < depth and len(search.frontier) and not search.found:
        print(
            f"the time was over in level {len(search.done) + 1}, which is not counted; --minutes gives it more"
        )
    for it in search.found[:1]:
        print(f"{it.wrong}\n" + "\n".join(f"  {op}" for op in it.program))


def _broken(states: int) -> str:
    return "1 state breaks a property" if states == 1 else f"{states:,} states break a property"


def history_of(bounds: Bounds, found: Found) -> History:
    """Return the run of a program that was found, for any explorer."""
    return Machine(bounds.rules, cycles="asked").run(found.program)
