"""The collector's picture: every chunk of the page with its colour's word, the way drawn, nothing that jumps."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.collector import collector_scene
from arenalab.draw.collector_chunks import LOOKS
from arenalab.draw.collector_parts import named
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.collector import PAGE, collector
from arenalab.view.cycles import Cycles
from arenalab.world import ops
from tests.strategies import GC_OFF, programs

NODE, BIG = type_of('struct{ next *int "<script>window.pwned=1</script>" }'), type_of("[262144]*int")
RACE = [
    *(ops.NewArena(0), ops.New(0, NODE), *[ops.New(0, BIG)] * 5, ops.NewArena(1), ops.New(1, NODE)),
    *(ops.Link(1, 0), ops.Hold(0, 1), ops.StartGC(), *[ops.MarkStep()] * 5, ops.Free(0)),
    *(ops.FinishMark(), ops.SweepStep(), ops.RunGC(detail=True)),
]


def run(program, rules=GC_OFF):
    return Machine(rules).run(program)


def words(scene):
    return re.findall(r"<text [^>]*>([^<]*)</text>", "".join(scene.shapes))


def nodes(scene):
    """The areas of chunks: number -> (place, look)."""
    found = re.findall(
        r'<g data-tap="chunk (\d+)"><title>chunk [^<]*</title><rect (x="[^"]*" y="[^"]*").*?class="f-(\w+)',
        "".join(scene.shapes),
    )
    return {int(chunk): (place, look) for chunk, place, look in found}


@given(programs(max_ops=12, micro_gc=True), st.data())
def test_each_chunk_of_the_page_looks_and_reads_as_its_colour(program, data):
    history = run(program)
    view = collector(Cycles(history), data.draw(st.integers(0, len(history))))
    scene = collector_scene(view)
    found = nodes(scene)
    assert {chunk: look for chunk, (_, look) in found.items()} == {
        int(chunk): LOOKS[colour] for chunk, colour in zip(view.chunks.chunk, view.chunks.colour, strict=True)
    }
    for colour in set(view.chunks.colour):
        assert words(scene).count(colour) >= list(view.chunks.colour).count(colour)


def test_trigger_is_past_as_soon_as_heap_live_reaches_it():
    history = run([ops.NewArena(0), ops.RunGC()], GO_1_21)
    view = collector(Cycles(history), len(history))
    for more, past in ((-1, False), (0, True), (1, True)):
        pace = replace(view.pace, live=view.pace.trigger + more)
        scene = collector_scene(replace(view, pace=pace))
        assert ("past the trigger: the next chunk starts a cycle" in words(scene)) is past
        bar = next(shape for shape in scene.shapes if "<title>heapLive" in shape)
        assert ('class="f-state_fault' in bar) is past


def test_chunks_keep_their_places_and_the_picture_its_height():
    history = run(RACE)
    cycles = Cycles(history)
    scenes = [collector_scene(collector(cycles, at)) for at in range(len(history) - 200, len(history) + 1, 7)]
    assert len({scene.height for scene in scenes}) == 1
    assert all(len({nodes(scene)[chunk][0] for scene in scenes}) == 1 for chunk in range(3))


def test_way_from_the_root_over_a_pointer_is_drawn_strongly():
    history = run(RACE)
    free = len(RACE) - 4
    scene = collector_scene(collector(Cycles(history), history.op_end(free + 1), focus=1))
    strong = [shape for shape in scene.shapes if 'class="l-now"' in shape and "<rect" not in shape]
    assert any("from chunk 2 into chunk 1" in shape for shape in scene.shapes)
    assert any("<polyline" in shape for shape in strong)
    assert any("chunk 1 (reuse) is alive:" in text for text in words(scene))


def test_free_during_marking_is_told_while_it_waits_and_when_it_is_over():
    history = run(RACE)
    cycles, free = Cycles(history), len(RACE) - 4
    before, after = (
        words(collector_scene(collector(cycles, history.op_end(op + 1)))) for op in (free, free + 1)
    )
    assert any("chunk 0 freed while the collector works" in text for text in before)
    assert any("chunk 0 waited here in this cycle" in text for text in after)
    assert "to sweep: 1 of 3" in after


def test_grey_queue_stands_in_its_order():
    history = run(RACE)
    view = collector(Cycles(history), history.op_end(len(RACE) - 4))
    shown = words(collector_scene(view))
    runs = [text for text in shown if re.fullmatch(r"\d+: \d+(–\d+)?", text)]
    assert runs == ["2: 5–63", "0: 0–63", "1: 0–63"]


def test_goal_and_trigger_are_marked_where_the_bar_may_reach_them():
    history = run([ops.NewArena(0), *[ops.New(0, BIG)] * 20, ops.RunGC()], GO_1_21)
    scene = collector_scene(collector(Cycles(history), len(history)))
    assert any(re.fullmatch(r"trigger [\d.]+ MiB, goal [\d.]+ MiB", text) for text in words(scene))


def test_many_roots_and_chunks_fit_and_the_rest_is_counted():
    program = [op for n in range(PAGE + 9) for op in (ops.NewArena(n), ops.New(n, NODE), ops.Hold(n, n))]
    history = run(program)
    scene = collector_scene(collector(Cycles(history), len(history), focus=2))
    assert len(nodes(scene)) == PAGE
    assert any(re.fullmatch(r"… and \d+ more", text) for text in words(scene))
    numbers = [float(y) for y in re.findall(r' y="([\d.]+)"', "".join(scene.shapes))]
    assert max(numbers) <= scene.height


def test_hostile_type_stays_out_of_the_shapes():
    history = run(RACE)
    assert "<script" not in "".join(collector_scene(collector(Cycles(history), len(history))).shapes)


def test_looks_of_arrows_are_explained_where_they_are():
    history = run(RACE)
    told = [
        words(collector_scene(collector(Cycles(history), at)))[-1]
        for at in (1, history.op_end(len(RACE) - 3))
    ]
    assert "arrows:" not in told[0]
    assert told[1].startswith("arrows: pointers from chunk to chunk")


def test_long_lists_are_cut_and_counted():
    assert named((4,)) == "chunk 4"
    assert named(tuple(range(22))).endswith("18, 19 and 2 more")
