"""The life cycle as shapes: every chunk and row of the table is drawn, can be clicked, and stays where it is."""

import re
from html import unescape
from itertools import combinations
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from arenalab.draw.along import MOST_TICKS, ticks
from arenalab.draw.life_cycle import life_cycle_scene
from arenalab.draw.life_cycle_boxes import PLACES
from arenalab.draw.routes import routed
from arenalab.draw.scene_still import scene_still
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view import lanes as lanes_module
from arenalab.view.explained import explain_kind, explain_state
from arenalab.view.life_cycle import HEAD, life_cycle
from arenalab.view.lives import Lives
from arenalab.world import ops
from arenalab.world.end_events import FaultListTaken
from arenalab.world.events import HandleMade
from arenalab.world.life_cycle import STATES, TRANSITIONS
from tests.strategies import GC_OFF

BIG = type_of("[2097152]byte")  #: a quarter of a chunk
EVIL = 'struct{ x int "</text><script>alert(1)</script>&\\"\'" }'
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, type_of("int").but(expr=EVIL)), *[ops.New(0, BIG)] * 9),
    *(ops.MarkBegin(), ops.Free(0), ops.MarkEnd(), ops.RunGC()),
]


@pytest.fixture(scope="module")
def history():
    return Machine(GC_OFF).run(PROGRAM)


def drawn(history, at, **choice):
    return life_cycle_scene(life_cycle(Lives(history), at, **choice))


def words(scene):
    """All texts that are written, not those one must point for."""
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", "".join(scene.shapes))]


def tips(scene):
    return [unescape(text) for text in re.findall(r"<title>([^<]*)</title>", "".join(scene.shapes))]


def taps(scene):
    return [unescape(text) for text in re.findall(r'data-tap="([^"]*)"', "".join(scene.shapes))]


def test_states_and_arrows_are_those_of_the_table(history):
    shown = words(drawn(history, len(history)))
    for state in STATES:
        assert any(re.fullmatch(rf"{state}  \d+", text) for text in shown)
    for _, kind in TRANSITIONS:
        assert shown.count(kind.__name__) >= sum(other == kind for _, other in TRANSITIONS)


def test_chunk_tells_its_place_in_its_list(history):
    at = next(at for at in range(len(history)) if len(history.at(at).quarantine) == 2)
    world, told = history.at(at), tips(drawn(history, at))
    for state, chunks in (("quarantine", world.quarantine), ("ready", world.ready), ("reuse", world.reuse)):
        for place, chunk in enumerate(chunks[:HEAD], 1):
            (tip,) = [tip for tip in told if re.match(rf"chunk {chunk}: {state}\nsince.*\nof ", tip)]
            assert f", place {place} (" in tip


def test_arrow_tells_moves_until_now_and_in_the_whole_run(history):
    at = next(at for at, event in enumerate(history.events, 1) if type(event).__name__ == "FullUnlinked")
    told, differ = tips(drawn(history, at)), 0
    kinds = [type(event) for event in history.events]
    for (state, kind), target in TRANSITIONS.items():
        once = sum(other is kind for _, other in TRANSITIONS) == 1
        if once and kind is not FaultListTaken:  # that one moves many
            so_far, ever = kinds[:at].count(kind), kinds.count(kind)
            said = f"{state} → {target}: {kind.__name__}\n{so_far} time{'s' * (so_far != 1)} so far, {ever} in the"
            assert any(said in tip for tip in told)
            differ += so_far != ever
    assert differ


def test_clicked_line_of_the_story_leads_to_its_event(history):
    shapes = "".join(drawn(history, len(history)).shapes)
    lines = re.findall(r'data-tap="at (\d+)"><title>event ([\d,]+),', shapes)
    assert len(lines) > 3
    assert all(tap == moment.replace(",", "") for tap, moment in lines)


