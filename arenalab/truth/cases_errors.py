"""The cases that end badly, as programs: what real Go did with each is in a recording, not here.

Each function is one recorded case, under its name there, and returns what it prints. The Go
programs are in arenalab/oracle/probe/cases/trials.go.
"""

from __future__ import annotations

from collections.abc import Callable

from arenalab.go.types import GoType
from arenalab.syntax import type_of
from arenalab.truth.go_program import HEAP, NIL, NIL_ARENA, STATIC, ZERO_ARENA, GoProgram, Ref

Case = Callable[[GoProgram], str | None]

MiB = 2**20
NODE = type_of("struct{ next *int; value int }")
VALUE = 8  #: offset of node.value.
INT, BYTE, EMPTY = type_of("int"), type_of("byte"), type_of("struct{}")
HUGE = type_of("[3145728]byte")


def full_node(go: GoProgram, *, held: bool = False) -> Ref:
    """Make a node at the start of a chunk, fill that chunk and free the arena."""
    made = go.new_arena()
    node = go.new(made, NODE)
    if held:
        go.hold(made)
    for _ in range(4):
        go.make_slice(made, BYTE, 2 * MiB, 2 * MiB)
    go.free(made)
    return node


def read_after_panic_on_fault(go: GoProgram) -> str:
    """Read freed memory after debug.SetPanicOnFault(true)."""
    go.panic_on_fault = True
    return str(go.read(full_node(go), VALUE))


def read_of_freed_active_chunk(go: GoProgram) -> str:
    """Read a value of an arena whose only chunk was never full."""
    made = go.new_arena()
    node = go.new(made, NODE)
    go.write(node, 42, VALUE)
    go.free(made)
    return f"no fault, value {go.read(node, VALUE)}"


def read_of_reused_chunk(go: GoProgram) -> str:
    """Read an old value after the next arena has gone on in the same chunk."""
    made = go.new_arena()
    old = go.new(made, NODE)
    go.write(old, 41, VALUE)
    go.free(made)
    fresh = go.new(go.new_arena(), NODE)
    distance = go.address(fresh) - go.address(old)
    old_value, new_value = go.read(old, VALUE), go.read(fresh, VALUE)
    return f"no fault; old value {old_value} new object 16 bytes further: {distance} new value {new_value}"


def read_after_gc(go: GoProgram) -> str:
    """Read freed memory that a pointer keeps in quarantine."""
    node = full_node(go, held=True)
    go.gc()
    return str(go.read(node, VALUE))


def weakly(go: GoProgram, pointer: Ref) -> Ref:
    """Return what a weak pointer made of a pointer gives at once."""
    return go.strong(go.weak(pointer), pointer.type)


def weak_after_sweep(go: GoProgram) -> str:
    """Ask a weak pointer into a chunk that the collector has made ready."""
    weak = go.weak(full_node(go))
    go.gc()
    return _bool(go.strong(weak, NODE).is_nil)


def slice_of_nothing(go: GoProgram) -> str:
    """Make a huge slice of elements without bytes."""
    made = go.make_slice(go.new_arena(), EMPTY, 2**60, 2**62)
    return f"{_bool(made.len == 2**60)} {_bool(made.cap == 2**62)}"


def raw_slice(cap: int, go_type: GoType) -> Callable[[GoProgram], Ref]:
    """Make a slice through a freed handle, past package arena."""
    return lambda go: go.make_slice(go.freed(), go_type, None, cap, copied=True)


def named_string(go: GoProgram) -> str:
    """Clone a string of a declared type over an arena's bytes."""
    text = go.make_slice(go.new_arena(), BYTE, 3, 3).as_string("main.named")
    return "" if go.clone(text).is_nil else "a copy"


def clone_kept(value: Ref, told: str) -> Case:
    """Clone what lies in no chunk; `told` is what the program prints of the very same value."""
    return lambda go: told if go.clone(value) == value else "another value"


def reflect_new(go: GoProgram) -> str:
    """`reflect.ArenaNew(a, int)`: kind, type and value of what it returns."""
    pointer = go.new(go.new_arena(), INT)
    return f"{pointer.kind} *{pointer.type.expr} {go.read(pointer)}"


