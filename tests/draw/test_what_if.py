"""The what-if picture: fixed height, words and shapes for both sides, nothing unescaped."""

import re
from xml.etree import ElementTree as ET

import pytest

from arenalab.draw.scene_still import scene_still
from arenalab.draw.what_if import MEANINGS, PLOT_HEIGHT, what_if_scene
from arenalab.machine.machine import Machine
from arenalab.replay.what_if import PLAIN, WhatIf
from arenalab.view.what_if import what_if
from arenalab.world import ops
from tests.replay.test_what_if import KEPT
from tests.strategies import GC_OFF
from tests.view.test_what_if import view_of

SVG = "{http://www.w3.org/2000/svg}"


def drawn(view, paper="light"):
    return ET.fromstring(scene_still(what_if_scene(view), view.reading, MEANINGS, view.text(), paper))  # noqa: S314  # our own text


def words(tree):
    return [node.text for node in tree.iter(f"{SVG}text")]


def test_both_sides_and_all_totals_are_named():
    view = view_of(heap=PLAIN)
    said = words(drawn(view))
    assert {"A: as recorded", "B: no arenas: plain new and make"} <= set(said)
    assert {str(name) for name in view.totals.name} <= set(said)
    assert said.count("◂ B less") == (view.totals.better == "right").sum()
    assert "kept by a pointer: 3,015 dead values" in said


def test_each_runs_line_follows_its_own_heap_live():
    view = view_of(heap=PLAIN)
    shapes, lines = "".join(what_if_scene(view).shapes), view.lines
    scale = PLOT_HEIGHT / max(lines.left.max(), lines.right.max())
    assert lines.left.max() != lines.right.max()
    for letter, values in (("A", lines.left), ("B", lines.right)):
        points = re.search(rf'<title>{letter}: heap_live</title><polyline points="([^"]*)"', shapes)[
            1
        ].split()
        down = [float(point.split(",")[1]) for point in points]
        assert max(down) - min(down) == pytest.approx(scale * int(values.max() - values.min()), abs=0.02)
        assert down[-1] - min(down) == pytest.approx(scale * int(values.max() - values[-1]), abs=0.02)


def test_height_does_not_change_over_a_history():
    assert len({what_if_scene(view_of(done=done)).height for done in range(len(KEPT) + 1)}) == 1


def test_every_band_tells_its_bytes_when_pointed_at():
    view = view_of()
    tips = [title.text for title in drawn(view).iter(f"{SVG}title")]
    kept = "chunk 0: 8 MiB set to fault: touching it crashes\nkept by a pointer: 3,015 dead values"
    assert tips.count(kept) == 4  # the area and the words on it, on both sides
    assert len(tips) > len(view.left.bands)


def test_error_of_a_run_is_red_and_a_note_is_not():
    bad = what_if_scene(view_of(settings={"user_arena_chunk_bytes_max": 3 << 20}))
    note = what_if_scene(view_of(settings={"max_alloc_fraction": 64}))
    assert any('class="t-error"' in shape and "would not start" in shape for shape in bad.shapes)
    assert any('class="t-text"' in shape and "values on the heap" in shape for shape in note.shapes)


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_type_named_script_stays_text(paper):
    evil = "</text><script>window.pwned=1</script>"
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    under = WhatIf(machine.history)
    run = under.run({"gogc": 50})
    run.refused[0] = evil
    tree = drawn(what_if((machine.history, len(machine.history), 0), 1, under.run({}), run), paper)
    assert not list(tree.iter(f"{SVG}script"))
    assert any(evil in (title.text or "") for title in tree.iter(f"{SVG}title"))


def test_start_of_an_empty_history_can_be_drawn():
    history = Machine(GC_OFF).history
    under = WhatIf(history)
    view = what_if((history, 0, None), 0, under.run({}), under.run({}, PLAIN))
    assert "0 operations" in words(drawn(view))
