"""Types are laid out as the compiler does it, and rows of a recording are read as data, not on trust."""

import base64
import copy
import json
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import RecordingError
from arenalab.go.mask_tree import literal
from arenalab.go.type_layout import BASIC_NAMES, FieldSpec, TypeLayout, TypeLayoutError
from arenalab.go.types import GoType
from arenalab.go.versions import GO_1_21

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "data" / "types-1.jsonl").read_text().splitlines()
]
LAYOUT = TypeLayout(GO_1_21)
POINTER = LAYOUT.pointer_shaped("*int", "ptr")
BYTE, INT, INT32, STRING = (LAYOUT.basic(name) for name in ("byte", "int", "int32", "string"))
NOTHING = LAYOUT.struct("struct{}", [])
ANY = LAYOUT.interface("any")


def struct(*types, names=()):
    specs = [FieldSpec(names[i] if names else f"F{i}", it) for i, it in enumerate(types)]
    return LAYOUT.struct("struct{ ... }", specs)


def facts(go_type):
    return go_type.size, go_type.align, go_type.ptr_bytes, go_type.mask.hex()


@pytest.mark.parametrize(
    ("go_type", "expected"),
    [
        (struct(POINTER, BYTE, POINTER, LAYOUT.array("", BYTE, 11)), (40, 8, 24, "05")),
        (struct(INT, POINTER, LAYOUT.array("", BYTE, 3), LAYOUT.slice("[]byte"), ANY), (64, 8, 64, "8a")),
        (LAYOUT.array("", POINTER, 70), (560, 8, 560, "ff" * 8 + "3f")),
        (LAYOUT.array("", ANY, 2), (32, 8, 32, "0a")),
        (struct(INT32, NOTHING), (8, 4, 0, "")),
        (struct(POINTER, LAYOUT.array("", INT, 0)), (16, 8, 8, "01")),
        (struct(NOTHING, INT32), (4, 4, 0, "")),
        (struct(NOTHING, LAYOUT.array("", INT, 0)), (0, 8, 0, "")),
        (struct(STRING, BYTE), (24, 8, 8, "01")),
        (LAYOUT.array("", POINTER, 0), (0, 8, 0, "")),
        (LAYOUT.basic("complex64"), (8, 4, 0, "")),
        (LAYOUT.basic("complex128"), (16, 8, 0, "")),
        (NOTHING, (0, 1, 0, "")),
    ],
    ids=lambda value: "" if isinstance(value, GoType) else str(value),
)
def test_layout_is_the_compilers(go_type, expected):
    assert facts(go_type) == expected


def test_a_field_of_size_zero_at_the_end_gets_a_byte_of_its_own():
    with_tail, without = struct(INT, NOTHING), struct(INT)
    assert (with_tail.size, without.size) == (16, 8)
    assert with_tail.offsets == (0, 8)


@pytest.mark.parametrize(
    ("go_type", "kind_byte", "tflag"),
    [
        (POINTER, 22 + 32, 8),
        (LAYOUT.array("[1]*int", POINTER, 1), 17 + 32, 2 + 8),
        (LAYOUT.array("[2]*int", POINTER, 2), 17, 2 + 8),
        (struct(POINTER), 25 + 32, 2 + 8),
        (struct(POINTER, names="_"), 25 + 32, 2),
        (struct(POINTER, INT), 25, 2 + 8),
        (struct(POINTER, BYTE), 25, 2),
        (struct(STRING), 25, 2),
        (LAYOUT.array("[0]string", STRING, 0), 17, 2 + 8),
        (LAYOUT.array("", LAYOUT.slice("[]int"), 0), 17, 2),
        (LAYOUT.named("T", struct(POINTER, INT)), 25, 1 + 2 + 4 + 8),
        (LAYOUT.unsafe_pointer(), 26 + 32, 1 + 2 + 4 + 8),
        (LAYOUT.array("", POINTER, 20_000), 17 + 64, 2 + 8),
    ],
)
def test_kind_byte_and_flags_are_the_descriptors(go_type, kind_byte, tflag):
    assert (go_type.rawkind, go_type.tflag) == (kind_byte, tflag)


def test_with_four_byte_pointers_words_and_alignments_shrink():
    small = TypeLayout(replace(GO_1_21, ptr_size=4))
    pointer = small.pointer_shaped("*int", "ptr")
    both = small.struct("", [FieldSpec("a", pointer), FieldSpec("b", small.basic("int64"))])
    assert facts(both) == (12, 4, 4, "01")
    assert facts(small.slice("[]int")) == (12, 4, 4, "01")


def test_a_type_larger_than_the_address_space_is_refused_as_go_does():
    half = LAYOUT.array("[70368744177664]byte", BYTE, 2**46)
    assert LAYOUT.array("", half, 2).size == 2**47
    with pytest.raises(TypeLayoutError, match=r"type .* larger than address space"):
        LAYOUT.array("[3][70368744177664]byte", half, 3)
    with pytest.raises(TypeLayoutError, match=r"type .* too large"):
        struct(half, half, BYTE)


def test_an_array_of_a_million_arrays_takes_no_memory_for_its_elements():
    made = LAYOUT.array("", LAYOUT.array("", struct(POINTER, INT, INT), 1000), 10**6)
    assert (made.size, made.mask.n, made.mask.ones) == (24 * 10**9, 3 * 10**9, 10**9)
    assert made.mask.word(0) == 0x9249249249249249


@pytest.mark.parametrize("name", BASIC_NAMES)
def test_a_predeclared_type_fills_its_alignment(name):
    made = LAYOUT.basic(name)
    assert made.size % made.align == 0
    assert made.noscan == (name != "string")


