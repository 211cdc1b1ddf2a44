"""How long explorers take to open a saved history: `python benchmarks/bench_opening.py [EVENTS [SHAPE …]]`.

Each history is made once and saved below the cache directory; each explorer opens it in a process of its own, in the
middle of the run, steps on, and back. Times are of the processor, so that a busy machine says the same; memory is what
the process took beyond numpy and ArenaLab. What was measured stands in artifacts/opening.json, for docs/performance.md.
Advice and HeapMovie look at execution traces, whose reading is timed by bench_intake.py; Types looks at no run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median
from time import process_time
from typing import Any

from arenalab.explore import (
    AddressSpace,
    ChunkMap,
    Cloning,
    Collector,
    Counters,
    DanglingPointer,
    Goroutines,
    HeapBitmap,
    LifeCycle,
    WhatIf,
    Workbench,
)
from arenalab.files import cache_dir
from arenalab.go.versions import NEWEST, go_rules
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.history import History

EXPLORERS = {
    it.__name__: it
    for it in (
        *(ChunkMap, HeapBitmap, LifeCycle, Collector, DanglingPointer, AddressSpace, Counters, Goroutines),
        *(Cloning, WhatIf, Workbench),
    )
}
WIDTH = 960
STEPS = 20  #: forward, and as many back.
ARTIFACT = Path(__file__).parents[1] / "artifacts/opening.json"
TYPES = [
    type_of(text)
    for text in (
        "struct{ next *int; val int }",
        "int64",
        "[4]string",
        "[]byte",
        "struct{ a, b *int; t [100]byte }",
    )
]
ARENAS = 40  #: that live at once.
VALUES = (5, 200)  #: of an arena, at least and at most.


def program(seed: int) -> Iterator[ops.Op]:
    """Yield operations without end: arenas of very different sizes that overlap, pointers into some, collections."""
    rng, live, made = Random(seed), list[int](), 0  # nothing secret
    while True:
        yield ops.NewArena(made)
        live.append(made)
        for _ in range(rng.randint(*VALUES)):
            arena = rng.choice(live[-4:])
            if rng.random() < 0.1:
                yield ops.MakeSlice(arena, rng.choice(TYPES), rng.randrange(1, 60))
            else:
                yield ops.New(arena, rng.choice(TYPES))
        if rng.random() < 0.1:
            yield ops.Hold(rng.randrange(8), live[-1])
        if len(live) > ARENAS:
            gone = live.pop(rng.randrange(len(live) - 4))
            yield ops.Free(gone) if rng.random() < 0.95 else ops.Drop(gone)
        if made % 500 == 499:
            yield ops.RunGC()
        made += 1


def steps(events: int) -> History:
    """Return a run of the step machine, one goroutine."""
    return _stepped(events, goroutines=1)


def goroutines(events: int) -> History:
    """Return a run of the step machine whose operations eight goroutines take turns with."""
    return _stepped(events, goroutines=8)


def _stepped(events: int, goroutines: int) -> History:
    machine, rng = Machine(replace(go_rules(NEWEST), gogc=-1)), Random(1)  # nothing secret
    for op in program(1):
        machine.do(op, goroutine=rng.randint(1, goroutines))
        if len(machine.history.events) >= events:
            break
    return machine.history


def requests(events: int) -> History:
    """Return a bulk replay of arenas that come and go; its events stand for so many values."""
    return replay(workload("many-small-arenas", events))


SHAPES = {"steps": steps, "requests": requests, "goroutines": goroutines}


def resident() -> int:
    """Return the bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def saved(shape: str, events: int) -> Path:
    """Return the file of a history, made unless it is there."""
    path = cache_dir() / "benchmarks" / f"{shape}-{events}.npz"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        before, begun = resident(), process_time()
        history = SHAPES[shape](events)
        made, memory = process_time() - begun, resident() - before
        history.save(path)
        print(
            f"{shape}: made {len(history.events):,} events of {len(history.ops):,} operations in {made:.1f} s, "
            f"{memory / 2**20:,.0f} MiB; saved in {process_time() - begun - made:.1f} s"
        )
    return path


def opened(name: str, path: Path) -> None:
    """Open a file in one explorer; print as JSON the seconds to the first picture, of steps, and the bytes it took."""
    before, begun = resident(), process_time()
    history = History.load(path)
    loaded = process_time() - begun
    kind = EXPLORERS[name]
    explorer: Any = kind(history) if kind is Workbench else kind(history, cursor=len(history) // 2)
    _look(explorer)
    first, steps = process_time() - begun, []
    for way in ("step", "back"):
        for _ in range(STEPS):
            at = process_time()
            getattr(getattr(explorer, "explorers", [explorer])[0], way)()
            _look(explorer)
            steps.append(process_time() - at)
    took = {"open": loaded, "first": first, "step": median(steps), "worst": max(steps)}
    print(json.dumps(took | {"memory": resident() - before}))


def _look(explorer: Any) -> None:
    parts = getattr(explorer, "explorers", [explorer])
    for part in parts:
        part.picture(part.here(), WIDTH)
        part.about()


def main() -> None:
    """Make, save and open histories; write what was measured."""
    events = int(float(sys.argv[1])) if len(sys.argv) > 1 else 100_000
    rows = []
    for shape in sys.argv[2:] or SHAPES:
        path = saved(shape, events)
        size = path.stat().st_size / events
        print(f"{shape}, {events:,}: {size:.2f} bytes an event")
        for name in EXPLORERS:
            row = {"shape": shape, "events": events, "bytes": size, "name": name, **_alone(name, path)}
            ms, mib = (1000 * row[it] for it in ("step", "worst")), row["memory"] / 2**20
            step, worst = map(round, ms)
            print(
                f"  {name:16} first {row['first']:6.2f} s, step {step:4} ms, slowest {worst:4} ms, {mib:6.0f} MiB"
            )
            rows.append(row)
    ARTIFACT.parent.mkdir(exist_ok=True)
    ARTIFACT.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _alone(name: str, path: Path) -> dict[str, Any]:
    """Return what an explorer took in a process of its own."""
    command = [sys.executable, __file__, "--open", name, str(path)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # ourselves
    took: dict[str, Any] = json.loads(said.splitlines()[-1])
    return took


if __name__ == "__main__":
    if sys.argv[1:2] == ["--open"]:
        opened(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
