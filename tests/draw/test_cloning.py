"""Clone's picture: rows side by side, arrows where pointers lead, the trap in words and in red."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.cloning import MEANINGS, cloning_scene
from arenalab.draw.scene_still import scene_still
from arenalab.draw.theme import EVERY_LOOK
from arenalab.explore import Cloning
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.draw.fits import WIDTHS, faults, texts
from tests.examples import examples
from tests.strategies import GC_OFF, programs

EVIL = type_of('struct{ next *int "<script>alert(1)</script>"; more *int; value int }')
INT, QUARTER = type_of("int"), type_of("[2097152]byte")


@pytest.fixture
def machine():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, EVIL), ops.New(0, INT)])
    slot, target = (machine.world.ledger.row(row)[0] for row in (0, 1))
    machine.run([ops.Store(slot, target), ops.Store(slot + 8, 0x500000), *[ops.New(0, QUARTER)] * 4])
    machine.run([ops.Clone(0, EVIL), ops.Free(0), ops.RunGC()])
    return machine


def after(machine, op):
    return Cloning(machine, cursor=machine.history.op_end(op + 1)).view()


def shapes(view, pattern):
    return [shape for shape in cloning_scene(view).shapes if re.search(pattern, shape, re.DOTALL)]


def test_source_and_copy_have_a_row_for_each_word(machine):
    view = after(machine, 9)
    assert len(shapes(view, "<title>byte 0: a pointer")) == 2
    assert len(shapes(view, "<title>byte 16: no pointer")) == 2
    tops = {re.search(r'y="([\d.]+)"', shape)[1] for shape in shapes(view, "<title>byte 8:")}
    assert len(tops) == 1


def test_each_pointer_has_an_arrow_and_the_copys_into_a_chunk_is_the_errors_colour(machine):
    view = after(machine, 9)
    assert len(shapes(view, "<title>leads to object 1<")) == 2
    assert len(shapes(view, "<title>leads to object 1<.*l-error")) == 1
    assert not shapes(view, "leads to 0x500000<.*l-error")
    assert shapes(view, "t-error.*the trap: 1 of")


def test_after_free_source_and_targets_are_dead_and_the_copy_is_not(machine):
    view = after(machine, 10)
    assert len(shapes(view, "<title>byte.*f-dead")) == 3
    assert len(shapes(view, "<title>byte.*f-pointerful")) == 2
    assert shapes(view, "set to fault.*f-dead")


@pytest.mark.parametrize("width", [*WIDTHS, 800])
def test_picture_keeps_its_size_and_can_be_read(machine, width):
    heights = set()
    for op in range(len(machine.history.ops)):
        scene = cloning_scene(after(machine, op), width)
        assert faults(scene) == []
        heights.add(scene.height)
    assert len(heights) == 1


@examples(15)
@given(programs(max_ops=10), st.data(), st.sampled_from(WIDTHS), st.sampled_from(["ptr", "slice", "string"]))
def test_any_clone_can_be_read_about(program, data, width, kind):
    history = Machine(GC_OFF).run(program)
    explorer = Cloning(history, cursor=data.draw(st.integers(0, len(history))))
    made = len(history.world.ledger)
    explorer.object = data.draw(st.integers(0, made - 1)) if made else None
    explorer.kind = kind
    view = explorer.view()
    assert faults(cloning_scene(view, width)) == []
    for side in (view.source, view.copy):
        assert side is None or side.value is None or len(side.value.words) <= view.rows


@pytest.mark.parametrize("width", WIDTHS)
def test_each_pointers_end_is_named_and_the_trap_is_marked(machine, width):
    scene = cloning_scene(after(machine, 9), width)
    said = [its.words for its in texts(scene)]
    if width < 560:  # no room for arrows
        assert said.count("→ object 1") == 2
        assert sum('class="l-error" fill="none"' in shape for shape in scene.shapes) == 1
    else:
        assert sum("<title>leads to object 1<" in shape for shape in scene.shapes) == 2


def test_what_is_not_copied_says_so():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.MakeSlice(0, INT, 40, 3)])
    explorer = Cloning(machine)
    explorer.length = 3
    assert len(shapes(explorer.view(), "not copied: it lies past len")) == 9
    assert shapes(explorer.view(), "… 28 more words")


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_still_shows_script_as_text(machine, paper):
    view = after(machine, 9)
    svg = scene_still(cloning_scene(view), view.reading, MEANINGS, view.text(), paper)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert set(MEANINGS) <= set(EVERY_LOOK)
