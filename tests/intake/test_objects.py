"""Which object lay where, of what type, and when its slot was freed: against the truth and the runtime's own counts."""

import gzip
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from arenalab.errors import TraceError
from arenalab.intake.batches import TraceFile
from arenalab.intake.deaths import NEVER
from arenalab.intake.log import read_log
from arenalab.intake.objects import objects_of
from tests.intake.heaps import heaps
from tests.intake.making import batch, body_of, leb, trace

FOLDER = Path(__file__).parents[1] / "data/execution-traces"
SAMPLES = sorted(FOLDER.glob("plain-*.trace.gz"))
COUNTS = json.loads((FOLDER / "counts.json").read_text())


@pytest.fixture(scope="module", params=SAMPLES, ids=lambda path: path.name.removesuffix(".trace.gz"))
def sample(request, tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / request.param.name.removesuffix(".gz")
    path.write_bytes(gzip.decompress(request.param.read_bytes()))
    log = read_log(TraceFile(path))
    return log, objects_of(log), COUNTS[path.stem]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("heap") / "some.trace"


@given(made=heaps())
def test_objects_are_those_that_truly_were(made, scratch):
    data, truth = made
    scratch.write_bytes(data)
    found = objects_of(read_log(TraceFile(scratch)))
    assert (found.unresolved, found.lost[np.logical_not(found.tiny)].sum()) == (0, 0)
    told = [
        (address, size, tiny, end != NEVER)
        for address, size, tiny, end, lost in zip(
            *(getattr(found, name).tolist() for name in ("address", "size", "tiny", "end", "lost")),
            strict=True,
        )
        if not lost
    ]
    assert Counter(told) <= Counter(map(tuple, truth))  # what is lost is left out, nothing else is made up
    assert len(found) == len(truth)


def between(log, times):
    """Return which of the times lie between the two readings of the counters, for which the world stood still."""
    stops = list(log.other.of("STWBegin"))
    reads = [
        each.time
        for each in stops
        if log.tables[each.generation].strings[each.arguments[0]] == "read mem stats"
    ]
    assert len(reads) == 2
    return np.logical_and(reads[0] < times, times < reads[1])


def test_allocations_and_frees_are_those_that_the_runtime_counted(sample):
    """A tiny object that found room in a slot counts as allocated and freed; Go 1.23 writes none of these."""
    log, objects, counted = sample
    born = np.logical_and(between(log, log.heap.time[objects.birth]), np.logical_not(objects.before))
    freed = between(log, log.heap.time[log.heap.rows("HeapObjectFree")]).sum()
    tiny = np.flatnonzero(np.logical_and(born, objects.tiny))
    found_room = len(tiny) - len(
        set(zip(objects.slot[tiny].tolist(), objects.end[tiny].tolist(), strict=True))
    )
    unwritten = 40 if log.path.endswith("1.23.9.trace") else 0  # one in each request
    assert 0 <= born.sum() + unwritten - counted["allocated"] <= 2
    assert freed + found_room + unwritten == counted["freed"]


def test_every_object_of_a_real_program_is_resolved(sample):
    _, objects, _ = sample
    assert (objects.unresolved, int(objects.lost.sum()), objects.strays) == (0, 0, 0)


def test_types_are_those_of_the_program(sample):
    _, objects, _ = sample
    names = np.array([each.name for each in objects.types])[objects.type]
    is_node, is_page = names == "main.node", names == "main.page"
    assert (is_node.sum(), is_page.sum()) == (40 * 31, 40)
    assert {(objects.types[each].size, objects.types[each].ptr_bytes) for each in objects.type[is_node]} == {
        (40, 24)
    }
    assert set(objects.size[is_node]) == {48}
    assert set(objects.size[is_page]) == {640}
    assert set(objects.address[is_page] - objects.slot[is_page]) == {8}  # the header
    sizes = np.array([each.size for each in objects.types])[objects.type]
    assert (sizes <= objects.size).all()


def test_each_object_has_a_line(sample):
    _, objects, _ = sample
    lines = list(objects.lines())
    assert len(lines) == len(objects)
    assert sum("main.page, slot of 640 bytes" in line for line in lines) == 40


def test_a_thread_s_stamp_that_ran_ahead_is_pulled_back(scratch):
    """A burst of ten events in one tick is stamped ten ticks long; the next buffer begins by the clock."""
    burst = body_of([(5, "HeapObjectFree", (1,)), *[(1, "HeapObjectFree", (1,))] * 9])
    scratch.write_bytes(
        trace(batch(burst, time=100), batch(body_of([(2, "HeapObjectFree", (1,))]), time=106))
    )
    heap = read_log(TraceFile(scratch)).heap
    assert heap.time.tolist() == [105, 106, 107, 108, 108, 108, 108, 108, 108, 108, 108]
    assert (heap.time - heap.ahead).tolist() == [105] * 10 + [108]


def test_a_tiny_object_of_the_slot_s_next_life_is_not_taken_for_one_that_died(scratch):
    """Thread 1 frees twenty slots at moment 150, the last of them stamped 169; by thread 2's clock it is 160 then."""
    info = batch(b"\x01" + b"".join(map(leb, (1 << 40, 8192, 8, 2048))), experiment=1)
    old = [(2, "SpanAlloc", (0, 1, 2 * 5)), *[(2, "HeapObjectAlloc", (2 * slot, 0)) for slot in range(20)]]
    sweep = [(108 if slot == 0 else 1, "HeapObjectFree", (2 * slot,)) for slot in range(20)]
    first = batch(body_of([*old, *sweep]), m=1)
    scratch.write_bytes(trace(info, first, batch(body_of([(2, "HeapObjectAlloc", (38, 0))]), m=2, time=158)))
    found = objects_of(read_log(TraceFile(scratch)))
    assert found.tiny.all()
    assert np.flatnonzero(found.lost).tolist() == [20]
    assert np.flatnonzero(found.end == NEVER).tolist() == [20]


@pytest.mark.parametrize(
    ("batches", "says"),
    [
        ([batch(body_of([(1, "HeapObjectAlloc", (1, 0))]))], "first generation is gone"),
        ([batch(body_of([(1, "GCEnd", (1,))]))], "without allocations; trace with GODEBUG=traceallocfree=1"),
        (
            [
                batch(b"\x01" + b"".join(map(leb, (1 << 40, 8192, 8, 2048))), experiment=1),
                batch(body_of([(1, "Span", (0, 1, 4 * 68))])),
            ],
            "a span of size class 68; expected at most 67",
        ),
    ],
)
def test_trace_that_cannot_be_understood_is_one_error(batches, says, scratch):
    scratch.write_bytes(trace(*batches))
    with pytest.raises(TraceError, match=says):
        objects_of(read_log(TraceFile(scratch)))
