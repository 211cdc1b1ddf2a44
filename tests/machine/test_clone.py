"""Clone: when there is a copy, what is in it, where it goes, and when it is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.access_events import ClonedToHeap, CloneKept, Faulted
from arenalab.world.end_events import Panicked
from arenalab.world.invariants import check, check_settled
from arenalab.world.state import AT_ZEROBASE, NO_ARENA, ON_HEAP
from tests.examples import examples
from tests.strategies import GC_OFF, TYPES

NODE = type_of("struct{ next *int; value int }")
INT, BYTE, QUARTER = type_of("int"), type_of("byte"), type_of("[2097152]byte")
MADE = (ops.NewArena(0), ops.New(0, NODE), ops.Write(0, 8, 42))


def after(*program):
    """Run a program, checking every law after every step."""
    machine = Machine(GC_OFF, check=check)
    for op in program:
        machine.do(op)
        check_settled(machine.world)
    return machine


def test_copy_is_an_ordinary_object_of_no_arena():
    machine = after(*MADE, ops.Clone(0, NODE))
    assert machine.world.ledger.row(-1)[4:] == (NO_ARENA, ON_HEAP)
    assert machine.history.events[-1].like(size=16, elemsize=16, npages=0, noscan=False)


def test_copy_keeps_its_value_when_the_original_changes():
    machine = after(*MADE, ops.Clone(0, NODE), ops.Write(0, 8, 77))
    assert [machine.do(ops.Read(row, 8))[-1].value for row in (0, 1)] == [77, 42]


def test_copy_outlives_free_and_recycling():
    machine = after(*MADE, *[ops.New(0, QUARTER)] * 4, ops.Clone(0, NODE), ops.Free(0), ops.RunGC())
    assert machine.do(ops.Read(5, 8))[-1].like(value=42, found="fine")
    assert isinstance(machine.do(ops.Read(0, 8))[-1], Faulted)


def test_copy_is_shallow_so_its_pointer_leads_into_the_arena():
    machine = after(*MADE, ops.New(0, INT))
    slot, target = (machine.world.ledger.row(row)[0] for row in (0, 1))
    machine.run([ops.Store(slot, target), ops.Clone(0, NODE)])
    assert machine.do(ops.Read(2, 0))[-1].value == target


def test_pointer_into_an_object_copies_its_own_element_only():
    machine = after(*MADE, ops.Clone(0, INT, offset=8))
    assert machine.history.events[-1].like(size=8, elemsize=16, noscan=True, offsets=(0,), values=(42,))


def test_slice_is_copied_up_to_its_len():
    machine = after(ops.NewArena(0), ops.MakeSlice(0, INT, 10, 3), ops.Write(0, 16, 3), ops.Write(0, 24, 4))
    machine.do(ops.Clone(0, INT, "slice", len=3))
    assert machine.history.events[-1].like(cap=3, size=24, elemsize=24, offsets=(16,), values=(3,))


def test_empty_slice_of_a_chunk_goes_to_the_zero_base():
    machine = after(ops.NewArena(0), ops.MakeSlice(0, INT, 10, 0), ops.Clone(0, INT, "slice", len=0))
    assert machine.world.ledger.row(-1)[5] == AT_ZEROBASE


def test_empty_slice_of_a_quarantined_chunk_does_not_fault():
    machine = after(*MADE, *[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.Clone(1, BYTE, "slice", len=0))
    assert isinstance(machine.history.events[-1], ClonedToHeap)


def test_large_copy_is_counted_and_swept_like_any_large_object():
    machine = after(ops.NewArena(0), ops.New(0, QUARTER), ops.Clone(0, QUARTER))
    assert machine.history.events[-1].npages == 256
    counted = machine.world.counters.large_alloc
    machine.do(ops.RunGC())
    check_settled(machine.world)
    assert counted == machine.rules.chunk.stride + 2**21
    assert machine.world.counters.large_free == 2**21


def test_value_on_the_reuse_list_is_copied_with_its_old_bytes():
    machine = after(*MADE, ops.Free(0), ops.Clone(0, NODE))
    assert machine.do(ops.Read(1, 8))[-1].value == 42


def test_value_in_quarantine_faults_while_it_is_copied():
    machine = after(*MADE, *[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.Clone(0, NODE))
    assert machine.history.events[-1].like(text="accessed data from freed user arena 0x40c000000000")


@pytest.mark.parametrize("place", [ops.NIL, ops.STATIC, ops.HEAP])
@pytest.mark.parametrize("kind", ["ptr", "slice", "string"])
def test_value_outside_all_arenas_is_returned_as_it_is(place, kind):
    machine = after(ops.NewArena(0), ops.Clone(place, INT, kind, len=3))
    assert machine.history.events[-1] == CloneKept(place)


@pytest.mark.parametrize("go_type", [type_of("struct{}"), type_of("[3145728]byte")], ids=str)
def test_zero_size_and_redirected_values_are_in_no_chunk(go_type):
    machine = after(ops.NewArena(0), ops.New(0, go_type), ops.Clone(0, go_type))
    assert machine.history.events[-1] == CloneKept(0)


def test_empty_string_has_lost_its_address_before():
    machine = after(ops.NewArena(0), ops.MakeSlice(0, BYTE, 5), ops.Clone(0, BYTE, "string", len=0))
    assert machine.history.events[-1] == CloneKept(0)


def test_declared_string_type_panics_only_inside_an_arena():
    machine = after(ops.NewArena(0), ops.MakeSlice(0, BYTE, 5))
    machine.do(ops.Clone(ops.STATIC, BYTE, "string", len=3, declared="main.named"))
    assert machine.history.events[-1] == CloneKept(ops.STATIC)
    machine.do(ops.Clone(0, BYTE, "string", len=3, declared="main.named"))
    panic = machine.history.events[-1]
    assert panic.text == "interface conversion: interface {} is main.named, not string"
    assert panic.go_type == "*runtime.TypeAssertionError"


@pytest.mark.parametrize(
    "expression", ["int", "struct{}", "[3]*int", "map[int]int", "func()", "unsafe.Pointer"]
)
def test_other_kinds_are_refused(expression):
    go_type = type_of(expression)
    machine = after(ops.NewArena(0), ops.Clone(ops.HEAP, go_type, go_type.kind))
    assert machine.history.events[-1].text == "arena: Clone only supports pointers, slices, and strings"


def test_nil_interface_is_a_nil_dereference_at_the_types_kind():
    machine = after(ops.NewArena(0), ops.Clone(ops.NIL, INT, "nil"))
    assert machine.history.events[-1].like(fault_code=1, fault_addr=0x17)


@pytest.mark.parametrize(
    ("op", "told"),
    [
        (ops.Clone(0, INT, "slice"), "a slice needs a len of 0 or more"),
        (ops.Clone(7, INT), "there is no object 7; 1 were made"),
    ],
)
def test_clone_of_nonsense_is_the_askers_error_and_leaves_no_trace(op, told):
    machine = after(*MADE)
    with pytest.raises(ScenarioError, match=told):
        machine.do(op)
    assert len(machine.history.ops) == len(MADE)


@given(st.sampled_from(TYPES), st.integers(0, 40), st.booleans())
@examples(80)
def test_copy_depends_on_one_thing_whether_the_data_lies_in_a_chunk(go_type, length, freed):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.MakeSlice(0, go_type, 40, length)])
    if freed:
        machine.do(ops.Free(0))
    in_chunk = machine.world.ledger.row(0)[5] >= 0
    event = machine.do(ops.Clone(0, go_type, "slice", len=length))[-1]
    if isinstance(event, Faulted):
        assert machine.world.spans[machine.world.ledger.row(0)[5]].faulted
        return
    assert isinstance(event, ClonedToHeap) == in_chunk
    if in_chunk:
        assert event.size == go_type.size * length
        assert event.elemsize >= event.size
        assert event.noscan == go_type.noscan
    assert not isinstance(event, Panicked)
