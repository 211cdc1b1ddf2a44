"""Random programs, the model beside real Go, until they differ or time is up.

One recorder with many types is built at the start; every program uses some of them, so the
time goes into running. Programs are made, run and compared in as many processes as there are
cores; the seed decides every one of them.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from pathlib import Path

from arenalab.errors import ArenaLabError, ModelBug
from arenalab.oracle.build import Recorder, build_recorder
from arenalab.oracle.generate import Shape, random_ops
from arenalab.oracle.lifecycle import MOVES, Move, moves, orders
from arenalab.oracle.pool_types import AIMING, random_types
from arenalab.oracle.program import Program, mended
from arenalab.oracle.record import run, type_rows
from arenalab.oracle.shrink import as_scenario, shrink
from arenalab.oracle.toolchain import Go, find_toolchain
from arenalab.oracle.weights import PROFILES, Profile
from arenalab.progress_line import ProgressLine
from arenalab.truth.check import Checker
from arenalab.truth.recording import load_recording
from arenalab.truth.report import Report
from arenalab.units import counted, plainly
from arenalab.workers import Workers

POOL_TYPES = 160
TYPES = 24
SHORT, LONG = 60, 400  # operations of a program


@dataclass(frozen=True)
class Pool:
    """The recorder that knows many types, and their shapes."""

    recorder: Recorder
    types: tuple[str, ...]
    shapes: tuple[Shape, ...]

    @classmethod
    def build(cls, seed: str, go: Go = None) -> Pool:
        """The pool of this seed."""
        types = random_types(random.Random(f"pool:{seed}"), POOL_TYPES)  # noqa: S311  # not for secrets
        toolchain = find_toolchain(go)
        recorder = build_recorder(toolchain, types)
        shapes = (Shape.of(row) for row in type_rows(toolchain, Program(types, [])))
        return cls(recorder, tuple(types), tuple(shapes))


@dataclass
class Trial:
    """One program and what came of it."""

    program: Program
    report: Report
    seen: Counter[Move]
    trouble: str = ""
    orders: Counter[str] = field(default_factory=Counter)  # of collections, see `lifecycle.orders`.

    @property
    def differs(self) -> bool:
        """Whether model and Go disagree, or one of them could not go on."""
        return bool(self.trouble) or self.report.different > 0

    def lines(self) -> list[str]:
        """The first difference, both sides and the story."""
        return [self.trouble] if self.trouble else self.report.lines()


@dataclass
class Tally:
    """What all trials have compared."""

    programs: int = 0
    report: Report = field(default_factory=Report)
    seen: Counter[Move] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    found: int = 0

    def add(self, trial: Trial) -> None:
        """Count one trial."""
        self.programs += 1
        self.report.add(trial.report)
        self.seen += trial.seen
        self.orders += trial.orders
        self.found += trial.differs

    def lines(self) -> list[str]:
        """The honest end: how much, what of a chunk's life, what was left out and why."""
        report = self.report
        skipped = sum(report.skipped.values())
        share = 100 * skipped / max(1, skipped + report.facts)
        life = [f"  {a} -> {b}: {self.seen[a, b]}" for a, b in MOVES if self.seen[a, b]]
        never = [f"{a} -> {b}" for a, b in MOVES if not self.seen[a, b]]
        odd = [f"{a} -> {b}" for a, b in self.seen if (a, b) not in MOVES]
        why = [f"  {name}: {count}" for name, count in report.skipped.most_common()]
        done = (
            f"compared {plainly(report.facts, 'fact')} over {plainly(report.operations, 'operation')} "
            f"of {plainly(self.programs, 'program')}"
        )
        return [
            f"{done}; {plainly(report.different, 'difference')} in {plainly(self.found, 'program')}",
            f"moves of a chunk's life seen: {len(MOVES) - len(never)} of {len(MOVES)}",
            *life,
            f"never seen: {', '.join(never) or 'none'}",
            *([f"not in the state machine: {', '.join(odd)}"] if odd else []),
            f"collections by who ran first: {sum(self.orders.values())}",
            *(f"  {name}: {count}" for name, count in sorted(self.orders.items())),
            f"orders read off where none was asked for: {sum(report.schedules.values())}",
            *(f"  {name}: {count}" for name, count in sorted(report.schedules.items())),
            f"skipped {plainly(skipped, 'fact')}, {share:.1f} % of all:",
            *why,
        ]


