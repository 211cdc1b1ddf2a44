"""A type's layout: every byte is some part's or padding, and the mask is the type's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.versions import GO_1_21
from arenalab.syntax import type_of
from arenalab.view.type_layout import WORDS, type_layout

LEAVES = [
    "bool",
    "int16",
    "*int",
    "string",
    "[]byte",
    "any",
    "float64",
    "[3]int32",
    "struct{ p *int; b byte }",
]


def struct(names):
    return type_of("struct{ " + "; ".join(f"f{number} {name}" for number, name in enumerate(names)) + " }")


@given(st.lists(st.sampled_from(LEAVES), max_size=12))
def test_bytes_fill_every_word_and_pointers_are_the_masks(names):
    made = struct(names)
    view = type_layout(made)
    table = view.bytes
    sizes = (table.right - table.left).tolist()
    assert sum(sizes) == min(made.size, WORDS * 8)
    assert (
        sum(size for size, kind in zip(sizes, table.meaning, strict=True) if kind == "padding") <= made.size
    )
    for row in range(1, len(table)):
        here = table.word[row] * 8 + table.left[row]
        assert here == table.word[row - 1] * 8 + table.right[row - 1]
    pointers = {int(word) for word in table.word[table.meaning == "pointerful"]}
    assert pointers == {word for word, bit in enumerate(made.mask.bits(0, made.mask.n)[:WORDS]) if bit}


def test_padding_stands_where_go_puts_it():
    table = type_layout(type_of("struct{ a bool; p *int; b byte }")).bytes
    rows = list(zip(table.word.tolist(), table.left.tolist(), table.right.tolist(), table.name, strict=True))
    assert rows == [(0, 0, 1, "a"), (0, 1, 8, ""), (1, 0, 8, "p"), (2, 0, 1, "b"), (2, 1, 8, "")]
    assert table.meaning.tolist() == ["pointer_free", "padding", "pointerful", "pointer_free", "padding"]


def test_gc_program_is_told_step_by_step():
    view = type_layout(type_of("[16385]*int", rules=GO_1_21))
    assert (view.mask_bits, view.steps) == (16_385, len(view.program))
    assert "repeat the last 1" in view.text()
    assert view.facts[-1] == ("described by", "a GC program")


@pytest.mark.parametrize(
    "text", ["[1000000000000]int", "[1000000000000]struct{}", "[1000000]*int", "struct{}"]
)
def test_of_a_huge_type_its_first_words_are_shown(text):
    view = type_layout(type_of(text))
    assert len(view.bytes) <= WORDS * 8
