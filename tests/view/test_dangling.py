"""The dangling pointer in words and numbers: every answer is `touch`'s, in every build, at every moment."""

from dataclasses import replace
from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.explore.builds import BUILDS, Builds
from arenalab.go.versions import NEWEST, VERSIONS
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.dangling import NOTHING, dangling, meeting, telling_pointer
from arenalab.view.nearby import NEAR, nearby
from arenalab.view.outcome_band import Changes
from arenalab.world import ops
from arenalab.world.touch import Outcome, Pointer, touch
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE, QUARTER = type_of("struct{ next *int; value int }"), type_of("[2097152]byte")
FULL = (ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4)


def after(*program):
    machine = Machine(GC_OFF)
    machine.run(program)
    return machine


def followed(machine, at=None, **options):
    builds = Builds(machine.history)
    return dangling(builds.runs(), builds.own, len(machine.history) if at is None else at, **options)


def by_build(view):
    return {found.build: found for found in view.meetings}


def test_weak_pointers_to_the_object_are_told_at_each_moment():
    machine = Machine(replace(VERSIONS[NEWEST], gogc=-1))
    machine.run(
        [*FULL, ops.MakeWeak(0, 0), ops.MakeWeak(1, 1), ops.MakeWeak(2, 0, 8), ops.Free(0), ops.RunGC()]
    )
    history = machine.history

    def told(op, row=0):
        view = followed(machine, history.op_end(op + 1), pointer=Pointer(row))
        assert by_build(view)["plain"].weak in view.text()
        return by_build(view)["plain"].weak

    assert [told(op) for op in (5, 6, 8, 9, 10)] == [
        "", "weak pointer 0 gives it", *["weak pointers 0, 2 give it"] * 2, "weak pointers 0, 2 are nil",
    ]  # fmt: skip
    assert told(9, row=2) == ""


@given(programs(), st.data())
@examples(40)
def test_meetings_are_what_touch_answers_in_every_build(program, data):
    machine = Machine(GC_OFF)
    machine.run(program)
    history = machine.history
    at = data.draw(st.integers(0, len(history)))
    row = data.draw(st.integers(0, max(len(history.world.ledger) - 1, 0)))
    if not len(history.world.ledger):
        return
    builds = Builds(history)
    runs = builds.runs()
    view = dangling(runs, "plain", at, pointer=Pointer(row))
    for run, found in zip(runs, view.meetings, strict=True):
        theirs = run.changes.history
        world = history.at(at) if run.build == "plain" else theirs.after_op(view.reading.op + 1)
        if row >= len(world.ledger):
            assert found.note == "the object is not made yet"
            continue
        assert same(found.read, touch(world, Pointer(row)))
        assert same(found.write, touch(world, Pointer(row), write=True))
        assert found.state == (world.list_of(found.read.chunk) if found.read.chunk >= 0 else "")


def same(one, other):
    parts = attrgetter("outcome", "why", "addr", "chunk", "row", "text")
    return parts(one) == parts(other)


@given(programs(), st.data())
@examples(40)
def test_memory_around_the_pointer_is_what_the_ledger_holds(program, data):
    world = Machine(GC_OFF).run(program).world
    rows = [row for row in range(len(world.ledger)) if world.ledger.row(row)[5] >= 0]
    if not rows:
        return
    row = data.draw(st.sampled_from(rows))
    pointer = Pointer(row, data.draw(st.integers(0, world.ledger.row(row)[1] - 1)))
    found = meeting(world, pointer, mine=True, panic_on_fault=False)
    assert found.start <= found.address < found.start + NEAR
    pieces = list(zip(found.nearby.left, found.nearby.right, found.nearby.meaning, strict=True))
    if world.spans[found.chunk].faulted:
        assert pieces == [(0, NEAR, "dead")]
        return
    covered = {byte for left, right, _ in pieces for byte in range(left, right)}
    assert len(covered) == sum(right - left for left, right, _ in pieces)
    for byte in range(NEAR):
        there = touch(world, found.start + byte)
        assert (byte in covered) == (there.row >= 0)
    for left, _, meaning in pieces:
        there = touch(world, found.start + int(left))
        freed = there.outcome is Outcome.STALE
        kind = world.types[world.ledger.row(there.row)[2]]
        assert meaning == ("pointerful" if kind.ptr_bytes else "pointer_free") + ("_former" if freed else "")


def test_memory_of_a_recycled_chunk_shows_nothing_of_its_former_life():
    quarters = [ops.New(0, type_of("[2097152]byte"))] * 4
    program = [ops.NewArena(0), ops.New(0, type_of("*int")), *quarters, ops.Free(0), ops.RunGC()]
    history = Machine(GC_OFF).run([*program, ops.NewArena(1), ops.NewArena(2)])
    world, addr = history.world, history.world.ledger.row(0)[0]
    assert world.user_arenas[2].active == 0
    assert "object 0, the pointer's own" in nearby(history.after_op(6), addr, 0, 0)[1].said[0]
    assert len(nearby(world, addr, 0, 0)[1]) == 0


