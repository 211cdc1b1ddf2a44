"""What `Clone` does, case by case: programs that return the facts a recording has of them.

The Go programs are in arenalab/oracle/probe/cases/clone.go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.errors import GoPanic
from arenalab.go.types import GoType
from arenalab.syntax import type_of
from arenalab.truth.go_program import HEAP, NIL, STATIC, GoProgram, Ref

Facts = dict[str, Any]
Case = Callable[[GoProgram], Facts]
Make = Callable[[GoProgram], Ref]

MiB = 2**20
RECORD = type_of("record", "type record struct { next *record; text string; items []int; value int }")
NEXT, TEXT, ITEMS, VALUE = 0, 8, 24, 48  #: offsets of record's fields
WORD = 8
INT, BYTE, STRING, EMPTY = type_of("int"), type_of("byte"), type_of("string"), type_of("struct{}")
TO_RECORD = type_of("*int")
STATIC_TEXT = 0x4A0000  #: any address outside all chunks, where "text" stands in the program's image.


# programs


def record(go: GoProgram) -> tuple[Ref, Ref]:
    """Make `record{New[record](a), "text", MakeSlice[int](a, 2, 4), 5}`; return it and its items."""
    made = go.new_arena()
    whole, following = go.new(made, RECORD), go.new(made, RECORD)
    items = go.make_slice(made, INT, 2, 4)
    go.store(whole, NEXT, go.address(following))
    go.store(whole, TEXT, STATIC_TEXT)
    go.store(whole, ITEMS, go.address(items))
    for offset, value in ((TEXT + WORD, 4), (ITEMS + WORD, 2), (ITEMS + 2 * WORD, 4), (VALUE, 5)):
        go.write(whole, value, offset)
    return whole, items


def a_slice(go_type: GoType, length: int, cap: int) -> Make:
    """`arena.MakeSlice[T](a, length, cap)`."""
    return lambda go: go.make_slice(go.new_arena(), go_type, length, cap)


def a_pointer(expression: str) -> Make:
    """`arena.New[T](a)`."""
    go_type = type_of(expression)
    return lambda go: go.new(go.new_arena(), go_type)


def a_string(go: GoProgram) -> Ref:
    """Make a string over an arena's bytes: "hello"."""
    made = go.make_slice(go.new_arena(), BYTE, 5, 8)
    for at, char in enumerate(b"hello"):
        go.write(made.element(at), char)
    return made.as_string()


def given(value: Ref) -> Make:
    """Return something that no arena made."""
    return lambda _: value


def freed_record(go: GoProgram) -> Ref:
    """Make a record whose arena, with one partly used chunk, is freed."""
    made = go.new_arena()
    pointer = go.new(made, RECORD)
    go.write(pointer, 12, VALUE)
    go.free(made)
    return pointer


def pointers(go: GoProgram) -> Ref:
    """Make a slice of pointers to two records."""
    made = go.new_arena()
    slice_ = go.make_slice(made, TO_RECORD, 2, 3)
    for at in range(2):
        go.store(slice_.element(at), 0, go.address(go.new(made, RECORD)))
    return slice_


# facts


def compared(make: Make) -> Case:
    """Clone a value and tell kind, sizes and places of both."""

    def case(go: GoProgram) -> Facts:
        value = make(go)
        copy = go.clone(value)
        return {
            "kind": value.kind, "from": go.where(value), "to": go.where(copy),
            "same_pointer": go.same(value, copy), "to_span_elemsize_noscan": go.slot(copy),
            **OWN_FACTS[value.kind](go, value, copy),
        }  # fmt: skip

    return case


OWN_FACTS: dict[str, Callable[[GoProgram, Ref, Ref], Facts]] = {
    "ptr": lambda _, value, __: {"size": value.type.size},
    "slice": lambda _, value, copy: {
        "elemsize": value.type.size,
        "len": [value.len, copy.len],
        "cap": [value.cap, copy.cap],
        "nil": [value.is_nil, copy.is_nil],
    },
    "string": lambda go, value, copy: {"len": [value.len, copy.len], "equal": go.equal(value, copy)},
}


def shallow_struct(go: GoProgram) -> Facts:
    """Compare the fields of a struct and its copy."""
    whole, items = record(go)
    copy = go.clone(whole)
    return {
        "next_in": go.where_address(go.read(copy, NEXT)),
        "next_same": go.read(copy, NEXT) == go.read(whole, NEXT),
        "slice_len_cap": [go.read(copy, ITEMS + WORD), go.read(copy, ITEMS + 2 * WORD)],
        "slice_same_array": go.read(copy, ITEMS) == go.address(items),
        "string_same_data": go.read(copy, TEXT) == go.read(whole, TEXT),
        "value_copied": go.read(copy, VALUE) == go.read(whole, VALUE),
    }


def independent_struct(go: GoProgram) -> Facts:
    """Change the original after Clone."""
    whole, _ = record(go)
    copy = go.clone(whole)
    go.write(whole, 77, VALUE)
    return {"clone": go.read(copy, VALUE), "original": go.read(whole, VALUE)}


def independent_slice(go: GoProgram) -> Facts:
    """Change the original's first element after Clone."""
    whole = a_slice(INT, 3, 10)(go)
    go.write(whole, 1)
    copy = go.clone(whole)
    go.write(whole, 100)
    return {"clone": go.read(copy), "original": go.read(whole)}


def shallow_slice(go: GoProgram) -> Facts:
    """Compare the pointers in a slice and its copy."""
    whole = pointers(go)
    copy = go.clone(whole)
    same = [go.read(copy.element(at)) == go.read(whole.element(at)) for at in range(2)]
    return {"same0": same[0], "same1": same[1], "target": go.where_address(go.read(copy))}