def test_every_state_list_and_event_is_explained_where_one_points(history):
    told = tips(drawn(history, len(history)))
    for state in STATES:
        assert any(tip.startswith(f"{state}: ") and tip.endswith(explain_state(state)) for tip in told)
    for (state, kind), target in TRANSITIONS.items():
        its = [tip for tip in told if tip.startswith(f"{state} → {target}: {kind.__name__}")]
        assert all(tip.endswith(explain_kind(kind.__name__)) for tip in its)
        assert its


@pytest.mark.parametrize("width", [360, 600, 960])
def test_story_tells_the_end_of_the_sentence_at_hand_and_on_a_page_all_of_it(history, width):
    lives = Lives(history)
    moments = [
        n for n, event in enumerate(history.events, 1) if "script" in event.sentence() and 0 in event.chunks
    ]
    for at in moments:
        view = life_cycle(lives, at, focus=0)
        scene = life_cycle_scene(view, width)
        row = view.story.lines.current.tolist().index(True)
        said = re.findall(
            rf'data-tap="at {at}"><title>[^<]*</title><text[^>]*>([^<]*)</text>', "".join(scene.shapes)
        )
        shown = " ".join(map(unescape, said))
        assert shown.endswith(
            str(view.story.lines.sentence[row])[-12:] if not view.story.lines.state[row] else ""
        )
        assert width < 960 or "…" not in shown
    assert moments


@pytest.mark.parametrize("row", [("ready", HandleMade, "fault"), ("full", HandleMade, "full")])
def test_planted_transition_appears_as_an_arrow(history, row, monkeypatch):
    before = drawn(history, 0)
    monkeypatch.setitem(TRANSITIONS, row[:2], row[2])
    after = drawn(history, 0)
    paths = [sum("<path" in shape for shape in scene.shapes) for scene in (before, after)]
    assert paths[1] == paths[0] + 1
    assert (words(before).count("HandleMade"), words(after).count("HandleMade")) == (0, 1)
    assert any(tip.startswith(f"{row[0]} → {row[2]}: HandleMade\n") for tip in tips(after))


def test_state_that_is_planted_gets_a_box(history, monkeypatch):
    places = dict(PLACES)
    del places["reuse"]
    monkeypatch.setattr("arenalab.draw.life_cycle_boxes.PLACES", places)
    assert any(text.startswith("reuse  ") for text in words(drawn(history, len(history))))


def test_every_chunk_is_a_token_and_a_lane_that_can_be_clicked(history):
    scene = drawn(history, len(history))
    for chunk in range(len(history.world.spans)):
        lane = (life_cycle(Lives(history), 0).lanes.chunk == chunk).sum()
        assert taps(scene).count(f"chunk {chunk}") == 1 + 1 + lane  # token, name of the lane, its stretches
    assert any(tip.startswith("chunk 0: ") and "Go: " in tip for tip in tips(scene))


def test_lane_tells_state_times_owner_and_list(history):
    [told] = {tip for tip in tips(drawn(history, 0)) if tip.startswith("chunk 0: full")}
    retired, unlinked = (
        next(
            n
            for n, event in enumerate(history.events, 1)
            if type(event).__name__ == kind and 0 in event.chunks
        )
        for kind in ("ChunkRetired", "FullUnlinked")
    )
    op = history.log.op_at(retired) + 1
    assert told.splitlines() == [
        "chunk 0: full",
        f"since event {retired:,} by goroutine 1, operation {op:,}, until event {unlinked:,}",
        "of user arena 0",
        "Go: userArena.fullList",
    ]


def test_story_lines_can_be_clicked_and_script_stays_text(history):
    at = next(n for n, event in enumerate(history.events, 1) if "script" in event.sentence())
    view = life_cycle(Lives(history), at, focus=0)
    scene = life_cycle_scene(view)
    assert f"at {at}" in taps(scene)
    still = scene_still(scene, view.reading, ["state_full"], view.text(), "dark")
    assert "<script" not in still
    tree = ET.fromstring(still)  # noqa: S314  # our own
    assert any("<script>alert(1)</script>" in text for text in tree.itertext())


