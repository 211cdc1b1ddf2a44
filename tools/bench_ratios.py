"""Has anything become slower since the last release? Ratios tell, on whatever machine.

    python -m tools.bench_ratios docs/performance.json            (against the numbers that the last release kept)
    python -m tools.bench_ratios docs/performance.json --keep     (keep those of now, as for a release)
    python -m tools.bench_ratios --against arenalab-1.2.3.whl     (against its wheel, both on this machine in turn)

A time says nothing on another machine. A ratio does: bulk replay by a yardstick of numpy's, the step machine by one
of plain Python's, each measured in the same process. Half a minute of a processor; no test of a time anywhere else.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

Ratios = dict[str, dict[str, float]]  #: workload -> name of a ratio -> its value, the larger the slower.

ROOT = Path(__file__).parents[1]
WORSE = 2.0  #: times the last release's ratio; machines, and how busy they are, differ by less than that.
WORSE_HERE = 1.3  #: the same where both were measured here, in turn.
ROUNDS = 3  #: processes of each side; of their ratios the best counts, as other programs only slow.

#: What each process runs, with the package that PYTHONPATH names.
SCRIPT = """
import json, time
from dataclasses import replace
import numpy as np
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import WORKLOADS, workload

RULES, MANY = replace(GO_1_21, gogc=-1), 200_000

def best(function, rounds):
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        function()
        spent.append(time.process_time() - start)
    return min(spent)

rows = np.random.default_rng(1).integers(0, 16, MANY).astype(np.uint8)
sizes = np.arange(32768)

YARDS = 20  # so that a yardstick takes as long as what it measures: a busy machine slows both alike

def yard():
    for at in [*range(0, MANY - 32768, 32768)] * YARDS:
        sizes.take(rows[at : at + 32768].argsort(kind="stable")).cumsum()

class Made:
    __slots__ = ("number",)
    def __init__(self, number):
        self.number = number

def steps():
    for number in range(MANY):
        yield Made(number)

def plain():
    total, does = [], {Made: list.append}
    for step in steps():
        does[type(step)](total, step)

def read_all(history):
    world = history.world
    world.ledger.table(), history.op_starts.numbers, history.op_rows.numbers
    for table in (world.user_arenas, world.small.objects, world.small.newest):
        table.whole()

found = {}
for name in WORKLOADS:
    trace = workload(name, MANY)
    few = list(trace.window(0, 2_000))
    by_numpy, by_python = best(yard, 3) / YARDS, best(plain, 3) / MANY
    found[name] = {
        "bulk ÷ numpy": best(lambda: replay(trace, RULES), 3) / by_numpy,
        "all read ÷ numpy": best(lambda: read_all(replay(trace, RULES)), 2) / by_numpy,
        "step ÷ Python": best(lambda: Machine(RULES).run(few), 3) / len(few) / by_python,
    }
print(json.dumps(found))
"""


def measured(root: Path = ROOT) -> Ratios:
    """Return the ratios of the package in a folder, measured in a process of its own.

    Raises:
        CalledProcessError: it can't be measured so; what it said is on stderr.

    """
    surroundings = os.environ | {"PYTHONPATH": str(root)}
    command = [sys.executable, "-P", "-c", SCRIPT]
    done = subprocess.run(command, env=surroundings, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603  # our own
    found: Ratios = json.loads(done.stdout)
    return found


def best_of(rounds: Sequence[Ratios]) -> Ratios:
    """Return of each ratio the least."""
    return {
        workload: {name: min(each[workload][name] for each in rounds) for name in ratios}
        for workload, ratios in rounds[0].items()
    }


def slower(now: Ratios, before: Ratios, worse: float = WORSE) -> list[str]:
    """Return a line for each ratio that is so much worse than before."""
    return [
        f"{workload}: {name} is {value:,.2f}, {value / before[workload][name]:.2f} times the last release's"
        for workload, ratios in now.items()
        for name, value in ratios.items()
        if value > worse * before.get(workload, {}).get(name, float("inf"))
    ]


@contextmanager
def unpacked(wheel: Path) -> Iterator[Path]:
    """Have a wheel's files in a folder for a while."""
    with tempfile.TemporaryDirectory(prefix="arenalab-before-") as folder:
        with zipfile.ZipFile(wheel) as files:
            files.extractall(folder)
        yield Path(folder)


def against_wheel(wheel: Path) -> tuple[Ratios, list[str]]:
    """Measure these sources and a wheel in turn; return today's ratios and what is slower."""
    with unpacked(wheel) as folder:
        pairs = [(measured(), measured(folder)) for _ in range(ROUNDS)]
    now, before = (best_of(side) for side in zip(*pairs, strict=True))
    return now, slower(now, before, WORSE_HERE)


def against_kept(kept: Path) -> tuple[Ratios, list[str]]:
    """Measure these sources until they are as quick as what was kept, or as often as is fair."""
    before: Ratios = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    rounds = [measured()]
    while len(rounds) < ROUNDS and slower(best_of(rounds), before):
        rounds.append(measured())
    return best_of(rounds), slower(best_of(rounds), before)


def main(argv: Sequence[str] | None = None) -> int:
    """Compare, and keep today's where asked for; return 1 where something is slower."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bench_ratios", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("kept", nargs="?", type=Path, help="the file of ratios that a release kept")
    parser.add_argument("--against", type=Path, metavar="WHEEL", help="measure this wheel, too")
    parser.add_argument("--keep", action="store_true", help="write today's ratios to the file")
    options = parser.parse_args(argv)
    if not options.against and not options.kept:
        parser.error("name the file of the last release's ratios, or its wheel with --against")
    now, lines = against_wheel(options.against) if options.against else against_kept(options.kept)
    print("\n".join(lines) or f"nothing of {len(now)} workloads is slower than the last release")
    if options.keep and options.kept:
        options.kept.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
