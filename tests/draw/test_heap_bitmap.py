"""The heap bitmap's figure and its still picture hold the view; text from outside stays text."""

import xml.etree.ElementTree as ET

import pytest
from bokeh.document import Document

from arenalab.draw.heap_bitmap import HeapBitmapPlot
from arenalab.draw.heap_bitmap_parts import MEANINGS
from arenalab.draw.heap_bitmap_still import heap_bitmap_still
from arenalab.draw.theme import EVERY_LOOK
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.bit_store import ORIGINS
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.heap_bitmap import BITS_SAID, heap_bitmap
from arenalab.world import ops
from tests.strategies import GC_OFF

EVIL = type_of('struct{ p *int "<script>alert(1)</script>"; q [20]*int }')
PROGRAM = [ops.NewArena(0), ops.New(0, EVIL), ops.MakeSlice(0, type_of("struct{ p *int; n int }"), 40)]


@pytest.fixture
def history():
    return Machine(GC_OFF).run(PROGRAM)


def show(plot, history, at):
    view = heap_bitmap(ChunkIndex(history), at)
    plot.update(view)
    return view


def drawn(plot):
    return {name: dict(source.data) for name, source in plot.sources.items()}


def test_sources_hold_the_columns_of_the_view(history):
    plot = HeapBitmapPlot()
    view = show(plot, history, len(history))
    for source, columns in (("cells", view.cells), ("strips", view.strips)):
        for name, column in columns.columns().items():
            assert plot.sources[source].data[name] == column.tolist()
    assert plot.sources["words"].data["value"][0] == f"{int(view.page.words.value[0]):#018x}"


def test_store_shows_before_after_and_where_each_bit_is_from(history):
    plot = HeapBitmapPlot()
    view = show(plot, history, len(history))
    cells, origins = plot.sources["store_cells"].data, plot.sources["store_origins"].data
    assert len(cells["bit"]) == 128
    assert cells["changed"].count("yes") == cells["outline"].count("now") == 1
    assert cells["bit"][-1] == int(view.store.bits.bit[view.store.bits.changed][0])
    assert origins["meaning"] == ["kept", "mask", "pad", "kept"]
    assert plot.sources["now"].data["top"] == [view.store.word - view.first + 0.04]


def test_stepping_back_draws_the_identical_picture(history):
    plot = HeapBitmapPlot()
    show(plot, history, len(history))
    end = drawn(plot)
    show(plot, history, len(history) - 2)
    assert drawn(plot) != end
    show(plot, history, len(history))
    assert drawn(plot) == end


def test_a_step_changes_data_alone(history):
    plot, changed = HeapBitmapPlot(), set()
    show(plot, history, len(history) - 2)
    document = Document()
    document.add_root(plot.root)
    document.on_change(lambda event: changed.add(event.attr))
    show(plot, history, len(history))
    assert changed == {"data"}


def test_columns_are_equally_long_at_every_moment(history):
    plot = HeapBitmapPlot()
    for at in range(len(history) + 1):
        show(plot, history, at)
        for source in plot.sources.values():
            assert len({len(column) for column in source.data.values()}) == 1


def test_document_has_no_fault_that_bokeh_knows(history, caplog):
    plot = HeapBitmapPlot()
    show(plot, history, len(history))
    document = Document()
    document.add_root(plot.root)
    document.validate()
    assert [record.message for record in caplog.records] == []


def test_still_keeps_its_size_while_one_steps(history):
    sizes = set()
    for at in range(len(history) + 1):
        root = ET.fromstring(heap_bitmap_still(heap_bitmap(ChunkIndex(history), at)))  # noqa: S314  # our own text
        sizes.add((root.get("width"), root.get("height")))
    assert len(sizes) == 1


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_still_shows_script_as_text(history, paper):
    svg = heap_bitmap_still(heap_bitmap(ChunkIndex(history), history.op_end(1)), paper)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert svg.png().startswith(b"\x89PNG")


def test_every_meaning_has_a_look_and_a_legend():
    assert set(MEANINGS) == set(BITS_SAID) | set(ORIGINS)
    assert set(MEANINGS) <= set(EVERY_LOOK)
