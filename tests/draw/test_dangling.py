"""The dangling pointer's picture holds what the view says; its size stays; texts from outside stay texts."""

import itertools
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.dangling import MEANINGS, dangling_scene
from arenalab.draw.dangling_card import meaning_of, state_key
from arenalab.draw.dangling_plan import Plan
from arenalab.draw.room import Room
from arenalab.draw.scene_still import scene_still
from arenalab.draw.theme import EVERY_LOOK
from arenalab.draw.wrapped import lines_of
from arenalab.explore.builds import Builds
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.calls import call_of
from arenalab.view.dangling import dangling
from arenalab.world import ops
from arenalab.world.life_cycle import STATES
from arenalab.world.touch import Outcome, Pointer
from tests.draw.fits import WIDTHS, faults, texts
from tests.examples import examples
from tests.strategies import GC_OFF, programs

EVIL = type_of('struct{ next *int "<script>alert(1)</script>"; value int }')
QUARTER = type_of("[2097152]byte")
PROGRAM = [
    *(ops.NewArena(0), ops.New(0, EVIL), *[ops.New(0, QUARTER)] * 4, ops.MarkBegin(), ops.Free(0)),
    *(ops.MarkEnd(), ops.RunGC(), ops.NewArena(1), *[ops.New(1, QUARTER)] * 5, ops.New(1, EVIL)),
]


@pytest.fixture
def history():
    return Machine(GC_OFF).run(PROGRAM)


def seen(history, op=None, **options):
    builds = Builds(history)
    at = len(history) if op is None else history.op_end(op + 1)
    return dangling(builds.runs(), builds.own, at, op=op, **options)


def areas(scene, kind):
    return [shape for shape in scene.shapes if re.search(rf'class="f-{kind}[" ]', shape)]


def test_each_stretch_is_drawn_once_and_tells_its_operations(history):
    view = seen(history, pointer=Pointer(0, 8))
    shapes = dangling_scene(view).shapes
    for lane in view.lanes:
        outcomes = list(zip(lane.band.read, lane.band.write, strict=True))
        changes = 1 + sum(a != b for a, b in itertools.pairwise(outcomes))
        boxes = {title for s in shapes for title in re.findall(rf"<title>({lane.build}, after [^<]*)", s)}
        assert len(boxes) == changes
    assert any("plain, after operation 8\nstale data\nsince a0.Free()" in shape for shape in shapes)


def test_since_names_the_call_after_which_a_stretch_begins(history):
    view = seen(history, pointer=Pointer(0, 8))
    tips = unescape("\n\n".join(re.findall(r"<title>([^<]*)</title>", "".join(dangling_scene(view).shapes))))
    outcomes = re.findall(r"after operations? (\d+).*\n(?:.*\n)?.*\nsince (.*)", tips)
    assert len(outcomes) > 12
    for first, call in outcomes:
        assert call.removesuffix(" by the GC worker") == call_of(PROGRAM[int(first) - 1])
    for lane in view.lanes:
        begun = {}
        for number, state in enumerate(lane.band.state):
            begun.setdefault(state, set())
            if number == 0 or lane.band.state[number - 1] != state:
                begun[state].add(call_of(PROGRAM[lane.band.first[number]]))
        told = re.findall(
            rf"^{lane.build}: the chunk is (.*)\nsince (.*?)(?: by the GC worker)?$", tips, re.MULTILINE
        )
        assert {(state, call) for state, calls in begun.items() for call in calls} == set(told)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("op", [0, 3, len(PROGRAM) - 1])
def test_operation_at_hand_is_framed(history, op, width):
    shapes = "".join(dangling_scene(seen(history, op, pointer=Pointer(0, 8)), width).shapes)
    frame = re.search(r'<polyline points="([^"]*)" class="l-now"', shapes)[1]
    across = sorted({float(point.split(",")[0]) for point in frame.split()})
    plan = Plan(Room(width), len(PROGRAM))
    assert across == pytest.approx([plan.x(op), plan.x(op + 1)], abs=0.01)


def test_box_is_split_where_a_read_and_a_write_differ(history):
    scene = dangling_scene(seen(history, 7, pointer=Pointer(0, 8)))
    msan = [shape for shape in scene.shapes if "msan, after operation 8\n" in shape]
    assert len(msan) == 2
    assert all("read: reported by a sanitizer\nwrite: stale data" in shape for shape in msan)
    assert ['height="12.00"' in shape for shape in msan] == [True, True]


def test_clicking_a_stretch_names_its_first_operation(history):
    scene = dangling_scene(seen(history, pointer=Pointer(0, 8)))
    taps = {tap for shape in scene.shapes for tap in re.findall(r'data-tap="op:(\d+)"', shape)}
    assert {"1", "7", "8"} <= taps


