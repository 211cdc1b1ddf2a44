"""What docs/isolation.md says was searched: the searches by name, and what came of them, in docs/isolation.json.

    python -m tools.isolation search --jobs 2 [--minutes 60] [NAME...]
    python -m tools.isolation page

Each search is kept after each level, so it goes on where it was; what is done is not done again.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from itertools import product
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from arenalab.files import written_whole
from arenalab.pools import workers
from arenalab.search import Bounds, Search
from arenalab.search.bounds import BY_HAND
from arenalab.search.starts import STARTS
from tools.isolation_page import page

HERE = Path(__file__).parents[1]
DATA, KEPT = HERE / "docs" / "isolation.json", HERE / "artifacts" / "isolation"
PAGE = HERE / "docs" / "isolation.md"
Kept = dict[str, dict[str, Any]]


class Plan(NamedTuple):
    """One search: its bounds, where it starts, and how many moves deep it goes from there."""

    depth: int
    start: str = "begin"
    given: Mapping[str, Any] = {}  # nobody writes to it

    @property
    def bounds(self) -> Bounds:
        """Return its bounds."""
        return Bounds(**self.given)

    def begun(self) -> Search:
        """Return the search at its start."""
        return Search(self.bounds, STARTS[self.start])


STEPS, LINKS = {"collector": BY_HAND}, {"links": True}
PLANS: dict[str, Plan] = {
    "plain": Plan(11),
    "plain, by hand": Plan(11, given=STEPS),
    "plain, recycled": Plan(9, "recycled"),
    "plain, held": Plan(9, "held"),
    "plain, freed": Plan(10, "freed"),
    "links": Plan(9, given=LINKS),
    "links, by hand, 2 held": Plan(10, given=STEPS | LINKS | {"holds": 2}),
    "links, linked": Plan(8, "linked", LINKS),
    "links, recycled, 2 held": Plan(8, "recycled", LINKS | {"holds": 2}),
    "3 arenas, 2 held": Plan(9, given={"arenas": 3, "holds": 2}),
    "race": Plan(9, given={"build_mode": "race"}),
    "race, by hand": Plan(10, given=STEPS | {"build_mode": "race"}),
    "race, recycled": Plan(7, "recycled", {"build_mode": "race"}),
    "msan, by hand": Plan(10, given=STEPS | {"build_mode": "msan"}),
    "msan, recycled": Plan(8, "recycled", {"build_mode": "msan"}),
    "asan, by hand": Plan(10, given=STEPS | {"build_mode": "asan"}),
    "asan, recycled": Plan(8, "recycled", {"build_mode": "asan"}),
    "go1.21, by hand": Plan(10, given=STEPS | {"go": "1.21"}),
    "go1.21, recycled": Plan(8, "recycled", {"go": "1.21"}),
    "go1.21, links": Plan(9, given=LINKS | {"go": "1.21"}),
    **{f"go{go}": Plan(8, given={"go": go}) for go in ("1.22", "1.23", "1.24", "1.25", "1.26")},
    **{f"go{go}, recycled": Plan(6, "recycled", {"go": go}) for go in ("1.22", "1.23", "1.24", "1.25", "1.26")},
    **{
        f"{build}, recycled, hidden pointers too": Plan(6, "recycled", {"build_mode": build, "hidden": True})
        for build in ("plain", "race", "msan", "asan")
    },
}  # fmt: skip


def search_all(names: list[str], jobs: int, seconds: float, data: Path = DATA, folder: Path = KEPT) -> None:
    """Do what is not done of some searches, no longer than so many seconds; tell of each level.

    The last levels of each, which take longer than all before them, come when those of all others are done.
    """
    until, done = monotonic() + seconds, read(data)
    folder.mkdir(parents=True, exist_ok=True)
    for back, name in product((3, 1, 0), names):
        plan = PLANS[name]._replace(depth=PLANS[name].depth - back)
        if len(done.get(name, {}).get("levels", ())) < plan.depth and monotonic() < until:
            _go_on(name, plan, jobs, until, done, data, folder)


def _go_on(name: str, plan: Plan, jobs: int, until: float, done: Kept, data: Path, folder: Path) -> None:
    file = folder / f"{name.replace(', ', '-').replace(' ', '_')}.npz"
    with workers(jobs) as hands:
        search = Search.resumed(file) if file.exists() else plan.begun()
        search.workers, began = hands, monotonic() - done.get(name, {}).get("wall", 0.0)
        for level in search.levels(plan.depth, seconds=until - monotonic()):
            search.save(file)
            done[name] = told(plan, search) | {"wall": round(monotonic() - began, 1)}
            write(done, data)
            print(f"{name}: {level}; {done[name]['wall']} s, {search.busy:.1f} s busy", flush=True)


def told(plan: Plan, search: Search) -> dict[str, Any]:
    """Return what came of a search, as JSON data."""
    levels = [asdict(level) for level in search.done]
    return {
        "bounds": asdict(plan.bounds), "start": plan.start, "states": search.states, "levels": levels,
        "found": [it.wrong for it in search.found], "busy": round(search.busy, 1),
    }  # fmt: skip


def read(path: Path = DATA) -> Kept:
    """Return what was done so far."""
    kept: Kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return kept


def write(done: Kept, path: Path = DATA) -> None:
    """Write it, in the order of the plans."""
    with written_whole(path) as file:
        rows = (f"{json.dumps(name)}: {json.dumps(done[name])}" for name in PLANS if name in done)
        file.write("{\n" + ",\n".join(rows) + "\n}\n")


def main() -> int:
    """Search, or write the page."""
    made = argparse.ArgumentParser(prog="python -m tools.isolation")
    made.add_argument("what", choices=("search", "page"))
    made.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(PLANS)}")
    made.add_argument("--jobs", type=int, default=1)
    made.add_argument("--minutes", type=float, default=60.0)
    options = made.parse_intermixed_args()
    if options.what == "page":
        PAGE.write_text(page(read()), encoding="utf-8")
        return 0
    search_all(options.names or list(PLANS), options.jobs, options.minutes * 60)
    return 0


if __name__ == "__main__":
    sys.exit(main())
