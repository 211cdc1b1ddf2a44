"""The readers of what others wrote: sound files to start from, and all that is done with what is read.

Rule: `use` returns "" for what was read and shown, or the words of one ArenaLabError that names
the place; whatever else comes out of it is a fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from arenalab import explore
from arenalab.course import families
from arenalab.course.question import judge
from arenalab.course.registry import question
from arenalab.errors import ArenaLabError, GoThrow, ModelBug
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.machine.machine import Machine
from arenalab.opening import open_file
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.replay.workloads import workload
from arenalab.scenarios import load_scenario, read_scenario, scenarios
from arenalab.scenarios.run import ENGINES, broken, run
from arenalab.syntax import type_of
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.world import ops
from arenalab.world.history import History
from tests.hostile.mutants import Mutate, answer_mutant, archive_mutant, lines_mutant, toml_mutant
from tests.programs import RECORDINGS
from tests.strategies import GC_OFF

LARGEST_SEED = 10_000  #: bytes
MANY = 50_000  #: values; what explorers cost that show more is measured by the benchmarks.
SEEN = 8  #: of so many runs that the machine itself made, one is looked at.
A_MILLION = re.compile(rb'\bn"? ?[:=] ?\d{7}')  #: values that one repetition asks for: sound, but slow.
LONGEST_ERROR = 500  #: characters, and those of the path that it names
EXPLORERS = [
    getattr(explore, name)
    for name in explore.__all__
    if name not in ("Advice", "Explorer", "HeapMovie", "Types", "Workbench")
]
POINTER, WORD, BIG = type_of("struct{ p *int; n int }"), type_of("int64"), type_of("[262144]*int")
#: Every list of chunks, both ends, each kind of operation.
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, POINTER), ops.MakeSlice(0, WORD, 5), ops.NewArena(1), ops.New(1, POINTER)),
    *(ops.Link(1, 0), ops.Hold(0, 0), ops.Write(1, 8, 7), ops.Read(1, 8), ops.Clone(1, WORD, "slice", len=2)),
    *(ops.Free(0), ops.RunGC(), ops.Unhold(0), ops.Drop(1), ops.RunGC(detail=True), ops.NewArena(2), ops.Snapshot()),
]  # fmt: skip
REFILLS = [
    ops.NewArena(0),
    *[ops.New(0, BIG)] * 5,
    ops.MarkBegin(),
    ops.Free(0),
    ops.NewArena(1),
    ops.MarkEnd(),
]
BULK = [
    ops.NewArena(0),
    ops.Rep(0, POINTER, 40),
    ops.MakeSlice(0, WORD, 9),
    ops.Rep(0, WORD, 20),
    ops.Free(0),
]
DEATH = [
    ops.NewArena(0),
    ops.MakeSlice(0, WORD, -1),
    ops.New(0, WORD),
    ops.Free(0, copied=True),
    ops.Free(0, copied=True),
]


#: Weak pointers to what is in a chunk, twice, large, and in no span; of each one that is nil in the end.
WEAK = [
    *(ops.NewArena(0), ops.New(0, POINTER), ops.New(0, type_of("[3145728]byte")), *[ops.New(0, BIG)] * 4),
    *(ops.MakeWeak(0, 0), ops.MakeWeak(1, 0, 8), ops.MakeWeak(2, 1), ops.MakeWeak(3, ops.STATIC), ops.WeakValue(0)),
    *(ops.Free(0), ops.MarkBegin(), ops.WeakValue(1), ops.WeakValue(2), ops.MarkEnd(), ops.RunGC(), ops.WeakValue(0)),
]  # fmt: skip


class Reader(NamedTuple):
    """One kind of file."""

    suffix: str
    mutate: Mutate
    seeds: Callable[[Path], list[bytes]]
    use: Callable[[Path, int], str]


def look(history: History, seed: int) -> None:
    """Look at a history: in one explorer at one moment, or with seed 0 in all of them at four."""
    if len(history.world.ledger) > MANY:
        return
    rng = Random(seed)  # noqa: S311  # nothing secret
    kinds = EXPLORERS if seed == 0 else [rng.choice(EXPLORERS)]
    for kind in kinds:
        first, *later = _cursors(len(history), rng, everywhere=seed == 0)
        explorer = kind(history, cursor=first)
        explorer.text()
        for cursor in later:
            explorer.cursor = cursor
            explorer.text()
        explorer.still()
        assert explorer.error == ""
    if seed == 0 or rng.random() < 0.2:
        assert history.at(len(history)) == history.world


def _cursors(events: int, rng: Random, *, everywhere: bool) -> list[int]:
    return [0, events // 3, 2 * events // 3, events] if everywhere else [rng.randrange(events + 1)]


def said(work: Callable[[], Any], named: str) -> str:
    """Do something; return what an error of ours says, "" without one. It must be one short line that names a place."""
    told = ""
    try:
        work()
    except ModelBug:
        raise
    except ArenaLabError as error:
        told = str(error) or repr(error)
    assert not told or named in told, f"the error does not say where: {told!r}"
    assert len(told) < LONGEST_ERROR + len(named), f"the error has {len(told)} characters"
    assert len(told.splitlines()) <= 1, f"the error has lines: {told!r}"
    assert told.encode("utf-8", "replace").decode() == told, f"the error can't be printed: {told!r}"
    return told


def opened(path: Path, seed: int) -> str:
    """Open a file in explorers, whatever it is."""
    found: list[History] = []
    told = said(lambda: found.append(open_file(path)), str(path))
    if found and seed % SEEN == 0:
        look(found[0], seed)
    return told


def use_history(path: Path, seed: int) -> str:
    """Load a saved history and look at it; what was loaded is saved and loaded as the same."""
    found: list[History] = []
    told = said(lambda: found.append(History.load(path)), str(path))
    if found:
        look(found[0], seed)
        again = path.with_suffix(f".again{path.suffix}")
        found[0].save(again)
        assert History.load(again).events == found[0].events
    return told


def use_recording(path: Path, seed: int) -> str:
    """Check a recording; look at the run in it."""
    told = said(lambda: check(load_recording(path)), str(path))
    return told or (opened(path, seed) if seed % SEEN == 0 else "")


def use_scenario(path: Path, seed: int) -> str:
    """Perform a scenario, hold its expectations against the run, and look at it."""

    def work() -> None:
        scenario = read_scenario(path)
        with suppress(GoThrow):
            broken(scenario, run(scenario, ENGINES["bulk"], after_op=lambda _: None))

    return said(work, str(path)) or (opened(path, seed) if seed % SEEN == 0 else "")


def use_answer(path: Path, _seed: int) -> str:
    """Judge an answer."""
    row = json.loads(path.read_bytes())
    return said(lambda: judge(asked(row["family"]), row["given"]).text(), "")


@cache
def asked(family: str) -> Any:
    """Return a question of a family."""
    return question(family, 1)


def history_seeds(folder: Path) -> list[bytes]:
    """Return those saved histories that are small."""
    return [raw for raw in saved_histories(folder) if len(raw) <= LARGEST_SEED]


def column_seeds(folder: Path) -> list[bytes]:
    """Return those histories as columns that are small."""
    return [raw for raw in saved_histories(folder, "npz") if len(raw) <= 2 * LARGEST_SEED]


def saved_histories(folder: Path, suffix: str = "jsonl") -> list[bytes]:
    """Save histories: stepped, in bulk, with oblets, one that dies."""
    made = [Machine(GC_OFF).run(program) for program in (PROGRAM, PROGRAM[:8], REFILLS, DEATH)]
    made += [Machine(GC_OFF, in_bulk=True).run(BULK), replay(workload("mixed", 60), GC_OFF)]
    made.append(
        replay([ops.NewArena(0), *[ops.New(0, POINTER), ops.New(0, WORD)] * 100, ops.Free(0)], GC_OFF)
    )
    made += [run(load_scenario(name), after_op=lambda _: None) for name in HISTORIES]
    made.append(Machine(replace(VERSIONS[NEWEST], gogc=-1)).run(WEAK))
    paths = [folder / f"{number}.{suffix}" for number in range(len(made))]
    for path, history in zip(paths, made, strict=True):
        history.save(path)
    return [path.read_bytes() for path in paths]


HISTORIES = (
    "collector-starts-between-obtaining-and-recording-a-chunk", "sanitizer-asan-keeps-a-red-zone",
    "sanitizer-race-frees-every-chunk", "bits-gc-program-runs-in-the-object",
    "heap-redirected-object-is-the-collectors",
    "barrier-store-while-marking-is-kept", "access-to-a-quarantined-chunk-faults", "alloc-zero-size-takes-no-room",
    "refill-reused-chunk-goes-on-where-it-was", "handle-dropped-is-freed-by-its-finalizer",
)  # fmt: skip


def recording_seeds(_folder: Path) -> list[bytes]:
    """Return the committed recordings that are small and soon checked."""
    raw = [path.read_bytes() for path in sorted((RECORDINGS / "scenarios").glob("*.jsonl"))]
    raw += [path.read_bytes() for path in sorted(RECORDINGS.parent.glob("c*/*.jsonl"))]
    return [text for text in raw if len(text) <= LARGEST_SEED and not A_MILLION.search(text)]


def scenario_seeds(_folder: Path) -> list[bytes]:
    """Return the package's scenarios that are soon performed, under one name, which must be the file's."""
    raw = [(Path(s.path).read_bytes(), s.name.encode()) for s in scenarios()]
    small = [(text, name) for text, name in raw if len(text) <= LARGEST_SEED and not A_MILLION.search(text)]
    return [text.replace(name, b"mutant", 1) for text, name in small]


def trace_seeds(folder: Path) -> list[bytes]:
    """Save traces of few operations."""
    traces = [Trace.from_ops(PROGRAM[:7]), Trace.from_ops(BULK), Trace.from_ops([*REFILLS, ops.RunGC()])]
    for number, trace in enumerate([*traces, workload("mixed", 80)]):
        save_trace(trace, folder / f"{number}.npz")
    return [path.read_bytes() for path in sorted(folder.glob("*.npz"))]


def answer_seeds(_folder: Path) -> list[bytes]:
    """Return the right answer to a question of each family, as its reader would write it."""
    rows = []
    for family in families():
        it = asked(family.name)
        rows.append({"family": family.name, "given": it.answer.show(it.value)})
    return [json.dumps(row).encode() for row in rows]


READERS = {
    "history": Reader(".jsonl", lines_mutant, history_seeds, use_history),
    "columns": Reader(".npz", archive_mutant, column_seeds, use_history),
    "recording": Reader(".jsonl", lines_mutant, recording_seeds, use_recording),
    "scenario": Reader(".toml", toml_mutant, scenario_seeds, use_scenario),
    "trace": Reader(".npz", archive_mutant, trace_seeds, opened),
    "answer": Reader(".json", answer_mutant, answer_seeds, use_answer),
}
