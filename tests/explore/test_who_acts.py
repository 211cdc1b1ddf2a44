"""Who acts: where more than one does, every explorer names who did the event shown, and what it tells of."""

import re
from dataclasses import replace
from functools import cache

import pytest

from arenalab import GO_1_21, explore, type_of
from arenalab.explore.reading import reading_html
from arenalab.explore.stepper import Place
from arenalab.machine.machine import Machine
from arenalab.view.chunk_index import ChunkIndex
from arenalab.view.chunk_raster import word_said
from arenalab.view.chunk_state import ChunkState
from arenalab.view.collector import collector
from arenalab.view.cycles import Cycles
from arenalab.view.life_cycle import life_cycle
from arenalab.view.lives import Lives
from arenalab.view.outcome_band import Changes
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, GC_WORKER, MAIN, SWEEPER, actor_name
from arenalab.world.end_events import FaultDeferred
from arenalab.world.events import BitmapWordWritten
from arenalab.world.gc_events import ChunkGreyed, ChunkSwept, RootFound
from arenalab.world.history import History
from arenalab.world.touch import Pointer

NODE, BIG = type_of("struct{ p *int; n int }"), type_of("[2097152]byte")  # a quarter of a chunk
ONE_OBLET = replace(GO_1_21, gogc=-1, max_oblet_bytes=8 << 20)  # so that a scan is one event
EXPLORERS = [
    getattr(explore, name)
    for name in explore.__all__
    if name not in ("Explorer", "SceneExplorer", "Types", "Workbench")
]


@cache
def interleaved():
    """A Free that a cycle comes in between, then a finalizer."""
    machine = Machine(ONE_OBLET)
    machine.run([ops.NewArena(0), *[ops.New(0, BIG)] * 5, ops.NewArena(1), ops.New(1, NODE), ops.Link(1, 0)])
    machine.begin(ops.Free(0))
    machine.step()
    machine.step()
    machine.interleave(ops.StartGC())
    machine.finish()
    machine.run([ops.FinishMark(), ops.Drop(1), ops.RunGC(detail=True)])
    return machine.history


@cache
def beside():
    """Cycles that allocations start and that end beside the program, a background sweeper, a finalizer."""
    machine = Machine(replace(ONE_OBLET, gogc=100))
    for arena in range(4):
        end = ops.Drop(arena) if arena == 1 else ops.Free(arena)
        machine.run([ops.NewArena(arena), *[ops.New(arena, BIG)] * 5, end])
    return machine.history


def alone():
    return Machine(ONE_OBLET).run([ops.NewArena(0), ops.New(0, NODE), ops.Free(0)])


@cache
def two_goroutines():
    """One makes an arena, another fills it and clones from it."""
    made = Machine(ONE_OBLET).run([ops.NewArena(0), ops.New(0, NODE), ops.Clone(0, NODE), ops.Free(0)])
    history = History(made.rules)
    for number, op in enumerate(made.ops):
        history.begin(op, actor=(MAIN, 7)[number in (1, 2)])
        for event in made.events_of(number):
            history.record(event)
    return history


SEVERAL = {"interleaved": interleaved, "beside": beside, "two goroutines": two_goroutines}


def event_of(history, kind, nth=0):
    return [n for n, event in enumerate(history.events) if isinstance(event, kind)][nth]


def hovers(explorer):
    """What is said of the shapes that one points at."""
    return re.findall(r"<title>([^<]*)</title>", "".join(explorer.draw(explorer.view()).shapes))


def test_these_histories_have_every_actor():
    assert interleaved().actors == [MAIN, GC_WORKER, FINALIZER]
    assert beside().actors == [MAIN, GC_WORKER, SWEEPER, FINALIZER]
    assert any(beside().log.column("beside"))
    assert alone().actors == [MAIN]


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
def test_explorer_names_who_did_the_event_shown(kind, name):
    history = SEVERAL[name]()
    explorer = kind(history, cursor=0)
    for number, event in enumerate(history.events):
        view = explorer.view_of(Place(number + 1))
        did = f"{actor_name(history.log.actor_of_event(number))}: {event.sentence()}"[:200]
        assert did in view.text().split("\n\n")[0]
        assert reading_html(view.reading).replace("&#x27;", "'").count(did[:60]) >= 1


@pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
def test_nobody_is_named_where_only_one_acts(kind):
    assert not any(word in kind(alone()).text() for word in ("goroutine", " by the ", "swept_by"))


def test_workbench_names_who_did_the_event_shown():
    bench = explore.Workbench(interleaved())
    bench.explorers[0].cursor = event_of(interleaved(), RootFound) + 1
    assert "GC worker: " in bench.text()