def goexit(go: GoProgram) -> str:
    """End a goroutine while its arena lives; nothing happens to it."""
    go.new(go.new_arena(), NODE)
    return "ok"


def ints(arena: Callable[[GoProgram], int], length: int, cap: int) -> Case:
    """`arena.MakeSlice[int](a, length, cap)`."""
    return _quiet(lambda go: go.make_slice(arena(go), INT, length, cap))


def raw_new(given: str) -> Case:
    """The runtime's New, given a type that package arena can't give."""
    return _quiet(lambda go: go.new(go.new_arena(), INT, given=given))


def raw_result(given: str, cap: int = 1) -> Case:
    """The runtime's slice, given something that package arena can't give."""
    return _quiet(lambda go: go.make_slice(go.new_arena(), INT, None, cap, given=given))


def clone_of(expression: str, kind: str = "") -> Case:
    """`arena.Clone` of a value whose kind it may refuse."""
    go_type = type_of(expression)
    return _quiet(lambda go: go.clone(Ref(HEAP, go_type, kind or go_type.kind)))


def _quiet(run: Callable[[GoProgram], object]) -> Case:
    """Wrap a case that prints nothing."""

    def case(go: GoProgram) -> None:
        run(go)

    return case


def _bool(value: bool) -> str:  # it writes one as Go does
    return "true" if value else "false"


def _is_zerobase(go: GoProgram, pointer: Ref) -> str:
    return _bool(go.where(pointer) == "zerobase")


def _is_set(go: GoProgram, pointer: Ref) -> str:
    return _bool(go.where(pointer) != "nil")


def _lengths(made: Ref) -> str:
    return f"{made.len} {made.cap}"


THROUGH_PACKAGE: dict[str, Case] = {
    "api_double_free": lambda go: go.free(go.freed()),
    "api_free_zero_arena": lambda go: go.free(ZERO_ARENA),
    "api_free_nil_arena": lambda go: go.free(NIL_ARENA),
    "api_new_after_free": _quiet(lambda go: go.new(go.freed(), NODE)),
    "api_new_zero_size_after_free": _quiet(lambda go: go.new(go.freed(), EMPTY)),
    "api_new_nil_arena": _quiet(lambda go: go.new(NIL_ARENA, NODE)),
    "api_slice_after_free": ints(GoProgram.freed, 1, 1),
    "api_slice_negative_cap": ints(GoProgram.new_arena, 0, -1),
    "api_slice_negative_cap_after_free": ints(GoProgram.freed, 0, -1),
    "api_slice_negative_len": ints(GoProgram.new_arena, -1, 4),
    "api_slice_len_above_cap": ints(GoProgram.new_arena, 5, 4),
    "api_slice_len_above_cap_zero": ints(GoProgram.new_arena, 1, 0),
    "api_slice_size_overflow": _quiet(lambda go: go.make_slice(go.new_arena(), type_of("[64]int"), 0, 2**60)),
    "api_slice_size_over_maxalloc": ints(GoProgram.new_arena, 0, 2**50),
    "api_slice_size_over_memory": _quiet(lambda go: go.make_slice(go.new_arena(), BYTE, 0, 2**46)),
    "api_slice_huge_cap_zero_size": slice_of_nothing,
    "use_after_free_full_read": lambda go: str(go.read(full_node(go), VALUE)),
    "use_after_free_full_write": lambda go: go.write(full_node(go), 1, VALUE),
    "use_after_free_full_panic_on_fault": read_after_panic_on_fault,
    "use_after_free_active": read_of_freed_active_chunk,
    "use_after_free_active_then_reused": read_of_reused_chunk,
    "use_after_free_full_after_gc_held": read_after_gc,
    "set_finalizer_on_arena_object": lambda go: go.set_finalizer(go.new(go.new_arena(), NODE)),
    "add_cleanup_to_arena_object": lambda go: go.add_cleanup(go.new(go.new_arena(), NODE)),
    "add_cleanup_to_freed_arena_object": lambda go: go.add_cleanup(full_node(go)),
    "add_cleanup_to_nil": lambda go: go.add_cleanup(Ref(NIL, NODE)),
    "weak_value_of_freed_object_read": lambda go: str(
        go.read(go.strong(go.weak(full_node(go)), NODE), VALUE)
    ),
    "weak_value_after_sweep": weak_after_sweep,
    "weak_make_of_nil": lambda go: _bool(weakly(go, Ref(NIL, NODE)).is_nil),
    "weak_make_of_static": lambda go: _bool(weakly(go, Ref(STATIC, NODE)) == Ref(STATIC, NODE)),
    "weak_make_of_zero_size": lambda go: _bool(not weakly(go, go.new(go.new_arena(), EMPTY)).is_nil),
    "pin_arena_object": lambda go: go.pin(go.new(go.new_arena(), NODE)),
    "reflect_arena_new_after_free": _quiet(lambda go: go.new(go.freed(), INT)),
    "reflect_arena_new_nil_type": raw_new("nil reflect.Type"),
    "reflect_arena_new_int": reflect_new,
    "goexit_with_live_arena": goexit,
}

