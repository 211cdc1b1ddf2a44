"""Go's own words, and the fault behind them, for everything that a program can do wrong."""

import re
from dataclasses import replace

import pytest

from arenalab.errors import GoPanic, GoThrow, ScenarioError
from arenalab.go.mirror import within
from arenalab.go.versions import VERSIONS
from arenalab.machine.ends import error_of, event_of
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.apply_forget import forget
from arenalab.world.events import ObjectAllocated
from arenalab.world.history import History
from tests.strategies import GC_OFF

NODE = type_of("struct{ next *int; value int }")
INT, BYTE, EMPTY, HUGE = (type_of(text) for text in ("int", "byte", "struct{}", "[3145728]byte"))
QUARTER = type_of("[2097152]byte")
NIL = "runtime error: invalid memory address or nil pointer dereference"
FREED = (ops.NewArena(0), ops.Free(0))


def ends(*program, rules=GC_OFF):
    """Run a program and return the error that its last operation ended in."""
    machine = Machine(rules)
    machine.run(program)
    return error_of(machine.history.events[-1])


#: what the program does last -> where the nil pointer is read
NIL_READS = {
    "free a nil *Arena": (ops.Free(ops.NIL_ARENA), 0x0),
    "free a zero Arena": (ops.Free(ops.ZERO_ARENA), 0x28),
    "free a freed Arena": (ops.Free(0), 0x28),
    "new on a nil *Arena": (ops.New(ops.NIL_ARENA, NODE), 0x0),
    "new on a freed Arena": (ops.New(0, NODE), 0x8),
    "new of no bytes on a freed Arena": (ops.New(0, EMPTY), 0x8),
    "slice on a freed Arena": (ops.MakeSlice(0, INT, 1), 0x8),
    "slice of negative cap on a nil *Arena": (ops.MakeSlice(ops.NIL_ARENA, INT, -1), 0x0),
    "new of a nil type": (ops.New(0, NODE, copied=True, given="nil"), 0x17),
    "repetition on a freed Arena": (ops.Rep(0, INT, 3), 0x8),
}


@pytest.mark.parametrize(("op", "addr"), NIL_READS.values(), ids=NIL_READS)
def test_nil_pointer_is_read_at_its_fields_offset(op, addr):
    error = ends(*FREED, op)
    assert isinstance(error, GoPanic)
    assert (error.text, error.go_type, error.signal) == (NIL, "runtime.errorString", (1, addr))


@pytest.mark.parametrize(
    ("op", "addr"), [(ops.New(0, NODE, copied=True), 0x90), (ops.New(0, INT, copied=True), 0x98)]
)
def test_new_through_a_copy_of_a_freed_arena_is_fatal(op, addr):
    error = ends(*FREED, op)
    assert isinstance(error, GoThrow)
    assert error.printed().splitlines() == [
        "fatal error: unexpected signal during runtime execution",
        f"[signal SIGSEGV: segmentation violation code=0x1 addr={addr:#x}]",
    ]


@pytest.mark.parametrize("op", [ops.New(0, EMPTY, copied=True), ops.New(0, HUGE, copied=True),
                                ops.MakeSlice(0, INT, 0, copied=True)])  # fmt: skip
def test_what_needs_no_chunk_works_through_a_copy_of_a_freed_arena(op):
    assert ends(*FREED, op) is None


def test_double_free_through_a_copy_panics_with_a_string():
    error = ends(*FREED, ops.Free(0, copied=True))
    assert (error.text, error.go_type, error.runtime_error) == ("arena double free", "string", False)
    assert error.printed() == "panic: arena double free"


class TestFreedThroughACopy:
    """Free sets one pointer to nil, that of the value that it is called on; the one that was copied is as it was."""

    PROGRAM = (ops.NewArena(0), ops.Free(0, copied=True))

    def test_free_of_the_value_itself_is_a_double_free(self):
        assert ends(*self.PROGRAM, ops.Free(0)).printed() == "panic: arena double free"

    def test_free_through_another_copy_is_one_too(self):
        assert ends(*self.PROGRAM, ops.Free(0, copied=True)).printed() == "panic: arena double free"

    @pytest.mark.parametrize("op", [ops.New(0, NODE), ops.MakeSlice(0, NODE, 1), ops.Rep(0, NODE, 2)])
    def test_allocating_from_the_value_itself_is_fatal(self, op):
        assert isinstance(ends(*self.PROGRAM, op), GoThrow)

    @pytest.mark.parametrize("op", [ops.New(0, EMPTY), ops.New(0, HUGE), ops.MakeSlice(0, INT, 0)])
    def test_what_needs_no_chunk_works(self, op):
        assert ends(*self.PROGRAM, op) is None

    def test_its_handle_lives_until_the_program_drops_the_value(self):
        machine = Machine(GC_OFF)
        machine.run([*self.PROGRAM, ops.RunGC(), ops.RunGC()])
        assert 0 in machine.world.handles
        machine.run([ops.Drop(0), ops.RunGC(), ops.RunGC()])
        assert 0 not in machine.world.handles
        assert 0 not in forget(machine.world).user_arenas

    def test_its_log_performed_again_is_the_same(self):
        machine = Machine(GC_OFF)
        machine.run([*self.PROGRAM, ops.RunGC(), ops.Free(0)])
        assert rerun(machine.history).events == machine.history.events


