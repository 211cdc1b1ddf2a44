"""The raster of all bits: each cell is the bit of its word, and the shade is the mark of its bitmap word."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.bitscan import pointer_words
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.bit_raster import ONE, ZERO, bit_raster
from arenalab.world import ops
from tests.examples import examples
from tests.strategies import GC_OFF, programs


@examples(25)
@given(programs(max_ops=8), st.data())
def test_each_cell_is_the_bit_of_its_word(program, data):
    history = Machine(GC_OFF, in_bulk=True).run(program)
    world = history.at(data.draw(st.integers(0, len(history))))
    for chunk in range(len(world.spans)):
        raster = bit_raster(world, chunk, (0, 8))
        ones = np.flatnonzero(raster.words == ONE)
        assert np.array_equal(ones, pointer_words(world.bits.words(chunk)))
        marks = world.scan_limits.no_more_ptrs(chunk)
        zeros = np.flatnonzero(raster.words != ONE)
        assert np.array_equal(raster.words[zeros], ZERO + marks[zeros // 64])


def test_page_is_outlined_and_a_chunk_that_is_not_there_has_no_bits():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, type_of("[70]*int"))])
    assert bit_raster(machine.world, 0, (8, 16)).now == ((512, 1024),)
    assert len(bit_raster(machine.world, 0, (0, 8)).words) == 2**20
    assert "words of the heap bitmap of chunk 0" in bit_raster(machine.world, 0, (0, 8)).text()
    assert len(bit_raster(machine.world, 99, (0, 8)).words) == 0
