"""The bits beside the types that made them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.pointer_bits import pointer_bits, pointer_bits_of
from arenalab.world import ops
from arenalab.world.events import GCProgExpanded
from tests.examples import examples
from tests.strategies import GC_OFF, programs

NODE = type_of("struct{ left, right *int; val int }")


@pytest.fixture
def machine():
    machine = Machine(GC_OFF)
    machine.run(
        [ops.NewArena(0), ops.New(0, NODE), ops.New(0, type_of("[]string")), ops.New(0, type_of("byte"))]
    )
    return machine


def test_the_bits_of_a_node_stand_beside_its_words(machine):
    view = pointer_bits(machine.world, 0, 0, 1)
    assert int(view.words.value[0]) == 0b1011
    assert view.words.objects.tolist() == [2]
    assert view.heap_words.type[:4].tolist() == [NODE.expr] * 3 + ["[]string"]
    assert view.heap_words.at[:4].tolist() == [0, 1, 2, 0]
    assert view.agrees


def test_the_text_says_words_marks_and_objects(machine):
    text = pointer_bits(machine.world, 0, 0, 1).text()
    assert "0x000000000000000b" in text
    assert "no more pointers" in text
    assert f"0x0  110  {NODE.expr}" in text


def test_one_objects_words_are_found_by_its_row(machine):
    assert pointer_bits_of(machine.world, 2).words.word.tolist() == [16_383]
    assert pointer_bits_of(machine.world, 2).heap_words.row[-1] == 2
    with pytest.raises(IndexError, match="row 9"):
        pointer_bits_of(machine.world, 9)


def test_an_object_outside_chunks_has_no_bits_here(machine):
    machine.do(ops.New(0, type_of("struct{}")))
    with pytest.raises(IndexError, match="in no chunk"):
        pointer_bits_of(machine.world, 3)


def test_a_chunk_that_is_not_there_is_refused(machine):
    with pytest.raises(IndexError, match="chunk 8 of 8"):
        pointer_bits(machine.world, 8)


def test_a_gc_programs_mask_is_seen_inside_the_object_between_two_steps(machine):
    machine.begin(ops.New(0, type_of("[16385]*int")))
    machine.until(lambda event: isinstance(event, GCProgExpanded))
    assert pointer_bits(machine.world, 0).scratch == (48, 16_385)
    assert "mask bits stand in the object" in pointer_bits(machine.world, 0).text()
    machine.finish()
    assert pointer_bits(machine.world, 0).scratch is None


@examples(40)
@given(programs(max_ops=12), st.integers(0, 16_384), st.integers(0, 6))
def test_every_stretch_of_every_chunk_in_use_agrees_with_its_types(program, first, count):
    world = Machine(GC_OFF).run(program).world
    for span in world.spans:
        view = pointer_bits(world, span.chunk, first, count)
        assert len(view.words) == min(count, 16_384 - first)
        assert len(view.heap_words) == 64 * len(view.words)
        if span.state and not span.faulted:
            assert view.agrees
            assert view.words.pointers.sum() == np.count_nonzero(view.heap_words.pointer)