@pytest.mark.parametrize("given", ["int", "[]int", "48 bytes"])
def test_new_of_a_type_that_is_no_pointer_is_fatal(given):
    assert (
        ends(ops.NewArena(0), ops.New(0, INT, given=given)).printed()
        == "fatal error: arena_New: non-pointer type"
    )


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("int", "slice result of non-ptr type"),
        ("[]int", "slice result of non-ptr type"),
        ("*int", "slice of non-ptr-to-slice type"),
        ("*[3]int", "slice of non-ptr-to-slice type"),
    ],
)
def test_slice_for_something_that_is_no_pointer_to_a_slice_panics_before_allocating(given, text):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.MakeSlice(0, INT, 1, given=given)])
    assert machine.history.events[-1].like(text=text, go_type="string")
    assert len(machine.world.ledger) == 0


def test_negative_capacity_is_seen_before_the_result_is_looked_at():
    assert (
        ends(ops.NewArena(0), ops.MakeSlice(0, INT, -1, given="int")).text == "userArena.slice: negative cap"
    )


def test_negative_capacity_is_seen_before_a_freed_arena():
    assert ends(*FREED, ops.MakeSlice(0, INT, -1)).text == "userArena.slice: negative cap"


def test_slice_header_is_written_through_nil_after_the_memory_is_taken():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.MakeSlice(0, INT, 1, given="nil *[]T")])
    assert machine.history.events[-1].like(fault_addr=8)
    assert any(isinstance(event, ObjectAllocated) for event in machine.history.events)


@pytest.mark.parametrize(
    ("length", "cap", "shown"),
    [(-1, 4, "[:-1]"), (5, 4, "[:5] with capacity 4"), (1, 0, "[:1] with capacity 0")],
)
def test_length_outside_the_capacity_is_a_bounds_error(length, cap, shown):
    error = ends(ops.NewArena(0), ops.MakeSlice(0, INT, cap, length))
    assert error.text == f"runtime error: slice bounds out of range {shown}"
    assert (error.go_type, error.runtime_error) == ("runtime.boundsError", True)