def test_recorded_rows_go_through_unchanged():
    rows = [{key: value for key, value in row.items() if key != "i"} for row in ROWS]
    assert [GoType.from_row(row).to_row(hex_up_to_bits=16 * 1024) for row in rows] == rows
    assert len(rows) == 600


def test_a_row_number_comes_first():
    assert list(INT.to_row(7))[:2] == ["type", "expr"]
    assert INT.to_row(7)["type"] == 7


BITS = next(row for row in ROWS if row["ptrmask"]["n"] > 100 and not row["gcprog"])
PROGRAM = next(row for row in ROWS if row["gcprog"])
LAID_OUT = next(row for row in ROWS if row["offsets"] and len(row["offsets"]) > 3)


@pytest.mark.parametrize(
    ("row", "change", "named"),
    [
        (BITS, {"size": -8}, " size: got "),
        (BITS, {"size": 2**60}, " size: got "),
        (BITS, {"size": "8"}, " size: got "),
        (BITS, {"size": True}, " size: got "),
        (BITS, {"align": 3}, " align: got "),
        (BITS, {"align": 0}, " align: got "),
        (BITS, {"size": BITS["size"] + 1}, " size: got "),
        (BITS, {"ptrbytes": BITS["size"] + 8}, " ptrbytes: got "),
        (BITS, {"ptrbytes": BITS["ptrbytes"] - 8}, " ptrmask: got "),
        (BITS, {"kind": "class"}, " kind: got "),
        (BITS, {"rawkind": 22}, " rawkind: got "),
        (BITS, {"expr": None}, " expr: got "),
        (BITS, {"gcprog": "no"}, " gcprog: got "),
        (BITS, {"prog": "0100"}, " prog: got "),
        (BITS, {"ptrmask": None}, " ptrmask: got "),
        (BITS, {"ptrmask": {**BITS["ptrmask"], "ones": 1}}, " ones: got "),
        (BITS, {"ptrmask": {**BITS["ptrmask"], "sha256": "0" * 32}}, " sha256: got "),
        (BITS, {"ptrmask": {**BITS["ptrmask"], "hex": "zz"}}, " hex: got "),
        (BITS, {"ptrmask": {**BITS["ptrmask"], "hex": "ff"}}, " hex: got "),
        (PROGRAM, {"prog": PROGRAM["prog"][:-2]}, "no stop byte"),
        (PROGRAM, {"prog": "8181" + PROGRAM["prog"]}, "repeats the last"),
        (PROGRAM, {"gcprog": False, "prog": "", "rawkind": PROGRAM["rawkind"] - 64}, " gcprog: got "),
        (LAID_OUT, {"offsets": [8, 0]}, " offsets: got "),
        (LAID_OUT, {"offsets": [0, 10**15]}, " offsets: got "),
        (LAID_OUT, {"offsets": "08"}, " offsets: got "),
        (LAID_OUT, {"array": [10**15, 10**15]}, " array: got "),
        (LAID_OUT, {"array": [1]}, " array: got "),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_by_the_key(row, change, named):
    with pytest.raises(RecordingError, match=named):
        GoType.from_row({**row, **change})


def test_one_flipped_mask_bit_in_a_row_is_noticed():
    row = copy.deepcopy(BITS)
    first = int(row["ptrmask"]["hex"][0], 16)
    row["ptrmask"]["hex"] = f"{first ^ 1:x}" + row["ptrmask"]["hex"][1:]
    with pytest.raises(RecordingError, match=" ones: got "):
        GoType.from_row(row)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(ROWS), st.data())
def test_a_row_spoilt_anywhere_is_read_or_refused_never_worse(row, data):
    row = copy.deepcopy(row)
    holder = data.draw(st.sampled_from([row, row["ptrmask"]]))
    holder[data.draw(st.sampled_from(sorted(holder)))] = data.draw(JUNK)
    try:
        GoType.from_row(row)
    except RecordingError as error:
        assert "; expected " in str(error) or "program" in str(error)  # noqa: PT017  # some stay readable


def test_a_type_cannot_be_changed():
    with pytest.raises(AttributeError, match="cannot be changed"):
        INT.size = 4


def test_a_type_that_went_to_another_process_and_back_is_the_same():
    """Texts have another hash there, so a type's own is taken anew."""
    sent = base64.b64encode(pickle.dumps([INT, POINTER])).decode()
    program = (
        "import base64, pickle, sys\n"
        f"a, b = pickle.loads(base64.b64decode({sent!r}))\n"
        "assert {a: 1, b: 2}[a.but()] == 1 and list(b.mask.bits()) == [1]\n"
        "sys.stdout.buffer.write(pickle.dumps((a, b, hash('text'))))"
    )
    called = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    first, second, told = pickle.loads(called.stdout)  # noqa: S301  # our own
    assert {INT: 1, POINTER: 2}[second] == 2
    assert (first, hash(first)) == (INT, hash(INT))
    assert told != hash("text")
    assert hash(copy.deepcopy(POINTER)) == hash(POINTER)


def test_types_are_equal_by_what_they_say():
    again = GoType.from_row(POINTER.to_row())
    assert again == POINTER
    assert hash(again) == hash(POINTER)
    assert again.but(expr="*uint") != POINTER
    assert again.but(mask=literal(0, 1)) != POINTER
    assert POINTER != "*int"
    assert {POINTER: 1}[again] == 1


def test_a_type_shows_what_decides_its_place():
    assert repr(struct(POINTER, INT)) == "GoType('struct{ ... }', size=16, align=8, ptr_bytes=8)"
    assert repr(POINTER.but(expr="x" * 70)).startswith("GoType('" + "x" * 57 + "...'")