def test_builds_part_ways_at_free():
    view = followed(after(*FULL, ops.Write(4, 0, 42), ops.Free(0)))
    assert view.pointer == Pointer(4)
    found = by_build(view)
    assert [str(found[build].read.outcome) for build in BUILDS] == [
        "stale data",
        "faults",
        "faults",
        "faults",
    ]
    assert found["plain"].word == "42"
    assert found["race"].word == ""
    assert found["race"].printed.startswith("accessed data from freed user arena 0xc004")
    assert "\nfatal error: fault\n[signal SIGSEGV" in found["race"].printed
    assert [found[build].state for build in BUILDS] == ["reuse", "quarantine", "quarantine", "quarantine"]


def test_sanitizers_differ_on_a_write_while_the_chunk_waits():
    found = by_build(followed(after(*FULL, ops.MarkBegin(), ops.Free(0))))
    reads = [str(found[build].read.outcome) for build in BUILDS]
    assert reads == ["stale data", "stale data", "reported by a sanitizer", "reported by a sanitizer"]
    assert found["msan"].write.outcome is Outcome.STALE
    assert found["asan"].printed.startswith("AddressSanitizer: use-after-poison on address 0x40c0")


def test_what_no_running_build_confirmed_is_said():
    found = by_build(followed(after(*FULL, ops.Free(0))))
    assert {build: bool(found[build].caveat) for build in BUILDS} == {
        "plain": False, "race": False, "msan": True, "asan": False,
    }  # fmt: skip
    assert "not compared with a running msan build" in found["msan"].text()


def test_set_panic_on_fault_makes_a_panic_of_the_fault():
    found = by_build(followed(after(*FULL, ops.Free(0)), panic_on_fault=True))
    assert found["asan"].printed.startswith("panic: runtime error: invalid memory address")


def test_own_run_is_asked_at_the_very_event():
    machine = after(*FULL, ops.Free(0))
    inside = machine.history.op_starts[len(FULL)] + 1  # the arena is defunct, its chunks are where they were
    found = by_build(followed(machine, inside))
    assert (str(found["plain"].read.outcome), found["plain"].state) == ("stale data", "active")
    assert found["race"].read.outcome is Outcome.FAULTS


def test_program_that_died_under_another_build_says_when_and_how():
    view = followed(after(*FULL, ops.Free(0), ops.Read(4, 0), ops.NewArena(1)))
    race = view.lanes[1]
    assert (race.ends, int(race.band.last[-1])) == (8, 7)
    assert race.trouble.startswith("the program died in operation 8: accessed data from freed user arena")
    assert by_build(view)["race"].note == race.trouble
    assert view.lanes[0].trouble == ""


def test_object_made_later_and_no_object_at_all_are_said():
    machine = after(*FULL)
    assert by_build(followed(machine, 3))["plain"].note == "the object is not made yet"
    nothing = followed(after(ops.NewArena(0)))
    assert (nothing.pointer, nothing.made, nothing.focus) == (NOTHING, -1, -1)
    assert "no object lies in a chunk" in nothing.text()
    assert {len(lane.band) for lane in nothing.lanes} == {0}


@pytest.mark.parametrize("expr", ["struct{}", "[3145728]byte"])
def test_object_outside_all_chunks_is_fine_for_ever(expr):
    view = followed(after(ops.NewArena(0), ops.New(0, type_of(expr)), ops.Free(0)), pointer=Pointer(0))
    assert view.focus == -1
    assert {str(lane.band.read.tolist()) for lane in view.lanes} == {"['fine']"}
    assert {found.nearby for found in view.meetings} == {None}


def test_pointer_of_the_first_arena_freed_is_the_telling_one():
    machine = after(*FULL, ops.NewArena(1), ops.New(1, NODE), ops.Free(0), ops.New(1, NODE), ops.Free(1))
    assert telling_pointer(Changes(machine.history)) == Pointer(4)
    assert telling_pointer(Changes(after(*FULL).history)) == Pointer(4)
    empty = after(ops.NewArena(0), ops.NewArena(1), ops.New(1, NODE), ops.Free(0))
    assert telling_pointer(Changes(empty.history)) == Pointer(0)


def test_text_tells_bands_and_the_moment():
    text = followed(after(*FULL, ops.Free(0))).text()
    assert "plain (this run): 6 fine (active), 7 stale data (reuse)" in text
    assert "race: 6 fine (active), 7 faults (quarantine)" in text
    assert "Go: fatal error: fault" in text
    assert followed(after(*FULL, ops.Free(0))).text() == text


@pytest.mark.parametrize(
    ("pointer", "why"),
    [
        (Pointer(9), "there is no object 9; 5 were made"),
        (Pointer(-1, 3), "there is no object -1"),
        (Pointer(0, 16), "object 0 has 16 bytes; there is no byte 16"),
        (Pointer(0, -1), "no byte -1"),
    ],
)
def test_pointer_to_nothing_is_the_askers_error(pointer, why):
    with pytest.raises(ScenarioError, match=why):
        followed(after(*FULL), pointer=pointer)
