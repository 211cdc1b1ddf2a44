"""Weak pointers: nil exactly from the sweep on that finds their object dead, whichever way the program is run."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ArgumentError, NoSuchError, ScenarioError
from arenalab.go.mirror import within
from arenalab.go.versions import VERSIONS
from arenalab.machine.ends import error_of
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.syntax import type_of
from arenalab.view.calls import call_of
from arenalab.world import ops
from arenalab.world.apply_forget import forget
from arenalab.world.gc_events import ChunkReadied, HeapObjectSwept
from arenalab.world.history import History
from arenalab.world.invariants import check, check_settled
from arenalab.world.queries import weak_spot
from arenalab.world.state import ON_HEAP
from arenalab.world.weak_events import WeakHandleMade, WeakPointerRead
from tests.examples import examples
from tests.strategies import programs

WITH_WEAK = [version for version in VERSIONS if within(version, ops.MakeWeak.since)]
NODE, QUARTER, HUGE = (
    type_of("struct{ next *int; n int }"),
    type_of("[2097152]byte"),
    type_of("[3145728]byte"),
)
PAGE, OBLET = 8192, 128 * 1024
HUGE_POINTERS, EMPTY = type_of("[400000]*int"), type_of("struct{}")
#: An arena whose first chunk is full, freed: object 0 is in quarantine, object 4 on the reuse list's chunk.
FULL = [ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4]


def rules(version=WITH_WEAK[-1], **settings):
    return replace(VERSIONS[version], gogc=-1, **settings)


def machine(*program, version=WITH_WEAK[-1]):
    made = Machine(rules(version), check=check)
    made.run(program)
    return made


def given_by(made, weak):
    """Ask a weak pointer; return the object that it gives, NIL for none."""
    read = next(event for event in made.do(ops.WeakValue(weak)) if isinstance(event, WeakPointerRead))
    return read.object


def followed(world):
    """Return the rows that a weak pointer can be made of while nothing refuses it."""
    rows = [world.ledger.row(row) for row in range(len(world.ledger))]
    alive = (a for a, row in enumerate(rows) if row[5] >= 0 and world.spans[row[5]].state and row[1])
    there = [a for a in alive if a >= world.births.get(rows[a][5], 0)]
    return there + [row for row, kept in world.heap_objects.items() if kept.noscan]


@st.composite
def weakly(draw, max_ops=18):
    """Draw a program and, for each of its operations, what is asked of weak pointers after it."""
    program = draw(programs(max_ops=max_ops))
    return [(op, draw(st.lists(st.integers(0, 10**6), max_size=3))) for op in program]


def asked(world, number):
    """Return the weak operation that a drawn number stands for, None where there is none to ask."""
    rows, made = followed(world), len(world.weak_pointers)
    if number % 2 and made:
        return ops.WeakValue(number // 2 % made)
    if not rows or world.died:
        return None
    row = rows[number // 2 % len(rows)]
    return ops.MakeWeak(made, row, number % min(world.ledger.row(row)[1], 40))


@pytest.mark.parametrize("version", [WITH_WEAK[0], WITH_WEAK[-1]])
@examples(40)
@given(program=weakly())
def test_weak_pointer_is_nil_exactly_once_its_object_was_swept(version, program):
    made, gone = machine(version=version), set()

    def do(op):
        before = len(made.history)
        events = made.do(op)
        for event in made.history.events[before:]:
            swept = event.chunk if isinstance(event, ChunkReadied) else None
            row = event.row if isinstance(event, HeapObjectSwept) else None
            gone.update(
                n for n, (chunk, object_) in homes.items() if chunk == swept or (chunk < 0 and object_ == row)
            )
        check_settled(made.world)
        return events

    homes: dict[int, tuple[int, int]] = {}
    for op, numbers in program:
        do(op)
        for number in numbers:
            weak = asked(made.world, number)
            if weak is None:
                continue
            events = do(weak)
            if isinstance(weak, ops.MakeWeak):
                homes[weak.weak] = made.world.ledger.row(weak.object)[5], weak.object
            else:
                assert (events[-1].object == ops.NIL) is (weak.weak in gone)
    for weak in homes:
        assert (weak_spot(made.world, weak) is None) is (weak in gone)
    assert all(span.specials is ((span.chunk, -1) in made.world.specials) for span in made.world.spans)


@examples(30)
@given(program=weakly(), version=st.sampled_from(WITH_WEAK))
def test_every_way_to_run_a_program_ends_in_one_world(program, version, tmp_path_factory):
    stepped, bulk = Machine(rules(version)), Machine(rules(version), in_bulk=True)
    detailed = Machine(rules(version))
    for op, numbers in program:
        for number in (None, *numbers[:1]):  # an operation, then what is asked of the World after it
            each = op if number is None else asked(stepped.world, number)
            if each is None:
                continue
            stepped.do(each)
            bulk.do(each)
            detailed.do(type(each)(detail=True) if hasattr(each, "detail") else each)
            assert bulk.world.differences(stepped.world) == detailed.world.differences(stepped.world) == []
    history = stepped.history
    assert history.at(len(history)) == history.world
    middle = history.at(len(history) // 2)
    assert history.at(0).now == 0
    assert history.at(len(history) // 2) == middle
    assert rerun(history).world == history.world
    path = tmp_path_factory.mktemp("weak") / "history.jsonl"
    history.save(path)
    assert History.load(path).world == history.world
    assert forget(forget(history.world)) == forget(history.world)


def test_large_slice_is_read_value_by_value():
    pair = type_of("struct{ n [5]int; p *int; q *int }")
    made = machine(ops.NewArena(0), ops.MakeSlice(0, pair, 50_001), ops.MakeWeak(0, 0), ops.MarkBegin())
    before = made.world.gc.heap_scan_work
    assert given_by(made, 0) == 0
    assert made.world.gc.heap_scan_work - before == 342 * PAGE - 400  # as real Go: the scenario's recordings


@pytest.mark.parametrize("version", WITH_WEAK)
def test_forgotten_past_leaves_weak_pointers_as_they_are(version):
    made = machine(*FULL, ops.MakeWeak(0, 0), ops.MakeWeak(1, 4, 7), ops.MakeWeak(2, 3), version=version)
    later = Machine(rules(version), start=forget(made.world))
    for each in (made, later):
        each.run([ops.Free(0), ops.RunGC()])
        assert [weak_spot(each.world, weak) is None for weak in range(3)] == [True, False, True]
        check_settled(each.world)
    assert made.world.ledger.row(given_by(made, 1))[:2] == later.world.ledger.row(given_by(later, 1))[:2]


@pytest.mark.parametrize(
    ("op", "said"),
    [
        (ops.MakeWeak(0, 0), "weak pointer 0 was made before; give each its own number"),
        (ops.MakeWeak(1, 99), "object: got 99; expected the number of an object: 0 to 6"),
        (ops.MakeWeak(1, 0, 16), "offset: got 16; expected a byte of object 0, which has 16 bytes"),
        (ops.MakeWeak(1, ops.HEAP), "nameless value of the heap"),
        (ops.WeakValue(5), "WeakValue.weak: got 5; expected one that MakeWeak made: 0"),
        (ops.MakeWeak(1, 5), "object 5 is gone"),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_no_trace(op, said):
    made = machine(*FULL, ops.New(0, HUGE_POINTERS), ops.RunGC(), ops.New(0, HUGE), ops.MakeWeak(0, 0))
    before = len(made.history), made.world.fork()
    with pytest.raises(ScenarioError, match=said) as refused:
        made.do(op)
    assert isinstance(refused.value, ArgumentError) is ("got" in said)
    assert isinstance(refused.value, NoSuchError) is (
        (said[0] in "oW" and "99" in said) or "WeakValue" in said
    )
    assert (len(made.history), made.world) == before


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("[400000]*int", [0]),
        ("struct{ p *int; n [600000]int }", [0]),
        ("struct{ n [600000]int; p *int }", [4_800_000]),
        ("[2]struct{ n [200000]int; p *int }", [1_600_000]),
        ("[100001]struct{ n [2]int; p, q *int; m int }", [16, 24]),
    ],
)
def test_large_object_with_pointers_is_read_to_the_last_one_of_each_oblet_of_its_pages(text, pointers):
    go_type = type_of(text)
    size, nbytes = (
        (go_type.length and go_type.size // go_type.length) or go_type.size,
        -(-go_type.size // PAGE) * PAGE,
    )
    slots = np.array([at + k * size for k in range(nbytes // size + 1) for at in pointers])
    oblets = (
        (start, slots[(slots >= start) & (slots < min(start + OBLET, nbytes))])
        for start in range(0, nbytes, OBLET)
    )
    work = sum(int(inside.max()) + 8 - start for start, inside in oblets if len(inside))
    made = machine(ops.NewArena(0), ops.New(0, go_type), ops.MakeWeak(0, 0), ops.MarkBegin())
    before = made.world.gc.heap_scan_work
    assert given_by(made, 0) == 0
    assert made.world.gc.heap_scan_work - before == work
    assert given_by(made, 0) == 0
    assert made.world.gc.heap_scan_work - before == work


@pytest.mark.parametrize("version", WITH_WEAK)
def test_pointer_into_a_chunk_that_is_ready_throws(version):
    made = machine(*FULL, ops.Free(0), ops.RunGC(), ops.MakeWeak(0, 0), version=version)
    assert error_of(made.history.events[-1]).printed() == "fatal error: getWeakHandle on invalid pointer"
    assert not made.world.weak_pointers


def test_pointer_into_a_chunk_that_its_own_sweep_makes_ready_throws():
    made = machine(*FULL, ops.Free(0), ops.MarkBegin(), ops.FinishMark(), ops.MakeWeak(0, 0))
    kinds = [type(event) for event in made.history.events_of(len(made.history.ops))]
    assert ChunkReadied in kinds
    assert WeakHandleMade not in kinds
    assert error_of(made.history.events[-1]).printed() == "fatal error: addspecial on invalid pointer"


def test_specials_stand_by_address_and_are_freed_so():
    made = machine(
        *FULL, ops.MakeWeak(0, 0, 9), ops.MakeWeak(1, 3), ops.MakeWeak(2, 0, 1), ops.MakeWeak(3, 2)
    )
    assert made.world.specials == {(0, -1): (2, 0, 1, 3)}
    made.run([ops.Free(0), ops.RunGC()])
    assert made.world.specials == {}
    assert [handle.cleared for handle in made.world.weak_handles.values()] == [True] * 4


def test_recycled_chunk_gives_its_bytes_new_handles():
    made = machine(*FULL, ops.MakeWeak(0, 0), ops.Free(0), ops.RunGC(), ops.NewArena(1), ops.New(1, NODE))
    made.run([ops.New(1, QUARTER)] * 3)
    row = next(r for r in range(6, len(made.world.ledger)) if made.world.ledger.row(r)[5] == 0)
    made.do(ops.MakeWeak(1, row))
    assert made.world.weak_pointers == {0: 0, 1: 1}
    assert given_by(made, 0) == ops.NIL
    assert given_by(made, 1) == row


def test_weak_handles_are_kept_by_the_program_and_count_as_marked():
    made = machine(ops.NewArena(0), ops.New(0, NODE))
    plain = made.fork()
    made.run([*(ops.MakeWeak(n, 0, n) for n in range(3)), ops.RunGC()])
    plain.do(ops.RunGC())
    assert made.world.gc.heap_marked - plain.world.gc.heap_marked == 3 * 16
    assert sum(each.what == "weak handles" for each in made.world.small.objects.values()) == 3
    made.do(ops.RunGC())
    assert sum(each.what == "weak handles" for each in made.world.small.objects.values()) == 3


@pytest.mark.parametrize("version", [version for version in WITH_WEAK if version != "1.24"])
def test_what_is_in_no_span_has_one_handle_a_byte(version):
    made = machine(ops.NewArena(0), ops.New(0, EMPTY), ops.New(0, EMPTY), version=version)
    made.run(
        [ops.MakeWeak(0, 0), ops.MakeWeak(1, 1), ops.MakeWeak(2, ops.STATIC), ops.MakeWeak(3, ops.STATIC, 8)]
    )
    assert made.world.weak_pointers == {0: 0, 1: 0, 2: 1, 3: 2}
    assert made.world.p.tiny_block == -1
    assert made.world.specials == {}


def test_operations_read_as_go():
    assert call_of(ops.MakeWeak(3, 7)) == "w3 := weak.Make(object 7)"
    assert call_of(ops.MakeWeak(3, 7, 8)) == "w3 := weak.Make(byte 8 of object 7)"
    assert call_of(ops.MakeWeak(3, ops.NIL)) == "w3 := weak.Make(nil)"
    assert call_of(ops.WeakValue(3)) == "w3.Value()"


def test_large_objects_special_is_on_its_own_span():
    made = machine(ops.NewArena(0), ops.New(0, HUGE), ops.MakeWeak(0, 0), ops.MakeWeak(1, 0, 5))
    assert made.world.specials == {(ON_HEAP, 0): (0, 1)}
    made.run([ops.MarkBegin(), ops.FinishMark()])
    assert given_by(made, 1) == ops.NIL  # its span is swept out of turn, once
    made.run([ops.SweepStep()] * 2)
    check_settled(made.world)
    assert made.world.heap_objects == {}