@pytest.mark.parametrize("name", SEVERAL)
def test_story_names_everybody(name):
    history = SEVERAL[name]()
    for number, moment in enumerate(history.moments()):
        assert f"{actor_name(history.log.actor_of_event(number))}: " in str(moment)
    told = list(history.backwards(0))
    assert len({moment.actor for moment in told}) > 1
    assert told == history.story(chunk=0)[::-1]


@pytest.mark.parametrize("name", SEVERAL)
def test_life_cycle_says_who_brought_a_chunk_where_it_is(name):
    history = SEVERAL[name]()
    lives = Lives(history)
    for at in range(len(history) + 1):
        view = life_cycle(lives, at)
        for table, column in ((view.tokens, view.tokens.since), (view.lanes, view.lanes.entered)):
            for moment, op, by in zip(column.tolist(), table.op.tolist(), table.by.tolist(), strict=True):
                assert op == history.op_of(moment)
                assert by == (actor_name(history.actor_of(moment)) if moment else "")


def test_life_cycles_hovers_name_the_free_that_a_cycle_came_in_between():
    history = interleaved()
    deferred = event_of(history, FaultDeferred) + 1
    picture = explore.LifeCycle(history, cursor=len(history), chunk=0)
    free = next(n for n, op in enumerate(history.ops) if isinstance(op, ops.Free)) + 1
    tips = hovers(picture)
    assert any(f"since event {deferred} by goroutine 1, operation {free}" in tip for tip in tips)
    assert any(": ChunkReadied by goroutine 1" in tip for tip in tips)
    assert any("ReusePut by the finalizer goroutine" in tip for tip in tips)


def test_dangling_pointer_blames_the_call_that_did_it_not_the_one_it_was_interrupted_by():
    history = interleaved()
    changes = Changes(history)
    band = changes.band(Pointer(0))
    told = [(type(history.ops[op]), by) for op, by in zip(band.op.tolist(), band.by.tolist(), strict=True)]
    assert told[1:] == [
        (ops.New, ""),  # its chunk is full
        (ops.Free, ""),  # unlinked, before the cycle starts
        (ops.Free, ""),  # put on the fault list, while the cycle marks
        (ops.FinishMark, "GC worker"),
        (ops.RunGC, ""),
    ]
    picture = explore.DanglingPointer(history, pointer=Pointer(0))
    tips = "\n".join(hovers(picture))
    assert "since FinishMark() by the GC worker" in tips
    assert "since StartGC" not in tips


def test_collector_says_who_found_and_who_swept_a_chunk():
    history = beside()
    swept = event_of(history, ChunkSwept)
    view = collector(Cycles(history), swept + 1, focus=history.events[swept].chunk)
    assert view.chunks.swept_by[history.events[swept].chunk] == "background sweeper"
    greyed = event_of(history, ChunkGreyed)
    view = collector(Cycles(history), greyed + 1, focus=history.events[greyed].chunk)
    assert any("by the GC worker" in line for line in view.why)


def test_what_another_actor_does_meanwhile_explains_no_mark():
    found = interleaved()
    root, grey = (found.events[event_of(found, kind)] for kind in (RootFound, ChunkGreyed))
    history = History(found.rules, start=found.at(event_of(found, RootFound)))
    history.begin(ops.StartGC())
    deferred = FaultDeferred(chunk=1)
    for event, actor in ((root, GC_WORKER), (deferred, MAIN), (grey, GC_WORKER)):
        history.turn(0, actor)
        history.events.append(event)  # told, not applied: the collector's reader looks at events alone
    assert Cycles(history).cycle(3).found[grey.chunk].words.startswith("found from user arena")


def test_objects_and_bit_stores_say_who_made_them():
    history = two_goroutines()
    index = ChunkIndex(history)
    index.refresh()
    state = ChunkState(index, history.world, 0)
    assert "operation 2 by goroutine 7: arena.New" in word_said(index, state, 0)[0]
    assert "arena.New[struct{ p *int; n int }](a0) by goroutine 7" in explore.DanglingPointer(history).text()
    stored = event_of(history, BitmapWordWritten)
    picture = explore.HeapBitmap(history, cursor=stored + 1)
    assert picture.view_of(picture.place).store.by == "goroutine 7"
    assert ", by goroutine 7" in picture.text()


def test_clone_names_who_made_it():
    told = explore.Cloning(two_goroutines()).text()
    assert re.search(r"arena.Clone\(.*\).* by goroutine 7", told)
