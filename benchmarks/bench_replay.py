"""Bulk replay beside the step machine and beside real Go on the same operations, and what follows from it.

Each benchmark notes its figures in `extra_info`; `tools/performance.py` makes docs/performance.md of them.
Processor time is taken as well as elapsed time: other programs on the machine only slow the latter.
"""

import random
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from arenalab.bulk.bits import MaskTable, Window, certify_bits, kinds_of, pieces_of, solve_bits, values_of
from arenalab.bulk.marks import certify_marks, solve_marks
from arenalab.errors import ToolchainError
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.replay.replay import expand, replay
from arenalab.replay.workloads import WORKLOADS, workload, workload_types
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.view.windows import BOTH_ENDS, THIS_OBJECT, WHOLE
from arenalab.world.ops import RunGC
from arenalab.world.run_events import BumpRun
from benchmarks.real_go import RealGo

MILLION = 1_000_000
RULES = replace(GO_1_21, gogc=-1)  # workloads ask for their collections themselves
STEPPED = 50_000  #: operations that the step machine is timed on.
SLOW_STEPS = (
    "request-response",
    "large-requests",
    "batch-decode",
    "few-giant-arenas",
)  #: slices, which it sets value by value.


def measure(benchmark, function, operations, rounds=5):
    """Time a function; note the best nanoseconds per operation, elapsed and of the processor."""
    spent = []

    def timed():
        start = time.process_time()
        result = function()
        spent.append(time.process_time() - start)
        return result

    result = benchmark.pedantic(timed, rounds=rounds, warmup_rounds=1)
    per = 1e9 / operations
    benchmark.extra_info.update(
        operations=operations, ns=benchmark.stats["min"] * per, cpu_ns=min(spent) * per
    )
    print(
        f"\n{benchmark.name}: {min(spent) * per:,.1f} ns an operation (processor), {operations:,} operations"
    )
    return result


@pytest.fixture(scope="module")
def trace():
    """The mixed workload: thirteen types, eight arenas, one rare operation in 10,000."""
    return workload("mixed", MILLION)


@pytest.fixture(scope="module")
def history(trace):
    """Its replay."""
    return replay(trace, RULES)


@pytest.fixture(scope="module")
def real_go(tmp_path_factory):
    """Real Go 1.21.13 with the workloads' types."""
    try:
        return RealGo(workload_types(), tmp_path_factory.mktemp("realgo"))
    except ToolchainError as error:
        pytest.skip(f"no real Go to compare with: {error}")


@pytest.mark.parametrize("name", WORKLOADS)
def test_engines(benchmark, name, real_go):
    operations = MILLION if name in ("mixed", "tree-build") else 100_000
    rows = workload(name, operations)
    measure(benchmark, lambda: replay(rows, RULES), operations, rounds=3)
    few = list(rows.window(0, 2_000 if name in SLOW_STEPS else STEPPED))
    start = time.process_time()
    Machine(RULES).run(few)
    step_ns = (time.process_time() - start) * 1e9 / len(few)
    cpu_ns, (go_ns, go_all_ns) = in_turn(rows, real_go)
    bump_ns = real_go.bump_ns(rows) if name == "mixed" else None
    read_ns = min(map(first_reading, [rows] * 3)) * 1e9 / operations
    benchmark.extra_info.update(cpu_ns=cpu_ns, step_ns=step_ns, read_ns=read_ns, yard_ns=yardstick())
    benchmark.extra_info.update(go_ns=go_ns, go_all_ns=go_all_ns, go_bump_ns=bump_ns)
    print(
        f"bulk {cpu_ns:,.1f} ns, real Go {go_ns:,.1f}: {cpu_ns / go_ns:.2f} times; step machine {step_ns:,.0f} ns"
    )


