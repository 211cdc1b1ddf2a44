"""The figure's sources hold the view, and nothing else changes when one steps."""

import numpy as np
import pytest
from bokeh.document import Document
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.chunk_map import INSIDE, ChunkMapPlot
from arenalab.draw.figures import padded, part_of
from arenalab.draw.theme import PAPERS
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_map import chunk_map
from arenalab.world import ops
from tests.strategies import GC_OFF, programs

PROGRAM = [
    ops.NewArena(0),
    ops.New(0, type_of("*int")),
    ops.New(0, type_of("[3]byte")),
    ops.New(0, type_of("int")),
]


@pytest.fixture
def history():
    return Machine(GC_OFF).run(PROGRAM)


def drawn(plot):
    return {name: dict(source.data) for name, source in plot.sources.items()}


def show(plot, history, at):
    view = chunk_map(ChunkIndex(history), at)
    plot.update(view)
    return view


@given(programs(max_ops=12), st.data())
def test_sources_hold_the_columns_of_the_view(program, data):
    history = Machine(GC_OFF).run(program)
    plot = ChunkMapPlot()
    view = show(plot, history, data.draw(st.integers(0, len(history))))
    for source, columns in (("objects", view.objects), ("gaps", view.gaps), ("blocks", view.blocks)):
        for name, column in columns.columns().items():
            assert sorted(map(str, plot.sources[source].data[name])) == sorted(map(str, column.tolist()))
    assert len(plot.sources["rows"].data["y"]) == len(view.chunks)


def test_stepping_back_draws_the_identical_picture(history):
    plot = ChunkMapPlot()
    show(plot, history, len(history))
    end = drawn(plot)
    show(plot, history, 3)
    assert drawn(plot) != end
    show(plot, history, len(history))
    assert drawn(plot) == end


def test_columns_are_equally_long_and_plain(history):
    plot = ChunkMapPlot()
    show(plot, history, len(history))
    for source in plot.sources.values():
        assert len({len(column) for column in source.data.values()}) == 1
        assert not any(isinstance(column, np.ndarray) for column in source.data.values())


def test_what_the_step_made_is_outlined_and_marked(history):
    plot = ChunkMapPlot()
    show(plot, history, len(history))
    end = 2**23
    assert plot.sources["now"].data == {"left": [end - 16], "right": [end - 8], "middle": [end - 12]}


def test_neighbours_made_at_once_have_one_outline():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Rep(0, type_of("*int"), 9)])
    plot = ChunkMapPlot()
    show(plot, history, len(history))
    assert (plot.sources["now"].data["left"], plot.sources["now"].data["right"]) == ([0], [72])
    assert len(plot.sources["objects"].data["left"]) == 9


def test_a_step_changes_data_and_which_hatches_are_needed(history):
    plot, changed = ChunkMapPlot(), set()
    for at in (len(history) - 1, len(history)):
        if at == len(history):
            document = Document()
            document.add_root(plot.root)
            document.on_change(lambda event: changed.add(event.attr))
        show(plot, history, at)
    assert changed == {"data", "visible"}  # the int needs padding, the first of the chunk


def test_change_of_paper_changes_colours_and_no_data(history):
    plot = ChunkMapPlot()
    show(plot, history, len(history))
    before = drawn(plot)
    plot.palettes.paint("dark")
    assert drawn(plot) == before
    assert plot.palettes.fill.palette == [look.dark.fill for look in INSIDE.values()]
    assert {getattr(model, name) for model, name, _ in plot.palettes.toned} <= set(PAPERS["dark"].values())


def test_every_factor_has_a_colour():
    palettes = ChunkMapPlot().palettes
    for mapper in (palettes.fill, palettes.edge, palettes.ink):
        assert len(mapper.factors) == len(mapper.palette)


def test_document_has_no_fault_that_bokeh_knows(history, caplog):
    plot = ChunkMapPlot()
    show(plot, history, len(history))
    document = Document()
    document.add_root(plot.root)
    document.validate()
    assert [record.message for record in caplog.records] == []


@given(st.integers(0, 2**23), st.integers(64, 2**23))
def test_range_of_a_part_shows_that_part(start, width):
    shown = padded((start, start + width))
    assert part_of(shown["start"], shown["end"]) == (start, start + width)
