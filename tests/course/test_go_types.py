"""Chapter 3's questions against a layout written down again, field by field."""

import re

from hypothesis import given

from arenalab.course.families.go_types import MASK, ON_DEMAND, PROGRAM
from tests.course.asking import questions
from tests.examples import examples

some = examples(60)

#: Go type -> (size, alignment, offsets of the pointers, bytes up to the end of the last pointer).
KNOWN = {
    "*int": (8, 8, (0,), 8), "map[string]int": (8, 8, (0,), 8), "func()": (8, 8, (0,), 8),
    "string": (16, 8, (0,), 8), "[]byte": (24, 8, (0,), 8), "any": (16, 8, (8,), 16), "error": (16, 8, (8,), 16),
    "int": (8, 8, (), 0), "int32": (4, 4, (), 0), "bool": (1, 1, (), 0), "[3]byte": (3, 1, (), 0),
    "float64": (8, 8, (), 0), "int16": (2, 2, (), 0), "uintptr": (8, 8, (), 0),
}  # fmt: skip


def laid_out(asked):
    """Return (size, pointer words, pointer prefix) of the struct in a question."""
    at, widest, pointers, prefix = 0, 1, set(), 0
    for field in re.fullmatch(r"struct\{ (.*) \}", asked.program[1].type.expr)[1].split("; "):
        size, align, inside, reach = KNOWN[field.split(" ", 1)[1]]
        at = -(-at // align) * align
        pointers |= {(at + place) // 8 for place in inside}
        prefix = at + reach if reach else prefix
        at, widest = at + size, max(widest, align)
    return -(-at // widest) * widest, pointers, prefix


@some
@given(asked=questions("type-size"))
def test_size_is_the_fields_and_their_padding(asked):
    assert asked.value == laid_out(asked)[0]


@some
@given(asked=questions("pointer-prefix"))
def test_prefix_ends_behind_the_last_pointer(asked):
    assert asked.value == laid_out(asked)[2]


@some
@given(asked=questions("pointer-words"))
def test_pointer_words_are_those_of_the_fields(asked):
    assert asked.value == {f"word {number}" for number in laid_out(asked)[1]}


@some
@given(asked=questions("mask-or-program"))
def test_more_words_than_a_descriptor_has_need_a_program_or_are_built_on_demand(asked):
    minor = int(asked.rules.version.partition(".")[2])
    most = 16_384 if minor < 27 else 128
    longer = PROGRAM if minor < 24 else ON_DEMAND
    assert asked.value == (longer if asked.program[1].type.ptr_bytes > 8 * most else MASK)
