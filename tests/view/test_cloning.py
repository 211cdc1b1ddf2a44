"""Clone's picture in words and numbers: the words are memory's, the verdict is the event's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.explore.cloned import cloned, telling_object
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.cloning import COPIED, ENDED, KEPT, NOTHING, cloning
from arenalab.view.reading import reading
from arenalab.view.value_words import SHOWN, value_at
from arenalab.world import ops
from arenalab.world.touch import Pointer
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE, INT, QUARTER = type_of("struct{ next *int; value int }"), type_of("int"), type_of("[2097152]byte")


def linked(*more):
    """A node that points to an int of its own arena."""
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE), ops.New(0, INT), ops.Write(0, 8, 42)])
    slot, target = (machine.world.ledger.row(row)[0] for row in (0, 1))
    machine.run([ops.Store(slot, target), *more])
    return machine


def seen(machine, row=None, kind="as it was made", length=None, at=None):
    moment = reading(machine.history, len(machine.history) if at is None else at)
    found = cloned(machine.history, moment, row, kind, length)
    return cloning(found.world, moment, *found[1:4], asked=found.asked)


@given(programs(max_ops=12), st.data())
@examples(40)
def test_words_are_those_that_the_type_and_the_memory_have(program, data):
    world = Machine(GC_OFF).run(program).world
    if not len(world.ledger):
        return
    row = data.draw(st.integers(0, len(world.ledger) - 1))
    addr, size, number, cap, _, chunk = world.ledger.row(row)
    go_type = world.types[number]
    value = value_at(world, Pointer(row), go_type, max(cap, 1) if size else 0)
    assert value.size == size
    words = value.words
    assert len(words) + value.more == -(-size // 8)
    assert len(words) == min(-(-size // 8), SHOWN)
    for offset, pointer, said in zip(words.offset, words.pointer, words.value, strict=True):
        place = int(offset) % go_type.size // 8
        assert pointer == bool(go_type.mask.bits(place, place + 1).any())
        held = world.slots.target(chunk, addr + int(offset)) if chunk >= 0 else 0
        assert said == ("" if value.gone else f"0x{held:x}" if held else "0")


def test_copy_of_a_node_holds_the_same_pointer_into_the_chunk():
    view = seen(linked(ops.Clone(0, NODE)))
    assert (view.result, view.asked, view.copied) == (COPIED, False, 16)
    assert view.source.value.words == view.copy.value.words
    assert view.copy.value.words.value[1] == "42"
    assert view.copy.value.words.target[0] == "object 1"
    assert (view.copy.value.pointers, view.copy.value.into_chunks) == (1, 1)
    assert view.facts[1] == "the trap: the copy's one pointer still leads into a chunk"


def test_copy_outlives_free_and_its_pointer_does_not():
    machine = linked(*[ops.New(0, QUARTER)] * 4, ops.Clone(0, NODE), ops.Write(0, 8, 77), ops.Free(0))
    view = seen(machine)
    assert view.source.value.gone.startswith("chunk 0, in quarantine")
    assert view.copy.value.words.value.tolist()[1] == "42"
    assert [target.meaning for target in view.copy.value.targets] == ["dead"]
    assert view.copy.value.into_chunks == 1


def test_clone_of_the_run_is_seen_from_its_own_event_on():
    machine = linked(ops.Clone(0, NODE), ops.NewArena(1))
    before = machine.history.op_starts[5]
    assert seen(machine, at=before).asked
    assert not seen(machine, at=before + 1).asked
    assert seen(machine).copy.title == "object 2, made by Clone"


def test_asking_leaves_the_run_as_it_is():
    machine = linked()
    before = machine.world.fork()
    view = seen(machine, row=0)
    assert (view.result, view.asked) == (COPIED, True)
    assert (machine.world, len(machine.history.ops)) == (before, 5)


def test_slice_is_cut_at_its_len():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.MakeSlice(0, INT, 10, 3), ops.Write(0, 72, 9)])
    view = seen(machine, row=0, length=3)
    assert (view.copied, len(view.copy.value.words), len(view.source.value.words)) == (24, 3, 10)
    assert view.source.value.words.value[-1] == "9"
    assert "3 elements, what lies between len and cap is left" in view.facts[0]


@pytest.mark.parametrize(
    ("expr", "kind", "length", "why"),
    [
        ("[3145728]byte", "ptr", None, "on the heap"),
        ("struct{}", "ptr", None, "at &zerobase"),
        ("[5]byte", "string", 0, "an empty string has lost its address"),
    ],
)
def test_what_lies_in_no_chunk_comes_back_as_it_is(expr, kind, length, why):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, type_of(expr))])
    view = seen(machine, 0, kind, length)
    assert (view.result, view.copy) == (KEPT, None)
    assert why in view.facts[1]


def test_quarantined_source_ends_the_program_that_asks():
    machine = linked(*[ops.New(0, QUARTER)] * 4, ops.Free(0))
    view = seen(machine, row=0)
    assert view.result == ENDED
    assert "accessed data from freed user arena" in view.facts[0]
    assert machine.world.died == ""


def test_dead_program_clones_nothing_and_says_so():
    machine = linked(*[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.Read(0, 8))
    view = seen(machine, row=0)
    assert (view.result, view.facts[0][:20]) == (ENDED, "the program has died")


def test_run_without_objects_has_nothing_to_clone():
    view = seen(Machine(GC_OFF))
    assert (view.result, view.copy, view.focus) == (NOTHING, None, -1)
    assert "there is nothing to clone yet" in view.text()


def test_words_that_hold_something_come_first_in_a_large_value():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, type_of("[1000]int")), ops.Write(0, 4000, 7)])
    view = seen(machine, row=0)
    assert 4000 in view.copy.value.words.offset
    assert view.copy.value.more == 1000 - SHOWN
    assert view.source.value.words == view.copy.value.words


def test_telling_object_is_the_last_pointerful_one_of_a_live_arena():
    assert telling_object(linked().world) == 0
    assert telling_object(linked(ops.Free(0)).world) == 1
    assert telling_object(Machine(GC_OFF).world) == -1