#: elements × size -> what Go says, the bytes in use left out
TOO_MUCH = {
    "beyond 64 bits": (type_of("[64]int"), 2**60, "fatal error: out of memory"),
    "beyond the address space": (INT, 2**50, "panic: runtime: allocation size out of range"),
    "beyond any hole in it": (
        BYTE, 2**46, "runtime: out of memory: cannot allocate 70368744177664-byte block\nfatal error: out of memory",
    ),
    "just beyond the largest hole": (
        BYTE, 2**46 - 2**26 + 1,
        "runtime: out of memory: cannot allocate 70368681263104-byte block\nfatal error: out of memory",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("go_type", "cap", "printed"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_slice_of_too_much(go_type, cap, printed):
    said = ends(ops.NewArena(0), ops.MakeSlice(0, go_type, cap)).printed()
    assert re.sub(r" \(\d+ in use\)", "", said) == printed


@pytest.mark.parametrize("in_bulk", [False, True])
@pytest.mark.parametrize("cap", [10**13, 10**15, 2**63 - 1])
def test_huge_slice_costs_the_model_nothing(cap, in_bulk):
    machine = Machine(GC_OFF, in_bulk=in_bulk)
    machine.run([ops.NewArena(0), ops.MakeSlice(0, BYTE, cap), ops.MakeSlice(0, EMPTY, cap)])
    assert machine.world.ledger.row(-1)[3] == cap
    assert len(machine.history) < 100


def test_finalizer_on_an_arena_object_is_fatal_and_elsewhere_fine():
    text = "fatal error: runtime.SetFinalizer: first argument was allocated into an arena"
    assert ends(ops.NewArena(0), ops.New(0, NODE), ops.SetFinalizer(0)).printed() == text
    assert ends(ops.NewArena(0), ops.New(0, HUGE), ops.SetFinalizer(0)) is None


@pytest.mark.parametrize("version", [name for name in VERSIONS if within(name, ops.AddCleanup.since)])
def test_cleanup_of_an_arena_object_or_of_nil_panics_and_elsewhere_does_not(version):
    rules = replace(VERSIONS[version], gogc=-1)
    error = ends(ops.NewArena(0), ops.New(0, NODE), ops.Free(0), ops.AddCleanup(0), rules=rules)
    assert (error.printed(), error.go_type) == ("panic: runtime.AddCleanup: ptr is arena-allocated", "string")
    error = ends(ops.NewArena(0), ops.AddCleanup(ops.NIL), rules=rules)
    assert (error.printed(), error.go_type) == ("panic: runtime.AddCleanup: ptr is nil", "string")
    for place in (ops.STATIC, ops.HEAP, 0):
        machine = Machine(rules)
        machine.run([ops.NewArena(0), ops.New(0, HUGE), ops.AddCleanup(place)])
        assert not machine.history.events_of(3)


def test_pinning_an_arena_object_panics_and_elsewhere_does_not():
    error = ends(ops.NewArena(0), ops.New(0, NODE), ops.Free(0), ops.Pin(0))
    assert error.printed() == "panic: runtime error: runtime.Pinner: object was allocated into an arena"
    assert ends(ops.NewArena(0), ops.New(0, HUGE), ops.Pin(0)) is None


@pytest.mark.parametrize("detail", [False, True], ids=["in bulk", "one by one"])
def test_pointer_into_a_recycled_dead_chunk_stops_the_collector(detail):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.RunGC()])
    machine.run([ops.NewArena(1), ops.New(1, NODE)])
    hidden, slot = machine.world.ledger.row(0)[0], machine.world.ledger.row(5)[0]
    machine.run([ops.Store(slot, hidden), ops.RunGC(detail=detail)])
    assert error_of(machine.history.events[-1]).printed() == (
        "runtime: pointer 0x40c000000000 to unallocated span span.base()=0x40c000000000 "
        "span.limit=0x40c000800000 span.state=0\n"
        "fatal error: found bad pointer in Go heap (incorrect use of unsafe or cgo?)"
    )


@pytest.mark.parametrize("detail", [False, True], ids=["in bulk", "one by one"])
def test_pointer_into_a_chunk_never_used_is_ignored(detail):
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE)])
    machine.do(ops.Store(machine.world.ledger.row(0)[0], machine.world.spans[5].base))
    machine.do(ops.RunGC(detail=detail))
    assert not machine.world.died
    assert machine.world.spans[5].mark_bit == machine.world.spans[5].alloc_bit == 0


def test_panic_that_is_recovered_lets_the_program_go_on_and_a_throw_does_not():
    machine = Machine(GC_OFF)
    machine.run([*FREED, ops.New(0, NODE), ops.NewArena(1), ops.New(1, NODE)])
    assert not machine.world.died
    machine.do(ops.SetFinalizer(0))
    with pytest.raises(ScenarioError, match="the program has died"):
        machine.do(ops.NewArena(2))


def test_writing_a_number_over_a_pointer_is_the_askers_error():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE)])
    with pytest.raises(ScenarioError, match="byte 0 of object 0 is a pointer; use Store there"):
        machine.do(ops.Write(0, 0, 7))


ENDS = [
    (*FREED, ops.Free(0)),
    (*FREED, ops.New(0, NODE, copied=True)),
    (ops.NewArena(0), ops.MakeSlice(0, BYTE, 2**46)),
    (ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, QUARTER)] * 4, ops.Free(0), ops.Read(0, 8)),
    (ops.NewArena(0), ops.New(0, NODE), ops.Write(0, 8, 1), ops.Clone(0, NODE), ops.Read(1, 8)),
]


@pytest.mark.parametrize("program", ENDS, ids=lambda program: str(program[-1]))
def test_end_of_a_program_survives_a_file(program, tmp_path):
    machine = Machine(GC_OFF)
    history = machine.run(program)
    history.save(tmp_path / "run.jsonl")
    loaded = History.load(tmp_path / "run.jsonl")
    assert loaded.events == history.events
    assert loaded.world == history.world == history.at(len(history))


@pytest.mark.parametrize("program", ENDS[:4], ids=lambda program: str(program[-1]))
def test_error_and_event_tell_the_same(program):
    error = ends(*program)
    again = error_of(event_of(error))
    assert (again.printed(), again.why, type(again)) == (error.printed(), error.why, type(error))


def test_field_offsets_follow_the_pointer_size():
    rules = replace(GC_OFF, ptr_size=4, heap_arena_bytes=2**22, user_arena_chunk_bytes_max=2**22)
    assert ends(*FREED, ops.Free(0), rules=rules).signal.addr == 0x14
    assert ends(*FREED, ops.New(0, INT, copied=True), rules=rules).signal.addr == 0x58