PAST_PACKAGE: dict[str, Case] = {
    "raw_double_free": lambda go: go.free(go.freed(), copied=True),
    "raw_free_nil": lambda go: go.free(ZERO_ARENA),
    "raw_new_after_free": _quiet(lambda go: go.new(go.freed(), NODE, copied=True)),
    "raw_new_zero_size_after_free": lambda go: _is_zerobase(go, go.new(go.freed(), EMPTY, copied=True)),
    "raw_new_huge_after_free": lambda go: _is_set(go, go.new(go.freed(), HUGE, copied=True)),
    "raw_slice_after_free": _quiet(raw_slice(1, INT)),
    "raw_slice_zero_cap_after_free": lambda go: (
        f"{_lengths(made := raw_slice(0, INT)(go))} {_is_set(go, made)}"
    ),
    "raw_slice_huge_after_free": lambda go: _lengths(raw_slice(3 * MiB, BYTE)(go)),
    "raw_new_non_pointer_type": raw_new("int"),
    "raw_new_slice_type": raw_new("[]int"),
    "raw_new_nil_type": raw_new("nil"),
    "raw_new_value_not_type": raw_new("48 zero bytes that are no type"),
    "raw_slice_non_pointer": raw_result("int"),
    "raw_slice_slice_by_value": raw_result("[]int"),
    "raw_slice_pointer_to_int": raw_result("*int"),
    "raw_slice_pointer_to_array": raw_result("*[3]int"),
    "raw_slice_nil_interface": raw_result("nil"),
    "raw_slice_nil_pointer": raw_result("nil *[]T"),
    "raw_slice_negative_cap_non_pointer": raw_result("int", -1),
    "raw_slice_negative_cap": raw_result("*[]T", -1),
}

CLONES: dict[str, Case] = {
    "clone_int": clone_of("int"),
    "clone_bool": clone_of("bool"),
    "clone_float64": clone_of("float64"),
    "clone_complex128": clone_of("complex128"),
    "clone_uintptr": clone_of("uintptr"),
    "clone_struct": clone_of("struct{ next *int; value int }"),
    "clone_empty_struct": clone_of("struct{}"),
    "clone_array": clone_of("[3]int"),
    "clone_map": clone_of("map[int]int"),
    "clone_chan": clone_of("chan int"),
    "clone_func": clone_of("func()"),
    "clone_unsafe_pointer": clone_of("unsafe.Pointer"),
    "clone_interface_holding_int": clone_of("int"),
    "clone_interface_holding_pointer": clone_kept(Ref(HEAP, INT), "3"),
    "clone_error_nil": clone_of("error", "nil"),
    "clone_any_nil": clone_of("any", "nil"),
    "clone_nil_pointer": lambda go: _bool(go.clone(Ref(NIL, INT)).is_nil),
    "clone_nil_slice": lambda go: _bool(go.clone(Ref(NIL, INT, "slice", 0, 0, 0)).is_nil),
    "clone_empty_string": lambda go: _bool(go.clone(Ref(NIL, BYTE, "string", 0, 0)).len == 0),
    "clone_named_string_in_arena": named_string,
    "clone_named_string_static": clone_kept(Ref(STATIC, BYTE, "string", 0, 3, declared="main.named"), "abc"),
    "clone_freed_full_pointer": _quiet(lambda go: go.clone(full_node(go))),
}

#: Name of a recorded case -> the program.
CASES: dict[str, Case] = {**THROUGH_PACKAGE, **PAST_PACKAGE, **CLONES}