def test_only_what_the_step_moved_is_outlined(history):
    lives = Lives(history)
    for at in range(0, len(history), 7):
        view = life_cycle(lives, at)
        shapes = "".join(life_cycle_scene(view).shapes)
        assert shapes.count('class="l-now" fill="none" stroke-width="2.5"') == view.tokens.now.sum()
        assert shapes.count('class="l-now" fill="none" stroke-width="3"') == (view.arrows.now > 0).sum()


def test_picture_keeps_its_height_and_arrows_stay_where_they_are(history):
    lives = Lives(history)
    scenes = [life_cycle_scene(life_cycle(lives, at)) for at in range(0, len(history) + 1, 9)]
    assert len({scene.height for scene in scenes}) == 1
    ways = [tuple(sorted(re.findall(r'<path d="([^"]*)"', "".join(scene.shapes)))) for scene in scenes]
    assert len(set(ways)) == 1


def test_long_list_is_cut_in_the_middle():
    program = [ops.NewArena(0), *[ops.New(0, BIG)] * 80, ops.Free(0), ops.RunGC()]
    history = Machine(GC_OFF).run(program)
    shown = words(drawn(history, len(history)))
    ready = len(history.world.ready)
    boxes = [text for text in shown if re.fullmatch(r"ready  \d+", text)]
    hidden = [text for text in shown if re.fullmatch(r"\+\d+( more)?", text)]
    assert (boxes, hidden) == ([f"ready  {ready}"], [f"+{ready - 6}"])  # five at the head, one at the tail


def test_run_without_chunks_is_a_picture_too():
    history = Machine(GC_OFF).run([ops.Snapshot()])
    assert "no chunk yet" in words(drawn(history, 0))


def test_lanes_draw_at_most_some_thousand_shapes(monkeypatch):
    monkeypatch.setattr(lanes_module, "CELLS", 5)
    program = [op for _ in range(60) for op in (ops.NewArena(_), ops.Free(_))]
    history = Machine(GC_OFF).run(program)
    assert len(life_cycle(Lives(history), 9).lanes) <= 6 * 8


def test_arrows_hit_no_other_box_and_labels_do_not_cover_each_other(history):
    view = life_cycle(Lives(history), 0)
    labels = [
        (float(x), float(y), len(text) * 5.9)
        for x, y, text in re.findall(
            r'<text x="([\d.]+)" y="([\d.]+)"[^>]*stroke-linejoin="round"[^>]*>([A-Za-z]+)</text>',
            "".join(life_cycle_scene(view).shapes),
        )
        if text in {kind.__name__ for _, kind in TRANSITIONS}
    ]
    assert len(labels) == len(TRANSITIONS)
    for one, other in combinations(labels, 2):
        assert abs(one[1] - other[1]) >= 12 or abs(one[0] - other[0]) >= (one[2] + other[2]) / 2


def test_route_goes_around_a_box_in_its_way():
    boxes = {"a": (0, 0, 40, 40), "wall": (100, -10, 40, 60), "b": (200, 0, 40, 40)}
    [route] = routed(boxes, [("a", "b", "x")], (-100, -200, 500, 500))
    at = np.linspace(0, 1, 200)[:, None]
    way = (1 - at) ** 2 * np.array(route.start) + 2 * at * (1 - at) * np.array(route.bend)
    way += at**2 * np.array(route.end)
    x, y, width, height = boxes["wall"]
    inside = (way[:, 0] > x) * (way[:, 0] < x + width) * (way[:, 1] > y) * (way[:, 1] < y + height)
    assert not inside.any()


@pytest.mark.parametrize(("end", "expected"), [(0, [0]), (3, [0, 1, 2, 3]), (41, list(range(0, 41, 5)))])
def test_axis_has_round_numbers(end, expected):
    assert ticks(0, end) == expected


@pytest.mark.parametrize("end", [1, 9, 10, 11, 99, 100, 101, 12_345, 300_000])
def test_axis_is_never_crowded(end):
    shown = ticks(0, end)
    assert 2 <= len(shown) <= MOST_TICKS + 1
    assert shown[-1] <= end
