"""The what-if picture: fixed height, words and shapes for both sides, nothing unescaped."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from arenalab.draw.plots_still import plots_scene
from arenalab.draw.scene_still import scene_still
from arenalab.draw.what_if import MEANINGS, what_if_scene
from arenalab.draw.what_if_plots import what_if_now, what_if_plots
from arenalab.machine.machine import Machine
from arenalab.replay.what_if import ARENA, PLAIN, WhatIf
from arenalab.syntax import type_of
from arenalab.units import human
from arenalab.view.chunk_map import PAGE
from arenalab.view.what_if import what_if
from arenalab.view.what_if_rows import ENDED
from arenalab.world import ops
from tests.draw.fits import WIDTHS, faults, spilled, texts
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


@pytest.mark.parametrize("done", [0, 4, 9])
def test_timelines_are_both_runs_heap_live_on_one_axis_from_0(done):
    view = view_of(heap=PLAIN, done=done)
    [plot] = what_if_plots(view).every()
    assert [line.name for line in plot.lines] == [f"A: {view.left.title}", f"B: {view.right.title}"]
    assert len({line.dash for line in plot.lines}) == 2
    assert (plot.upward.low, plot.upward.high) == (0, max(view.lines.left.max(), view.lines.right.max()))
    for line, values in zip(plot.lines, (view.lines.left, view.lines.right), strict=True):
        held = {int(x): int(y) for x, y in zip(line.x, line.y, strict=True)}  # of one place the last counts
        assert held == dict(zip(view.lines.operations.tolist(), values.tolist(), strict=True))
    now = what_if_now(view)
    assert (now.at, set(now.values)) == (view.position, {line.id for line in plot.lines})
    assert now.values["left"] == (human(int(view.lines.left[view.lines.operations == view.position][0])),)
    assert faults(plots_scene(what_if_plots(view), now)) == []


def test_a_run_that_ended_has_a_line_that_ends():
    view = view_of()
    cut = view.lines.right.copy()
    cut[3:] = ENDED
    ended = replace(view, lines=replace(view.lines, right=cut))
    [plot] = what_if_plots(ended).every()
    assert plot.lines[1].x.max() == view.lines.operations[2]
    assert what_if_now(ended).values["right"] == ("ended",)


@pytest.mark.parametrize("width", WIDTHS)
def test_picture_fits_each_width_and_keeps_its_height(width):
    settings = {"user_arena_chunk_bytes_max": 1 << 20, "gogc": 25, "build_mode": "asan"}
    for more in (
        {"heap": PLAIN},
        {"settings": settings},
        {"settings": {"user_arena_chunk_bytes_max": 3 << 20}},
    ):
        heights = set()
        for done in (0, 3, len(KEPT)):
            scene = what_if_scene(view_of(done=done, **more), width)
            assert (more, done, faults(scene) + spilled(scene)) == (more, done, [])
            assert "…" not in "".join(its.words for its in texts(scene) if its.bottom < 150)
            heights.add(scene.height)
        assert len(heights) == 1


@pytest.mark.parametrize("heap", [PLAIN, ARENA])
def test_same_bytes_are_equally_long_on_both_sides(heap):
    program = [ops.NewArena(0), *[ops.New(0, type_of("[1000000]byte"))] * 9]
    view = view_of(
        program, heap=heap, settings={} if heap == PLAIN else {"user_arena_chunk_bytes_max": 1 << 20}
    )
    assert view.left.scale != view.right.scale
    scene = what_if_scene(view)
    found = re.findall(
        r'<title>[^<]*?: ([\d.,]+) (B|KiB|MiB) [^<]*</title><rect x="([\d.]+)"[^>]* width="([\d.]+)"',
        "".join(scene.shapes),
    )
    lengths = {"left": set(), "right": set()}
    for amount, unit, x, wide in found:
        nbytes = float(amount.replace(",", "")) * {"B": 1, "KiB": 2**10, "MiB": 2**20}[unit]
        if nbytes >= 2**18:
            lengths["left" if float(x) < 480 else "right"].add(round(float(wide) / nbytes * 2**20, 1))
    both = lengths["left"] | lengths["right"]
    assert lengths["left"]
    assert lengths["right"]
    assert max(both) - min(both) <= 0.02 * max(both)


def test_buttons_turn_to_other_chunks():
    scene = what_if_scene(view_of(settings={"user_arena_chunk_bytes_max": 1 << 20}))
    assert re.findall(r'data-tap="(chunk \d+)"><title>the next chunks', "".join(scene.shapes)) == [
        f"chunk {PAGE}"
    ]


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
    assert "after 0 operations" in words(drawn(view))
