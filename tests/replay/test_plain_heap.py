"""The heap of a what-if: sizes, spans, triggers, what a pointer keeps; and real Go beside it."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from arenalab.go.pacing import goal_and_trigger
from arenalab.go.versions import GO_1_21
from arenalab.oracle.toolchain import find_toolchain
from arenalab.replay.plain_heap import PlainHeap
from arenalab.syntax import type_of
from arenalab.units import KiB, MiB
from arenalab.world import ops
from tests.strategies import GC_OFF, programs

NODE = type_of("struct{ next *int; value [5]int }")
LEAF, PAGE, BATCH = type_of("[3]byte"), type_of("[40000]byte"), type_of("[3]*int")
TINY_BLOCK = 16
PROGRAM = Path(__file__).parents[1] / "data" / "plain_heap"


def heap_after(program, rules=GC_OFF):
    heap = PlainHeap(rules)
    for op in program:
        heap.do(op)
    return heap


def test_value_is_rounded_up_to_its_size_class():
    heap = heap_after([ops.NewArena(0), ops.New(0, type_of("[33]byte"))])
    assert (heap.values, heap.value_bytes, heap.taken_bytes) == (1, 33, 48)
    assert (heap.heap_live, heap.in_use) == (170 * 48, 8 * KiB)
    (row,) = heap.rows()
    assert (row.elem, row.live, row.garbage, row.free, row.tail) == (48, 48, 0, 8160 - 48, 32)


def test_tiny_values_share_a_block_as_far_as_alignment_lets_them():
    three = heap_after([ops.NewArena(0), ops.Rep(0, LEAF, 5)])
    assert three.taken_bytes == 16
    mixed = heap_after([ops.NewArena(0), ops.New(0, type_of("byte")), ops.Rep(0, type_of("[2]int32"), 2)])
    assert mixed.taken_bytes == 32


def test_large_value_has_pages_of_its_own_and_dies_with_its_arena():
    heap = heap_after([ops.NewArena(0), ops.New(0, PAGE), ops.RunGC()])
    assert heap.heap_live == heap.in_use == 40 * KiB
    heap.do(ops.Free(0))
    assert [row.garbage for row in heap.rows()] == [40 * KiB]
    heap.do(ops.RunGC())
    assert heap.heap_live == heap.in_use == 0
    assert heap.most_in_use == 40 * KiB


def test_pointer_keeps_one_value_and_what_it_points_to():
    heap = heap_after([
        *(ops.NewArena(0), ops.NewArena(1), ops.Rep(0, NODE, 1000), ops.Rep(1, NODE, 1000)),
        *(ops.Hold(0, 0), ops.Link(0, 1), ops.Free(0), ops.Free(1), ops.RunGC()),
    ])  # fmt: skip
    assert heap.kept_by_pointers() == (2, 96)
    assert heap.heap_live == 96
    heap.do(ops.Unhold(0))
    heap.do(ops.RunGC())
    assert (heap.heap_live, heap.kept_by_pointers()) == (0, (0, 0))


def test_value_freed_while_a_cycle_is_held_lives_until_the_next():
    heap = heap_after([ops.NewArena(0), ops.New(0, PAGE), ops.MarkBegin(), ops.Free(0), ops.MarkEnd()])
    assert heap.heap_live == 40 * KiB
    heap.do(ops.RunGC())
    assert heap.heap_live == 0


def test_span_with_room_is_filled_again_after_a_cycle():
    heap = heap_after([ops.NewArena(0), ops.New(0, NODE), ops.RunGC(), ops.New(0, NODE)])
    assert heap.in_use == 8 * KiB


def test_trigger_starts_a_cycle_and_gogc_off_never_does():
    fill = [ops.NewArena(0), ops.Rep(0, NODE, 4 * MiB // 48)]
    assert heap_after(fill, GO_1_21).cycles == 1
    assert heap_after(fill).cycles == 0


@given(programs())
def test_bytes_add_up(program):
    heap = heap_after(program, GO_1_21)
    rows = list(heap.rows())
    held = sum(row.live + row.garbage + row.free + row.tail for row in rows)
    assert held == heap.in_use <= heap.most_in_use
    assert heap.value_bytes <= heap.taken_bytes
    heap.do(ops.RunGC())
    assert sum(row.garbage for row in heap.rows()) == 0
    assert sum(row.live for row in heap.rows()) == heap.heap_live


def batches(count, each):
    """The operations of tests/data/plain_heap: a batch of nodes stays until the next, a leaf until the next leaf."""
    leaves = 0
    for number in range(0, 3 * count, 3):
        yield from (ops.NewArena(number), ops.New(number, BATCH), ops.Rep(number, NODE, each))
        yield from [ops.Free(number - 3)] if number else []
        for first in range(0, each, 64):
            page, rest = 10_000_000 + leaves, 20_000_000 + leaves
            yield from (ops.NewArena(page), ops.New(page, LEAF), ops.New(page, PAGE))
            yield from [ops.Free(page - 1)] if leaves else []
            yield from (ops.NewArena(rest), ops.Rep(rest, LEAF, min(64, each - first) - 1), ops.Free(rest))
            leaves += 1


@pytest.mark.go
@pytest.mark.parametrize(("each", "count", "gogc"), [(10_000, 50, 100), (10_000, 50, 50), (100_000, 5, 200)])
def test_real_go_takes_the_same_bytes_and_nearly_as_many_cycles(tmp_path, each, count, gogc):
    toolchain = find_toolchain()
    shutil.copytree(PROGRAM, tmp_path / "plain_heap")
    toolchain.run(["build", "-o", str(tmp_path / "made"), "."], tmp_path / "plain_heap")
    settings = {"GODEBUG": "gcstoptheworld=1", "GOGC": str(gogc), "GOMAXPROCS": "1"}
    said = subprocess.run(
        [tmp_path / "made", str(each), str(count)], env=settings, capture_output=True, text=True, check=True
    ).stdout
    nbytes, values, cycles, before = map(int, said.split())
    heap = heap_after(batches(count, each), replace(GO_1_21, gogc=gogc, start_heap_live=before))
    # One run of Go in eight takes a tiny block less than the others: where a cycle drops the one under way.
    assert -TINY_BLOCK <= nbytes - heap.taken_bytes < 8 * KiB
    assert -1 <= values - heap.values < 64
    assert abs(heap.cycles - cycles) <= 0.06 * heap.cycles


def test_a_cycle_starts_when_the_trigger_is_reached_not_only_when_it_is_passed():
    _, trigger = goal_and_trigger(0, 0, GO_1_21)
    first = heap_after([ops.NewArena(0), ops.New(0, PAGE)]).heap_live
    rules = [replace(GO_1_21, start_heap_live=trigger - first + more) for more in (-1, 0)]
    assert [heap_after([ops.NewArena(0), ops.New(0, PAGE)], each).cycles for each in rules] == [0, 1]
