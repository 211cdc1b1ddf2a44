"""Chapter 3's questions against a layout written down again, field by field."""

import re

from hypothesis import given
from hypothesis import strategies as st

from arenalab.course import question
from arenalab.course.families.go_types import MASK, PROGRAM
from tests.examples import examples

seeds = st.integers(0, 10**6)
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
@given(seeds)
def test_size_is_the_fields_and_their_padding(seed):
    asked = question("type-size", seed)
    assert asked.value == laid_out(asked)[0]


@some
@given(seeds)
def test_prefix_ends_behind_the_last_pointer(seed):
    asked = question("pointer-prefix", seed)
    assert asked.value == laid_out(asked)[2]


@some
@given(seeds)
def test_pointer_words_are_those_of_the_fields(seed):
    asked = question("pointer-words", seed)
    assert asked.value == {f"word {number}" for number in laid_out(asked)[1]}


@some
@given(seeds)
def test_more_than_16384_words_need_a_program(seed):
    asked = question("mask-or-program", seed)
    assert asked.value == (PROGRAM if asked.program[1].type.mask.n > 16_384 else MASK)
