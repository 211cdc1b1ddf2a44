"""sweep: the same program under many rules, or many programs under one, as a table.

Rules:
1. A cell is one replay; it depends on its own settings only, so cells may run anywhere, in any order.
2. A cell that fails is a row with its error; the others go on.
3. What a results file holds is not done again.

The what-if rules (another chunk size, another reuse order) are certified against the model and
verified by nobody: no Go has them.
"""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import closing, nullcontext
from dataclasses import fields
from functools import partial
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from arenalab.asked import as_int, called, one_of, path_of
from arenalab.errors import LONGEST_NAME, ArgumentError, ScenarioError, cut, meant, shown
from arenalab.files import written_whole
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO, GO_NEWEST, changed_by
from arenalab.pools import processors, workers
from arenalab.replay.measures import measured
from arenalab.replay.replay import Replayer
from arenalab.replay.trace import COLUMNS, Trace
from arenalab.replay.workloads import WORKLOADS
from arenalab.replay.workloads import workload as make_workload
from arenalab.workers import Workers

Row = dict[str, Any]
Source = str | Trace | Callable[..., Trace]
Progress = Callable[[int, int, Row], None]

RULES = (GO, *(f.name for f in fields(GoRules) if f.init))
OPERATIONS = 100_000  #: length of a named workload when the grid does not say.
MOST_CELLS = 100_000


@called
def sweep(
    grid: Mapping[str, Sequence[Any]],
    workload: Source = "mixed",
    *,
    executor: Workers | Executor | None = None,
    jobs: int | None = None,
    rules: GoRules = GO_NEWEST,
    results: str | Path | None = None,
    progress: Progress | None = None,
) -> list[Row]:
    """Replay a workload under every combination of settings; return one row for each.

    Args:
        grid: setting -> values to try. A setting is `go`, whose values are versions, or a field of `GoRules`
            (`gogc`, `reuse_order`, ...), else an argument of the workload (`operations`, `seed`; `workload` itself).
        workload: a name, a Trace, or a function of the remaining settings that returns a Trace.
        executor: any `concurrent.futures.Executor`, such as dask's `client.get_executor()`; None is `jobs` processes.
        jobs: as many as cores if not told; 1 runs cells here, as does a workload that can't be sent, such as a lambda.
        rules: what the grid does not vary.
        results: a file to which each finished cell is added; cells that it holds are not run again.
        progress: called with (cells done, cells in all, row) as each finishes.

    Returns:
        Rows in the grid's order: the settings, then what was measured, or `error`.

    Raises:
        ScenarioError: the grid is empty, too large or names something unknown.

    """
    cells = _cells(grid, workload)
    known = _Results(results, _label(workload), rules)
    rows = {number: known[cell] for number, cell in enumerate(cells) if cell in known}
    left = [number for number in range(len(cells)) if number not in rows]
    with closing(_done([cells[number] for number in left], workload, rules, executor, jobs)) as done:
        for which, row in done:
            rows[left[which]] = row
            known.add(cells[left[which]], row)
            if progress is not None:
                progress(len(rows), len(cells), row)
    return [rows[number] for number in range(len(cells))]


def _done(
    cells: list[Row], workload: Source, rules: GoRules, executor: Workers | Executor | None, jobs: int | None
) -> Generator[tuple[int, Row], None, None]:
    """Yield each cell's number and row, as they come from the executor, or from no more processes than cells."""
    if jobs is None:
        jobs = processors() if _can_be_sent(workload) else 1
    elif (as_int(jobs) or 0) < 1:
        raise ArgumentError("jobs", jobs, "how many processes, at least 1")
    given = None if executor is None else Workers.of(executor)
    with nullcontext(given) if given else workers(min(jobs, max(len(cells), 1))) as made:
        yield from made.as_done(partial(run_cell, workload=workload, rules=rules), cells, instead=_failed)


def _can_be_sent(workload: Source) -> bool:
    """Return whether another process finds it; what stands in a notebook it can't import."""
    if not callable(workload):
        return True
    try:
        return b"__main__" not in pickle.dumps(workload)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False


def _cells(grid: Mapping[str, Sequence[Any]], workload: Source) -> list[Row]:
    """Return the settings of every cell, the last setting varying fastest."""
    if not isinstance(grid, Mapping):
        raise ArgumentError("grid", grid, 'a table of settings, such as {"gogc": [50, 100]}')
    for name, values in grid.items():
        if isinstance(values, str | bytes) or not isinstance(values, Sequence | range | np.ndarray):
            raise ArgumentError(f"grid[{shown(name)}]", values, "the values to try, in a list")
    count = math.prod(len(values) for values in grid.values()) if grid else 0
    if not 1 <= count <= MOST_CELLS:
        raise ScenarioError(f"the grid has {count} cells; it needs 1 to {MOST_CELLS}")
    _check_workloads(grid, workload)
    known = {"workload", "operations", "seed"} if isinstance(workload, str) else set()
    settings = [*sorted(known), *RULES]
    strange = [cut(name, LONGEST_NAME) for name in grid if name not in settings]
    if strange and not callable(workload):
        hint = meant(strange[0], settings, "; ")
        raise ScenarioError(
            f"the grid varies {', '.join(strange)}: unknown setting; expected one of: {', '.join(settings)}{hint}"
        )
    return [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]