def declared_string(go: GoProgram) -> Facts:
    """Clone a declared string type's value over an arena's bytes."""
    text = a_slice(BYTE, 3, 3)(go).as_string("main.named")
    try:
        go.clone(text)
    except GoPanic as panic:
        return {"panics": True, "message": panic.text}
    return {"panics": False}


def declared_string_outside(go: GoProgram) -> Facts:
    """Clone a declared string type's value from the program's image."""
    text = "static"
    value = Ref(STATIC, BYTE, "string", 0, len(text), declared="main.named")
    kept = go.clone(value)
    return {"type_kept": kept.declared == value.declared, "value": text if kept == value else ""}


def slice_lengths(go: GoProgram) -> Facts:
    """Clone a slice through a declared type or an interface."""
    copy = go.clone(a_slice(INT, 3, 5)(go))
    return {"len": copy.len, "cap": copy.cap, "to": go.where(copy)}


def held_pointer(go: GoProgram) -> Facts:
    """Clone a pointer that an interface holds."""
    value = go.new(go.new_arena(), RECORD)
    copy = go.clone(value)
    return {"same_pointer": go.same(value, copy), "to": go.where(copy)}


def outlives_free(go: GoProgram) -> Facts:
    """Clone a struct, a string and a slice, then free the arena."""
    made = go.new_arena()
    whole = go.new(made, RECORD)
    text, numbers = go.make_slice(made, BYTE, 1, 1), go.make_slice(made, INT, 3, 3)
    go.write(text, ord("x"))
    for at in range(3):
        go.write(numbers.element(at), at + 1)
    go.write(whole, 5, VALUE)
    kept = [go.clone(value) for value in (whole, text.as_string(), numbers)]
    go.free(made)
    listed = [go.read(kept[2].element(at)) for at in range(kept[2].len)]
    return {"v": go.read(kept[0], VALUE), "string": chr(go.read(kept[1])), "slice": listed}


#: Name of a recorded case -> the program that returns its facts.
CASES: dict[str, Case] = {
    "pointer to struct in arena": compared(lambda go: record(go)[0]),
    "struct copy is shallow": shallow_struct,
    "copy is independent": independent_struct,
    "pointer to heap struct": compared(given(Ref(HEAP, RECORD))),
    "pointer to global": compared(given(Ref(STATIC, RECORD))),
    "nil pointer": compared(given(Ref(NIL, RECORD))),
    "pointer to field inside arena object": compared(lambda go: record(go)[0].field(VALUE, INT)),
    "pointer to element inside arena slice": compared(lambda go: record(go)[1].element(1)),
    "pointer to zero-size from arena": compared(a_pointer("struct{}")),
    "pointer to pointer in arena": compared(a_pointer("*int")),
    "pointer to 1 MiB array in arena": compared(a_pointer("[1048576]byte")),
    "pointer to over-2MiB array (arena.New gave heap)": compared(a_pointer("[3145728]byte")),
    "slice len 3 cap 10 in arena": compared(a_slice(INT, 3, 10)),
    "slice copy is independent": independent_slice,
    "subslice [1:2] in arena": compared(lambda go: a_slice(INT, 3, 10)(go).cut(1, 2)),
    "subslice [1:1] in arena": compared(lambda go: a_slice(INT, 3, 10)(go).cut(1, 1)),
    "subslice [3:3:3] in arena": compared(lambda go: a_slice(INT, 3, 10)(go).cut(3, 3, 3)),
    "slice len 0 cap 10 in arena": compared(a_slice(INT, 0, 10)),
    "slice at the chunk's very end, [len:] empty": compared(
        lambda go: a_slice(BYTE, 100, 100)(go).cut(100, 100)
    ),
    "cap 0 slice from arena": compared(a_slice(INT, 0, 0)),
    "zero-size elements from arena": compared(a_slice(EMPTY, 5, 9)),
    "nil slice": compared(given(Ref(NIL, INT, "slice", 0, 0, 0))),
    "heap slice len 3 cap 10": compared(given(Ref(HEAP, INT, "slice", 0, 3, 10))),
    "over-2MiB slice (heap)": compared(a_slice(BYTE, 3 * MiB, 4 * MiB)),
    "slice of pointers in arena": compared(pointers),
    "slice of pointers is shallow": shallow_slice,
    "slice of strings in arena": compared(a_slice(STRING, 2, 3)),
    "[]byte in arena len 5 cap 16": compared(a_slice(BYTE, 5, 16)),
    "[]byte in arena len 100000": compared(a_slice(BYTE, 100000, 100001)),
    "string over arena bytes": compared(a_string),
    "substring over arena bytes": compared(lambda go: a_string(go).cut(1, 3)),
    "empty substring over arena bytes": compared(lambda go: a_string(go).cut(1, 1)),
    "static string": compared(given(Ref(STATIC, BYTE, "string", 0, 11))),
    "empty string": compared(given(Ref(NIL, BYTE, "string", 0, 0))),
    "heap string": compared(given(Ref(HEAP, BYTE, "string", 0, 10, 10))),
    "named string type over arena bytes": declared_string,
    "named string type, not in an arena": declared_string_outside,
    "named slice type": slice_lengths,
    "any holding arena pointer": held_pointer,
    "any holding arena slice": slice_lengths,
    "pointer into freed active chunk": compared(freed_record),
    "value read from freed active chunk": lambda go: {"v": go.read(go.clone(freed_record(go)), VALUE)},
    "clone outlives Free": outlives_free,
}