def in_turn(rows, real_go, rounds=8):
    """Return the least processor nanoseconds per operation of bulk and of real Go, each performed again and again.

    They take turns: what slows this machine for a while slows both.
    """
    pairs = [(best_of(rows), real_go.trace_ns(rows, rounds=1)) for _ in range(rounds)]
    bulk, go = zip(*pairs, strict=True)
    return min(bulk) * 1e9 / len(rows), min(go)


def best_of(rows, rounds=4):
    """Return the least processor seconds of some replays."""
    spent = []
    for _ in range(rounds):
        start = time.process_time()
        made = replay(rows, RULES)  # it goes when the clock has been read: real Go's chunks stay, too
        spent.append(time.process_time() - start)
        del made
    return min(spent)


def first_reading(rows):
    """Return the processor seconds in which all that a replay left for later is written: ledger, arenas, operations."""
    history = replay(rows, RULES)
    start = time.process_time()
    read_all(history)
    return time.process_time() - start


def read_all(history):
    world = history.world
    _ = world.ledger.table(), history.op_starts.numbers, history.op_rows.numbers
    for table in (world.user_arenas, world.small.objects, world.small.newest):
        table.whole()


def yardstick():
    """Return the nanoseconds in which numpy sorts, gathers and adds up one row: what any machine's are measured by."""
    rows = np.random.default_rng(1).integers(0, 16, MILLION).astype(np.uint8)
    sizes, best = np.arange(MILLION), np.inf
    for _ in range(5):
        start = time.process_time()
        for at in range(0, MILLION, 32768):
            order = rows[at : at + 32768].argsort(kind="stable")
            sizes[at : at + 32768].take(order).cumsum()
        best = min(best, time.process_time() - start)
    return best * 1e9 / MILLION


STREAM = """
import time
from dataclasses import replace
from arenalab.go.versions import GO_1_21
from arenalab.replay.stream import replay_stream
from arenalab.replay.workloads import workload_pieces
rules, spent = replace(GO_1_21, gogc=-1), []
for _ in range({rounds}):
    start, done = time.process_time(), 0
    for part in replay_stream(workload_pieces("mixed", {operations}), rules):
        done += len(part.ops)
    spent.append(time.process_time() - start)
    assert done == {operations}
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(min(spent), int(peak.split()[1]) * 1024)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("exponent", range(3, 9))
def test_scaling(benchmark, exponent):
    operations = 10**exponent
    script = STREAM.format(operations=operations, rounds={6: 5, 7: 3, 8: 1}.get(exponent, 20))
    seconds, peak = map(float, benchmark.pedantic(run_alone, args=(script,), rounds=1).split())
    cpu_ns = seconds * 1e9 / operations
    benchmark.extra_info.update(operations=operations, cpu_ns=cpu_ns, peak_bytes=peak)
    print(
        f"\n10^{exponent}: {cpu_ns:,.1f} ns an operation, workload made within; peak {peak / 2**20:,.0f} MiB"
    )


def run_alone(script):
    """Run a Python program by itself, so that nothing else is in its memory; return what it printed."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout


MEMORY = """
from dataclasses import replace
from arenalab.go.versions import GO_1_21
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
rules = replace(GO_1_21, gogc=-1)
replay(workload("mixed", 10_000), rules)
def resident():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) * 1024
before = resident()
trace = workload("mixed", {operations})
between = resident()
history = replay(trace, rules)
after = resident()
history.world.ledger.table(), history.op_starts.numbers, history.op_rows.numbers
print(between - before, after - between, resident() - between)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_memory(benchmark):
    script = MEMORY.format(operations=MILLION)
    said = benchmark.pedantic(run_alone, args=(script,), rounds=1)
    trace_bytes, history_bytes, read_bytes = (int(number) / MILLION for number in said.split())
    benchmark.extra_info.update(
        trace_bytes=trace_bytes, history_bytes=history_bytes, read_bytes=read_bytes, numpy=np.__version__
    )
    print(
        f"\nhistory {history_bytes:.1f} bytes an operation resident, {read_bytes:.1f} once all is read;"
        f" its trace {trace_bytes:.1f}"
    )


def test_first_reading(benchmark, trace):
    def setup():
        return (replay(trace, RULES),), {}

    def read(history):
        start = time.process_time()
        read_all(history)
        spent.append(time.process_time() - start)

    spent = []
    benchmark.pedantic(read, setup=setup, rounds=5, warmup_rounds=1)
    benchmark.extra_info.update(cpu_ns=min(spent) * 1e9 / MILLION)
    print(f"\nfirst reading of a million objects: {min(spent) * 1e9 / MILLION:.1f} ns each")


def test_seek(benchmark, history):
    choose = random.Random(2)
    spent = []
    for _ in range(200):
        at = choose.randrange(len(history) + 1)
        start = time.process_time()
        history.at(at)
        spent.append(time.process_time() - start)
    benchmark.pedantic(lambda: history.at(len(history) // 2), rounds=20)
    benchmark.extra_info.update(median_ms=1e3 * sorted(spent)[100], worst_ms=1e3 * max(spent))
    print(f"\nseek: median {1e3 * sorted(spent)[100]:.2f} ms, worst of 200 {1e3 * max(spent):.1f} ms")


def test_expand_largest_run(benchmark, history):
    sizes = [
        (event.count, number) for number, event in enumerate(history.events) if isinstance(event, BumpRun)
    ]
    count, number = max(sizes)
    benchmark.pedantic(lambda: expand(history, number), rounds=2)
    benchmark.extra_info.update(operations=count, ms=1e3 * benchmark.stats["min"])


@pytest.fixture(scope="module")
def bits():
    """A million values of the pointerful types, one after the other from a chunk's start."""
    table = MaskTable(workload_types())
    pointerful = np.flatnonzero(table.ones[:13])
    kinds = np.random.default_rng(1).choice(pointerful, MILLION)
    width = table.width[kinds]
    word = np.cumsum(width) - width
    zero = np.zeros(1, int)
    window = Window(zero, zero, zero, np.zeros(-(-int(width.sum()) // 64), np.uint64))
    return window, values_of(window, kinds_of(kinds, table), word, width, None, table), table


def test_bitmap_of_a_million_values(benchmark, bits):
    def solve_and_certify():
        window, values, table = bits
        pieces = pieces_of(values, table)
        certify_bits(window, values, pieces, solve_bits(window, pieces))
        certify_marks(window, values, solve_marks(window))

    measure(benchmark, solve_and_certify, MILLION, rounds=3)


def test_gc_cycle(benchmark, history):
    def setup():
        return (Machine(RULES, start=history.at(len(history)), in_bulk=True),), {}

    benchmark.pedantic(lambda machine: machine.do(RunGC()), setup=setup, rounds=10)
    benchmark.extra_info.update(ms=1e3 * benchmark.stats["min"], chunks=len(history.world.spans))


@pytest.fixture(scope="module")
def filled_map(history):
    """The index of a million objects, and the fullest chunk at the end."""
    return ChunkIndex(history)


def test_first_chunk_map(benchmark, history):
    benchmark.pedantic(lambda: chunk_map(ChunkIndex(history), len(history)), rounds=3)
    benchmark.extra_info.update(ms=1e3 * benchmark.stats["max"])
    print(
        f"\nfirst chunk map of {len(history.world.ledger):,} objects: {1e3 * benchmark.stats['max']:.0f} ms"
    )


@pytest.mark.parametrize("fit", [WHOLE, BOTH_ENDS, THIS_OBJECT])
def test_chunk_map_at(benchmark, history, filled_map, fit):
    at = next(
        number for number in range(len(history), 0, -1) if isinstance(history.events[number - 1], BumpRun)
    )
    benchmark.pedantic(lambda: chunk_map(filled_map, at, fit=fit), rounds=20, warmup_rounds=2)
    benchmark.extra_info.update(ms=1e3 * benchmark.stats["median"], fit=fit)
