"""What a read or write through a pointer meets, at every station of a chunk's life and in every build."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import ArgumentError, GoFault, GoPanic, SanitizerReport, ScenarioError
from arenalab.go.versions import VERSIONS, go_rules
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.touch import NIL_DEREFERENCE, Outcome, Pointer, touch
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE = type_of("struct{ next *int; value int }")
QUARTER = type_of("[2097152]byte")
FULL = (ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4)  #: chunk 0 is full, chunk 1 active
HELD = (ops.NewArena(0), ops.New(0, NODE), ops.Hold(0, 0), *FULL[2:])
FIRST = Pointer(0, 8)  #: node.value


def after(*program, build="plain"):
    """Run a program and return the machine."""
    machine = Machine(replace(GC_OFF, build_mode=build))
    machine.run(program)
    return machine


def test_live_object_is_fine():
    found = after(*FULL).touch(FIRST)
    assert found.outcome is Outcome.FINE
    assert found.works
    assert (found.chunk, found.row) == (0, 0)
    assert found.why == "chunk 0, a full one of user arena 0: object 0 of user arena 0"


def test_partly_used_chunk_after_free_is_stale_and_readable():
    found = after(*FULL[:2], ops.Free(0)).touch(FIRST)
    assert found.outcome is Outcome.STALE
    assert found.works
    assert "on the reuse list" in found.why


def test_chunk_that_another_arena_fills_on_still_holds_the_old_object():
    machine = after(*FULL[:2], ops.Free(0), ops.NewArena(1), ops.New(1, NODE))
    assert machine.touch(FIRST).outcome is Outcome.STALE
    assert "being filled by user arena 1" in machine.touch(FIRST).why
    assert machine.touch(Pointer(1, 8)).outcome is Outcome.FINE


def test_full_chunk_after_free_faults_with_gos_text():
    found = after(*FULL, ops.Free(0)).touch(FIRST)
    assert found.outcome is Outcome.FAULTS
    assert isinstance(found.error, GoFault)
    assert found.error.printed() == (
        "accessed data from freed user arena 0x40c000000008\n"
        "fatal error: fault\n"
        "[signal SIGSEGV: segmentation violation code=0x2 addr=0x40c000000008]"
    )
    assert found.why.startswith("chunk 0, in quarantine after 0 cycles")


def test_fault_is_a_panic_after_set_panic_on_fault():
    found = after(*FULL, ops.Free(0)).touch(FIRST, panic_on_fault=True)
    assert found.outcome is Outcome.FAULTS
    assert isinstance(found.error, GoPanic)
    assert (found.error.text, found.error.go_type) == (NIL_DEREFERENCE, "runtime.errorAddressString")


def test_chunk_freed_while_marking_is_readable_until_the_cycle_ends():
    machine = after(*FULL, ops.MarkBegin(), ops.Free(0))
    assert machine.touch(FIRST).outcome is Outcome.STALE
    assert "on the fault list" in machine.touch(FIRST).why
    machine.do(ops.MarkEnd())
    assert machine.touch(FIRST).outcome is Outcome.FAULTS


def test_chunk_that_a_pointer_keeps_faults_in_quarantine_forever():
    machine = after(*HELD, ops.Free(0), *[ops.RunGC()] * 3)
    assert machine.world.quarantine == [0]
    assert machine.touch(FIRST).outcome is Outcome.FAULTS


def test_dead_chunk_on_the_ready_list_faults_as_a_user_arena():
    machine = after(*FULL, ops.Free(0), ops.RunGC())
    assert machine.world.ready[0] == 0
    assert machine.touch(FIRST).text == "accessed data from freed user arena 0x40c000000008"
    assert "on the ready list" in machine.touch(FIRST).why


def test_chunk_never_used_faults_as_an_unknown_address():
    machine = after(ops.NewArena(0))
    never_used = machine.world.spans[3].base
    assert machine.touch(never_used).text == f"unexpected fault address {never_used:#x}"


def test_recycled_chunk_holds_somebody_elses_object():
    machine = after(*FULL, ops.Free(0), ops.RunGC(), ops.NewArena(1), *[ops.New(1, QUARTER)] * 5)
    machine.do(ops.New(1, NODE))
    assert machine.world.owner_of(0) == 1
    machine.do(ops.Rep(1, NODE, 4))
    found = machine.touch(Pointer(0, 8))
    assert found.outcome is Outcome.OTHER
    assert "recycled since, holds object" in found.why
    assert found.works


def test_recycled_chunk_without_a_new_object_there_reads_zero():
    machine = after(*FULL, ops.Write(0, 8, 42), ops.Free(0), ops.RunGC(), ops.NewArena(1))
    machine.run([ops.New(1, QUARTER)] * 5)
    assert machine.world.owner_of(0) == 1
    assert machine.touch(FIRST).outcome is Outcome.NOTHING
    assert machine.do(ops.Read(0, 8))[-1].value == 0


def test_free_middle_of_a_live_chunk_is_no_object():
    machine = after(*FULL[:2])
    middle = machine.world.spans[0].base + 4096
    assert machine.touch(middle).outcome is Outcome.NOTHING
    assert machine.touch(middle).works


def test_padding_between_two_objects_is_no_object():
    machine = after(ops.NewArena(0), ops.New(0, type_of("byte")), ops.New(0, type_of("int")))
    last = machine.world.spans[0].base + machine.rules.chunk.stride - 1
    assert machine.touch(last).outcome is Outcome.FINE
    assert machine.touch(last - 1).outcome is Outcome.NOTHING


def test_zero_base_and_ordinary_heap_are_fine_after_free():
    machine = after(
        ops.NewArena(0), ops.New(0, type_of("struct{}")), ops.New(0, type_of("[3145728]byte")), ops.Free(0)
    )
    assert "runtime.zerobase" in machine.touch(Pointer(0)).why
    assert "heap" in machine.touch(Pointer(1)).why
    assert machine.touch(Pointer(0)).outcome is machine.touch(Pointer(1)).outcome is Outcome.FINE


@pytest.mark.parametrize("addr", [0, 8, 4095])
def test_nil_page_is_a_nil_dereference(addr):
    found = after().touch(addr)
    assert found.outcome is Outcome.NIL
    assert found.error.signal == (1, addr)
    assert found.text == NIL_DEREFERENCE


@pytest.mark.parametrize("addr", [4096, 0x4A0000, 2**64 - 1])
def test_address_that_the_model_does_not_know_is_said_to_be_so(addr):
    found = after(ops.NewArena(0)).touch(addr)
    assert found.outcome is Outcome.OUTSIDE
    assert not found.works


@pytest.mark.parametrize("addr", [2**64, -1])
def test_number_that_is_no_address_of_64_bits_is_the_askers_error(addr):
    with pytest.raises(ArgumentError, match="an address, of 64 bits"):
        after(ops.NewArena(0)).touch(addr)


@pytest.mark.parametrize("number", [1, -1, 10**15])
def test_pointer_to_an_object_never_made_is_the_askers_error(number):
    with pytest.raises(
        ScenarioError, match=f"Pointer.object: got {number}; expected the number of an object: 0 to 0"
    ):
        after(*FULL[:2]).touch(Pointer(number))


# sanitizer builds


def test_race_build_reads_freed_memory_unreported_and_faults():
    found = after(*FULL[:2], ops.Free(0), build="race").touch(FIRST)
    assert found.text == "accessed data from freed user arena 0xc004000008"


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("build", ["asan", "msan"])
def test_nil_check_faults_before_a_sanitizer_can_report(build, write):
    found = after(*FULL[:2], ops.Free(0), build=build).touch(FIRST, write=write)
    assert found.text == "accessed data from freed user arena 0x40c000000008"
    assert f"{build} reports it instead where the compiler knows" in found.why


@pytest.mark.parametrize("write", [False, True])
def test_asan_build_reports_freed_memory_that_is_still_there(write):
    found = after(*FULL, ops.MarkBegin(), ops.Free(0), build="asan").touch(FIRST, write=write)
    assert found.outcome is Outcome.REPORTED
    assert isinstance(found.error, SanitizerReport)
    assert found.error.printed() == "AddressSanitizer: use-after-poison on address 0x40c000000008"
    assert found.error.exit_code == 1


def test_asan_build_reports_the_red_zone_of_a_live_chunk():
    machine = after(*FULL[:2], build="asan")
    limit = machine.world.spans[0].limit
    assert machine.touch(limit).outcome is Outcome.REPORTED
    assert "red zone" in machine.touch(limit).why
    assert machine.touch(limit - 1).outcome is Outcome.NOTHING
    assert limit == machine.world.spans[0].base + machine.rules.chunk.stride - 2048


@pytest.mark.parametrize("build", ["asan", "msan"])
def test_sanitizer_is_told_at_once_even_while_marking(build):
    machine = after(*FULL, ops.MarkBegin(), ops.Free(0), build=build)
    assert machine.world.fault == [0, 1]
    assert machine.touch(FIRST).outcome is Outcome.REPORTED


def test_msan_build_lets_a_write_pass_where_memory_is_there():
    machine = after(*FULL, ops.MarkBegin(), ops.Free(0), build="msan")
    assert machine.touch(FIRST, write=True).outcome is Outcome.STALE


def test_report_ends_the_program():
    machine = after(*FULL, ops.MarkBegin(), ops.Free(0), ops.Read(0, 8), build="asan")
    assert machine.history.events[-1].like(tool="asan", addr=0x40C000000008)
    with pytest.raises(ScenarioError, match="the program has died: AddressSanitizer"):
        machine.do(ops.RunGC())


# laws


@given(programs(), st.data())
@examples(60)
def test_touch_agrees_with_ledger_and_lists(program, data):
    machine = Machine(GC_OFF)
    machine.run(program)
    w = machine.world
    if not w.spans:
        return
    span = data.draw(st.sampled_from(w.spans))
    addr = span.base + data.draw(st.integers(0, machine.rules.chunk.stride - 1))
    found = touch(w, addr)
    assert found.chunk == span.chunk
    assert (found.outcome is Outcome.FAULTS) == (w.list_of(span.chunk) in ("quarantine", "ready"))
    if found.row >= 0:
        row = w.ledger.row(found.row)
        assert row[0] <= addr < row[0] + row[1]
        assert row[5] == span.chunk


@given(programs())
@examples(40)
def test_every_object_of_an_arena_that_lives_is_fine(program):
    machine = Machine(GC_OFF)
    machine.run(program)
    w, before = machine.world, machine.world.fork()
    for number, (_, size, _, _, owner, _) in enumerate(w.ledger.table().tolist()[:300]):
        if not w.user_arenas[owner].defunct:
            for offset in {0, max(size - 1, 0)}:
                assert touch(w, Pointer(number, offset)).outcome is Outcome.FINE
    assert w == before


def test_any_moment_can_be_asked():
    machine = after(*FULL, ops.Free(0), ops.RunGC())
    moments = [
        touch(machine.history.at(i), FIRST).outcome
        for i in range(2, len(machine.history) + 1)
        if machine.history.at(i).ledger.count
    ]
    assert list(dict.fromkeys(moments)) == [Outcome.FINE, Outcome.STALE, Outcome.FAULTS]


def test_rules_of_the_default_machine_are_those_of_the_newest_go():
    assert Machine().rules == go_rules() == list(VERSIONS.values())[-1]
