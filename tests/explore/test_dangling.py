"""The dangling pointer's own controls: which pointer, and where a click leads."""

import pytest
import traitlets

from arenalab.errors import ScenarioError
from arenalab.explore import DanglingPointer
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.touch import Pointer
from tests.player.telling import choose, control, do, sets
from tests.strategies import GC_OFF

NODE, QUARTER = type_of("struct{ next *int; value int }"), type_of("[2097152]byte")
PROGRAM = [ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.RunGC()]


@pytest.fixture
def machine():
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    return machine


@pytest.fixture
def explorer(machine):
    return DanglingPointer(machine)


def shown(explorer):
    return [control(explorer, name)["value"] for name in ("object", "byte")]


def test_telling_pointer_is_followed_until_one_is_chosen(explorer):
    assert (explorer.shown.pointer, shown(explorer)) == (Pointer(4), [4, 0])
    sets(explorer, "object", 0)
    assert explorer.pointer == explorer.shown.pointer == Pointer(0)
    assert control(explorer, "byte")["max"] == 15
    sets(explorer, "byte", 8)
    assert explorer.shown.pointer == Pointer(0, 8)
    sets(explorer, "object", 2)
    assert (explorer.pointer, shown(explorer)) == (Pointer(2, 0), [2, 0])
    explorer.pointer = None
    assert shown(explorer) == [4, 0]
    assert explorer.error == ""


def test_pointer_may_be_given(machine):
    explorer = DanglingPointer(machine, pointer=Pointer(0, 8), cursor=30)
    assert (explorer.shown.pointer, explorer.cursor) == (Pointer(0, 8), 30)
    assert "pointer to byte 8 of object 0" in explorer.text()


@pytest.mark.parametrize("pointer", [Pointer(5), Pointer(0, 16)])
def test_pointer_to_nothing_is_refused_and_the_old_one_stays(explorer, pointer):
    with pytest.raises(ScenarioError):
        explorer.pointer = pointer
    assert explorer.shown.pointer == Pointer(4)
    explorer.back()
    assert explorer.error == ""


def test_newest_object_is_that_of_the_moment(explorer):
    explorer.go(explorer.stepper.place(3))
    do(explorer, "newest")
    assert explorer.pointer == Pointer(1)


def test_click_on_a_stretch_goes_there(explorer):
    choose(explorer, "op:6")
    assert (explorer.place.op, explorer.shown.reading.op, explorer.error) == (6, 6, "")
    assert explorer.cursor == explorer.history.op_end(7)


def test_panic_on_fault_changes_gos_words(explorer):
    explorer.pointer = Pointer(0)
    assert "Go: fatal error: fault" in explorer.text()
    explorer.panic_on_fault = True
    assert "Go: panic: runtime error: invalid memory address" in explorer.text()


def test_operation_done_later_runs_under_every_build(explorer):
    explorer.do(ops.NewArena(1))
    assert {lane.ends for lane in explorer.shown.lanes} == {len(PROGRAM) + 1}


def test_linked_pointers_move_together(machine):
    one, other = DanglingPointer(machine), DanglingPointer(machine)
    traitlets.link((one, "pointer"), (other, "pointer"))
    sets(one, "object", 1)
    assert other.shown.pointer == Pointer(1)
    assert one.drawn() == other.drawn()