def _check_workloads(grid: Mapping[str, Sequence[Any]], workload: Source) -> None:
    """Refuse what is no workload before the first cell runs."""
    if not isinstance(workload, str | Trace) and not callable(workload):
        raise ArgumentError(
            "workload", workload, "a workload's name, a Trace, or a function that returns one"
        )
    if isinstance(workload, str) and "workload" not in grid:
        one_of("workload", workload, WORKLOADS, "one of")


def run_cell(cell: Row, workload: Source, rules: GoRules) -> Row:
    """Run one cell of a sweep; return its settings and what was measured, or its error."""
    try:
        trace = _trace(cell, workload)
        chosen = changed_by(rules, {name: value for name, value in cell.items() if name in RULES})
        replayer = Replayer(trace, chosen)
        replayer.run()
        return cell | measured(replayer.history) | {"heap_live_peak": replayer.heap_live_peak}
    except Exception as error:  # noqa: BLE001  # whatever went wrong, the other cells go on
        return _failed(cell, error)


def _failed(cell: Row, error: Exception) -> Row:
    """Return the row of a cell that raised, that lost its workers, or whose answer can't be sent."""
    return cell | {"error": f"{type(error).__name__}: {error}"}


def _trace(cell: Row, workload: Source) -> Trace:
    """Return the cell's program."""
    if isinstance(workload, Trace):
        return workload
    settings = {name: value for name, value in cell.items() if name not in RULES}
    if callable(workload):
        return workload(**settings)
    name = settings.pop("workload", workload)
    if name not in WORKLOADS:
        raise ScenarioError(f"there is no workload {shown(name)}; there is {', '.join(WORKLOADS)}")
    return make_workload(name, settings.pop("operations", OPERATIONS), **settings)


class _Results:
    """Finished cells in a file of JSON lines, each found again by its settings."""

    def __init__(self, path: str | Path | None, label: str, rules: GoRules) -> None:
        self.path = None if path is None else path_of("results", path)
        if self.path is not None and not self.path.parent.is_dir():
            raise ArgumentError("results", path, "a file in a folder that exists")
        self.common = {"workload": label, "rules": rules.settings()}
        self.rows: dict[str, Row] = {}
        if self.path is not None and self.path.exists():
            text = self.path.read_text(encoding="utf-8")
            whole = text[: text.rfind("\n") + 1]
            if whole != text:  # the last run was stopped while it wrote a row
                with written_whole(self.path) as out:
                    out.write(whole)
            for number, line in enumerate(whole.splitlines(), 1):
                self._read(number, line)

    def _read(self, number: int, line: str) -> None:
        try:
            said = json.loads(line)
            key, row = said["cell"], dict(said["row"])
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ScenarioError(
                f"{self.path}:{number}: not a row of a sweep; name another results file"
            ) from None
        if "error" not in row:  # a cell that failed is tried again
            self.rows[json.dumps(key, sort_keys=True)] = row

    def add(self, cell: Row, row: Row) -> None:
        if self.path is not None:
            with self.path.open("a", encoding="utf-8") as out:
                out.write(json.dumps({"cell": self._settings(cell), "row": _named(row)}) + "\n")

    def __contains__(self, cell: Row) -> bool:
        return self._key(cell) in self.rows

    def __getitem__(self, cell: Row) -> Row:
        return cell | {name: value for name, value in self.rows[self._key(cell)].items() if name not in cell}

    def _settings(self, cell: Row) -> Row:
        """Return all that decides a cell's outcome."""
        return self.common | {"cell": _named(cell)}

    def _key(self, cell: Row) -> str:
        return json.dumps(self._settings(cell), sort_keys=True)


def _named(cell: Row) -> Row:
    """Return settings as plain data: what JSON can't hold is named."""
    return {
        name: value if isinstance(value, str | int | float | None) else repr(value)
        for name, value in cell.items()
    }


def _label(workload: Source) -> str:
    """Name a workload so that another one is not taken for it."""
    if isinstance(workload, Trace):
        digest = sha256()
        for name in COLUMNS:
            digest.update(np.ascontiguousarray(getattr(workload, name)).data)
        return f"trace {digest.hexdigest()[:16]}"
    return workload if isinstance(workload, str) else f"{workload.__module__}.{workload.__qualname__}"
