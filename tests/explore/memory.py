"""Measures, as a program of its own, what explorers of one run cost: numbers of bytes as one JSON line.

python -m tests.explore.memory explorers OBJECTS WRITTEN    numbers left unwritten, the run, and with each explorer
python -m tests.explore.memory cell OBJECTS TIMES    after each run of one cell `ChunkMap(machine)`
"""

import gc
import json
import sys
import tracemalloc

from IPython.core.interactiveshell import InteractiveShell

from arenalab import explore, type_of
from arenalab.machine.machine import Machine
from arenalab.world.ops import NewArena, Rep
from tests.examples import some
from tests.strategies import GC_OFF

NODE = type_of("struct{ next *int; key string }")
#: Every second one indexes a run in a way of its own; in a weekly run all are measured.
KINDS = some(
    (
        *("ChunkMap", "Cloning", "LifeCycle", "Collector", "WhatIf"),
        *("Counters", "HeapBitmap", "DanglingPointer", "AddressSpace"),
    ),
    2,
)


def in_use():
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def run(objects, *, written=True):
    """Return a machine after a run whose objects are all written, or left to be written when they are read."""
    machine = Machine(GC_OFF, in_bulk=True)
    machine.run([NewArena(0), NewArena(1), *(Rep(n % 2, NODE, objects // 8) for n in range(8))])
    if written:
        machine.world.ledger.table()
    return machine


def explorers(objects, written=1):
    """Return the bytes of the run, with each explorer one after the other, and how many numbers are unwritten."""
    before = in_use()
    machine = run(objects, written=bool(written))
    measured, kept = [in_use() - before], []
    for name in KINDS:
        kept.append(getattr(explore, name)(machine))
        kept[-1]._repr_mimebundle_()
        measured.append(in_use() - before)
    return [machine.world.ledger._data.left, *measured]


def cell(objects, times):
    shell, measured = InteractiveShell.instance(), []
    shell.user_ns |= {"machine": run(objects), "ChunkMap": explore.ChunkMap}
    for _ in range(times):
        assert shell.run_cell("ChunkMap(machine)", store_history=True).success
        measured.append(in_use())
    return measured


if __name__ == "__main__":
    tracemalloc.start(1)
    what, *numbers = sys.argv[1:]
    sys.stdout.write("\n" + json.dumps(globals()[what](*map(int, numbers))) + "\n")
