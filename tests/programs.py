"""Small programs that, with the committed recordings, make every kind of event happen at least once."""

from dataclasses import replace
from pathlib import Path

from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.truth.check import history_of
from arenalab.truth.recording import load_recording
from arenalab.world import ops
from arenalab.world.gc_events import CycleStarted

RECORDINGS = Path(__file__).parent / "data" / "recordings"
GC_OFF = replace(GO_1_21, gogc=-1)
NODE = type_of("struct{ next *int; val int }")
BIG = type_of("[262144]*int")  # 2 MiB, the largest value that stays in a chunk

LINKED = (
    ops.NewArena(0),
    ops.New(0, NODE),
    ops.NewArena(1),
    ops.New(1, NODE),
    ops.Link(0, 1),
    ops.Hold(0, 0),
)

#: situation -> (rules, operations)
PROGRAMS = {
    "collector-by-hand-follows-a-link": (
        GC_OFF,
        [*LINKED, ops.StartGC(), *[ops.MarkStep()] * 3, ops.FinishMark(), ops.SweepStep()],
    ),
    "second-free-through-a-copy-panics": (
        GC_OFF,
        [*LINKED, *[ops.Free(0, copied=True)] * 2],
    ),
    "slice-beyond-64-bits-throws": (
        GC_OFF,
        [ops.NewArena(0), ops.MakeSlice(0, NODE, 2**62)],
    ),
    "asan-build-frees-no-chunk-for-reuse": (
        replace(GC_OFF, build_mode="asan"),
        [*LINKED, ops.Free(0)],
    ),
    "value-outlives-free-and-is-cloned": (
        GC_OFF,
        [
            *LINKED,
            ops.Write(0, 8, 42),
            ops.Free(0),
            ops.Read(0, 8),
            ops.Clone(0, NODE),
            ops.Clone(ops.HEAP, NODE),
        ],
    ),
    "read-of-a-quarantined-chunk-faults": (
        GC_OFF,
        [*LINKED, *[ops.New(0, BIG)] * 4, ops.Free(0), ops.Read(0, 8)],
    ),
    "nine-large-values-trigger-a-cycle": (
        GO_1_21,
        [ops.NewArena(0), *[ops.New(0, BIG)] * 9],
    ),
}


def hold_between_start_and_roots():
    """Store a pointer into a chunk after the write barrier went on and before the roots were found."""
    machine = Machine(GC_OFF)
    machine.run(LINKED)
    machine.begin(ops.StartGC())
    machine.until(lambda event: isinstance(event, CycleStarted))
    machine.interleave(ops.Hold(1, 1))
    machine.finish()
    return machine.history


def histories():
    """Yield (name, history) of each program and of each committed recording."""
    yield "hold-between-start-and-roots-is-shaded", hold_between_start_and_roots()
    for name, (rules, program) in PROGRAMS.items():
        yield name, Machine(rules).run(program)
    for path in sorted(RECORDINGS.glob("*.jsonl")):
        yield path.stem, history_of(load_recording(path))