def program_of(pool: Pool, seed: str, number: int) -> tuple[Program, list[int], int]:
    """Program `number` of this seed, which types of the pool it uses, and its snapshot interval."""
    chance = random.Random(f"{seed}:{number}")  # noqa: S311  # not for secrets
    profile: Profile = PROFILES[number % len(PROFILES)]
    first = len(AIMING)
    chosen = [*range(first), *sorted(chance.sample(range(first, len(pool.types)), TYPES - first))]
    closely = chance.random() < 0.1
    length = SHORT if closely else LONG
    ops = random_ops(
        chance, length, profile, [pool.shapes[index] for index in chosen], pool.recorder.release.line
    )
    program = Program([pool.types[index] for index in chosen], ops, f"{seed}:{number}", profile)
    return program, chosen, 1 if closely else 100


def compare(recorder: Recorder, program: Program, pool: list[int] | None, every: int) -> Trial:
    """Perform a program in real Go and in the model, and compare the two."""
    with tempfile.TemporaryDirectory(prefix="arenalab-fuzz-") as folder:
        path = Path(folder) / "program.jsonl"
        with path.open("w", encoding="utf-8") as file:
            last = run(recorder, program, file.write, snapshot=every, bits="words", pool=pool)
        if "end" not in last:
            return Trial(program, Report(), Counter(), f"the recorded program died: {last}")
        checker: Checker | None = None
        try:
            checker = Checker(load_recording(path), in_bulk=True)
            checker.run()
        except (ArenaLabError, ModelBug) as trouble:
            report = checker.report if checker else Report()
            return Trial(program, report, Counter(), f"{type(trouble).__name__}: {trouble}")
        history = checker.machine.history
        return Trial(program, checker.report, moves(history.events), orders=orders(history))


def _one(pool: Pool, seed: str, number: int) -> Trial:
    program, chosen, every = program_of(pool, seed, number)
    return compare(pool.recorder, program, chosen, every)


def fuzz(
    seed: str,
    seconds: float,
    *,
    go: Go = None,
    executor: Workers | Executor | None = None,
    most: int = 1,
    programs: int | None = None,
) -> Tally:
    """Fuzz until time is up or `most` programs have differed; print those, and return the tally.

    Programs come in the order of their numbers, so of one seed the same ones differ first, wherever they ran.

    Args:
        seed: decides every program.
        seconds: how long.
        go: a Go command or version, when not the installed one.
        executor: where programs are performed; None for here. All of it must see the recorder that is built here.
        most: programs that differ before it stops.
        programs: how many are tried, if that takes less time.
    """
    pool, tally, started = Pool.build(seed, go), Tally(), time.monotonic()
    numbers = count() if programs is None else range(programs)
    trials = Workers.of(executor).in_order(partial(_one, pool, seed), numbers, seconds=seconds)
    with ProgressLine() as line:
        try:
            for trial in trials:
                tally.add(trial)
                line.show(_so_far(tally), _share(tally, programs, (time.monotonic() - started) / seconds))
                if trial.differs:
                    line.wipe()
                    _tell(trial, pool)
                    if tally.found >= most:
                        break
        except KeyboardInterrupt:
            line.wipe()
            print("interrupted", file=sys.stderr)
        finally:
            trials.close()
    return tally


def _share(tally: Tally, programs: int | None, of_time: float) -> float:
    """Return which share of the work is done: of the programs that are asked for, or of the time."""
    return max(of_time, tally.programs / programs) if programs else of_time


def _so_far(tally: Tally) -> str:
    report = tally.report
    return (
        f"{counted(report.operations, 'operation')}, {counted(report.facts, 'fact')}, "
        f"{counted(report.different, 'difference')}"
    )


def smallest(trial: Trial, pool: Pool, seconds: float = 120) -> Trial:
    """The trial of the smallest program that still differs."""

    def chosen(program: Program) -> list[int]:
        return [pool.types.index(text) for text in program.types]

    def differs(program: Program) -> bool:
        # One snapshot at the end is quick, and what has gone wrong mostly stays wrong.
        looked_at = replace(program, ops=[*program.ops, {"op": "snapshot"}])
        return compare(pool.recorder, looked_at, chosen(program), 0).differs

    program = trial.program
    if trial.report.differences:
        cut = trial.report.differences[0].op + 1
        shorter = Program(
            program.types, mended(program.ops[:cut], len(program.types)), program.seed, program.profile
        )
        program = shorter if differs(shorter) else program
    small = shrink(program, differs, seconds=seconds)
    return compare(pool.recorder, small, chosen(small), 1)


def _tell(trial: Trial, pool: Pool) -> None:
    print(f"\nprogram {trial.program.seed} ({trial.program.profile}) differs:")
    print("\n".join(trial.lines()))
    print("making it small ...", flush=True)
    small = smallest(trial, pool)
    shown = small if small.differs else trial
    name = f"fuzz-{trial.program.seed.replace(':', '-')}"
    print("\n".join(shown.lines()))
    print(f"\n{as_scenario(shown.program, name, 'model and Go differ')}")