def test_moment_stands_in_words_with_gos_own(history):
    shapes = "".join(dangling_scene(seen(history, 8)).shapes)
    told = " ".join(re.findall(r">([^<]+)</text>", shapes))
    assert "touched now, after operation 9" in told
    assert "accessed data from freed user arena" in told
    assert "from source only" in told
    assert re.search(r"<title>[^<]*not compared with a running msan build</title><text[^>]*>msan<", shapes)


def test_memory_around_the_pointer_is_as_wide_as_it_is(history):
    view = seen(history, 1, pointer=Pointer(0, 8))
    pieces = [shape for shape in areas(dangling_scene(view), "pointerful") if "object 0" in shape]
    assert len(pieces) == 4
    widths = {float(re.search(r'width="([\d.]+)"', piece)[1]) for piece in pieces}
    assert [round(width, 1) for width in widths] == [55.4]  # 16 of 64 bytes of a card


@pytest.mark.parametrize("width", [*WIDTHS, 800])
def test_picture_keeps_its_size_and_can_be_read(history, width):
    builds, heights = Builds(history), set()
    for op in range(-1, len(PROGRAM)):
        at = history.op_end(op + 1) if op >= 0 else 0
        view = dangling(builds.runs(), builds.own, at, op=op, pointer=Pointer(0, 8))
        scene = dangling_scene(view, width)
        assert faults(scene) == []
        cards = Plan(Room(width), len(PROGRAM)).heading
        assert [its.words for its in texts(scene) if its.words.endswith("…") and its.top > cards] == []
        heights.add(scene.height)
    assert len(heights) == 1


@examples(10)
@given(programs(max_ops=12), st.data(), st.sampled_from(WIDTHS), st.booleans())
def test_any_pointer_can_be_read_about(program, data, width, panics):
    history = Machine(GC_OFF).run(program)
    op = data.draw(st.integers(-1, len(program) - 1))
    builds = Builds(history)
    at = history.op_end(op + 1) if op >= 0 else 0
    view = dangling(builds.runs(), builds.own, at, op=op, panic_on_fault=panics)
    assert faults(dangling_scene(view, width)) == []


@pytest.mark.parametrize("width", WIDTHS)
def test_stretches_say_their_words_whole_or_not_at_all(history, width):
    for op in range(len(PROGRAM)):
        for its in texts(dangling_scene(seen(history, op, pointer=Pointer(0, 8)), width)):
            assert not (its.on and its.words.endswith("…"))


def test_stepping_back_draws_the_identical_picture(history):
    end = dangling_scene(seen(history)).shapes
    assert dangling_scene(seen(history, 5)).shapes != end
    assert dangling_scene(seen(history)).shapes == end


def test_program_that_died_is_told_in_its_lane():
    history = Machine(GC_OFF).run([*PROGRAM[:2], ops.Free(0), ops.Read(0, 8), ops.NewArena(1)])
    shapes = dangling_scene(seen(history)).shapes
    assert sum("the program died in operation 4" in shape and "<title>" in shape for shape in shapes) == 3


def test_run_without_objects_is_drawn_empty():
    scene = dangling_scene(seen(Machine(GC_OFF).run([])))
    assert any("no object lies in a chunk" in shape for shape in scene.shapes)
    assert not areas(scene, "outcome_fine")


@pytest.mark.parametrize("paper", ["light", "dark"])
def test_still_shows_script_as_text(history, paper):
    view = seen(history, 1)
    svg = scene_still(dangling_scene(view), view.reading, MEANINGS, view.text(), paper)
    assert "<script>" not in svg
    assert "&lt;script&gt;" in svg
    assert svg.png().startswith(b"\x89PNG")


def test_a_thousand_stretches_are_few_shapes():
    program = []
    for number in range(300):
        program += [ops.NewArena(number), ops.New(number, EVIL), ops.Free(number)]
    view = seen(Machine(GC_OFF).run(program), pointer=Pointer(0))
    assert len(view.lanes[0].band) >= 200
    assert len(dangling_scene(view).shapes) < 4_000


def test_every_outcome_and_state_has_a_look():
    assert {meaning_of(str(outcome)) for outcome in Outcome} <= set(EVERY_LOOK)
    assert {state_key(state) for state in STATES} <= set(EVERY_LOOK)
    assert set(MEANINGS) <= set(EVERY_LOOK)


def test_words_are_broken_into_lines_that_fit():
    assert lines_of("", 100, 11) == []
    assert lines_of("one two three", 60, 11) == ["one two", "three"]
    assert lines_of("a" * 30, 60, 11) == ["a" * 8, "a" * 8, "a" * 8, "a" * 6]
    assert lines_of("first\nsecond", 600, 11) == ["first", "second"]
    assert lines_of("one two three four", 40, 11, most=2) == ["one", "two…"]
