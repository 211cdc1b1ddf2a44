"""Who acts: where more than one does, every explorer names who did the event shown, and what it tells of."""

import json
import re
from dataclasses import replace
from functools import cache
from html import escape, unescape

import numpy as np
import pytest

from arenalab import GO_1_21, explore, type_of
from arenalab.errors import NoSuchError
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
from arenalab.view.reading import NO_LINE
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, GC_WORKER, MAIN, SWEEPER, actor_name
from arenalab.world.end_events import FaultDeferred
from arenalab.world.events import BitmapWordWritten
from arenalab.world.gc_events import ChunkGreyed, ChunkSwept, RootFound
from arenalab.world.history import History
from arenalab.world.sites import Site, Sites
from arenalab.world.touch import Pointer
from tests.concurrent import EVIL, FUNCTION, machine, overtaking, with_sites
from tests.player.telling import control, sets

NODE, BIG = type_of("struct{ p *int; n int }"), type_of("[2097152]byte")  # a quarter of a chunk
ONE_OBLET = replace(GO_1_21, gogc=-1, max_oblet_bytes=8 << 20)  # so that a scan is one event
EXPLORERS = [
    getattr(explore, name)
    for name in explore.__all__
    if name not in ("Explorer", "Types", "Workbench", "HeapMovie", "Advice")
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
        for event in made.events_of(number + 1):
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
        assert did[:60] in json.dumps(explorer.told(view), ensure_ascii=False).replace('\\"', '"')


@pytest.mark.parametrize(
    "kind", [k for k in EXPLORERS if k is not explore.Goroutines], ids=lambda kind: kind.__name__
)
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
                assert op == history.log.op_at(moment)
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
    told = explore.Cloning(two_goroutines(), cursor=len(two_goroutines())).text()
    assert re.search(r"arena.Clone\(.*\).* by goroutine 7", told)


class TestSites:
    """The line of the program that asked: in every caption, in hovers, in the listing, in stills and saved pages."""

    @pytest.fixture
    def history(self, tmp_path):
        return with_sites(tmp_path)

    @pytest.fixture
    def made(self, history):
        return next(n for n, op in enumerate(history.ops) if op == ops.NewArena(1))

    @pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
    def test_every_caption_says_who_asked_and_where(self, kind, history, made):
        explorer = kind(history, cursor=history.op_end(made + 1))
        explorer.go(Place(history.op_end(made + 1), made))
        said = f"goroutine 7, server.go:4 in {FUNCTION}"
        told, still = explorer.text(), str(explorer.still())
        page = explorer.told(explorer.shown)
        assert f"\n  {said}\n" in told
        assert page["asked"] == said
        assert escape(said)[:40] in still
        marked = f">     4     a := arena.NewArena() // {EVIL}"
        assert marked in told
        [[number, _, marked]] = [line for line in page["source"] if EVIL in line[1]]
        assert (number, marked) == (4, True)
        assert "<script>" not in still
        assert "fill(a)" in still

    @pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
    def test_pictures_keep_their_height_where_nothing_is_listed(self, kind, history, made):
        explorer, heights, rows = kind(history), set(), set()
        for at in (history.op_end(made + 1), len(history)):
            explorer.go(Place(at))
            heights.add(re.search(r'viewBox="([^"]*)"', str(explorer.still()))[1])
            rows.add(explorer.told(explorer.shown)["lines"])
        assert len(heights) == len(rows) == 1

    @pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
    def test_nothing_is_listed_without_sites(self, kind):
        explorer = kind(alone())
        told = explorer.told(explorer.shown)
        assert (told["source"], told["lines"], told["asked"]) == ([], 0, "")
        assert "who" not in {it.name for it in explorer.controls()}

    @pytest.mark.parametrize(
        "kind",
        [k for k in EXPLORERS if k not in (explore.WhatIf, explore.Counters)],  # a chart's hover tells values
        ids=lambda kind: kind.__name__,
    )
    def test_hover_says_who_asked_and_where(self, kind, history):
        op, choice = next(n for n, op in enumerate(history.ops) if op == ops.New(1, NODE)), {}
        if kind is explore.Cloning:
            history, op = two_goroutines(), 2
            history.sites = Sites([Site("server.go", 4)], np.zeros(len(history.ops), dtype=np.int32))
        elif kind is explore.DanglingPointer:
            choice = {"pointer": Pointer(history.op_rows[op])}
        tips = hovers(kind(history, cursor=history.op_end(op + 1), **choice))
        assert any("goroutine 7" in tip and "at server.go:4" in tip for tip in tips)

    def test_finalizers_free_shows_the_line_that_made_the_arena(self, tmp_path):
        made = machine()
        made.do(ops.NewArena(3), goroutine=7)
        made.do(ops.Free(3, by_finalizer=True), goroutine=2)
        history = with_sites(tmp_path, made.history)
        history.sites.of_op[-1] = -1
        told = explore.LifeCycle(history, cursor=len(history))
        assert f", arena made by goroutine 7 at server.go:4 in {FUNCTION}" in told.text()
        assert ">     4     a := arena.NewArena()" in told.text()

    def test_moment_that_no_line_asked_for_says_so_where_a_listing_would_stand(self, history):
        collecting = next(n for n, op in enumerate(history.ops) if isinstance(op, ops.RunGC))
        told = explore.LifeCycle(history)
        told.go(Place(history.op_end(collecting + 1), collecting))
        assert NO_LINE in unescape(str(told.still()))
        assert (told.told(told.shown)["source"], told.told(told.shown)["lines"] > 0) == ([], True)

    def test_only_goroutine_is_not_named_but_its_line_is(self):
        history = alone()
        history.sites = Sites([Site("a.go", 7)], np.zeros(len(history.ops), dtype=np.int32))
        told = explore.LifeCycle(history, cursor=len(history)).text()
        assert "\n  a.go:7\n" in told
        assert "goroutine" not in told


class TestFollowing:
    """Whoever follows a goroutine steps to what it did, and to nothing else."""

    @pytest.fixture(params=["operation", "event"])
    def explorer(self, request):
        explorer = explore.Goroutines(overtaking(), cursor=0)
        sets(explorer, "unit", request.param)
        return explorer

    def moments(self, explorer, who):
        log, events = overtaking().log, range(len(overtaking()))
        mine = [number + 1 for number in events if log.actor_of_event(number) == who]
        if explorer.stepper.unit == "event":
            return mine
        last = {log.op_of_event(at - 1): at for at in mine}
        return sorted(last.values())

    @pytest.mark.parametrize("who", [1, 5, 7, 9, GC_WORKER, FINALIZER])
    def test_steps_forwards_and_back_stay_with_it(self, explorer, who):
        sets(explorer, "who", who)
        assert explorer.who == who
        moments = self.moments(explorer, who)
        for way, expected in ((explorer.step, moments), (explorer.back, [*moments[-2::-1], 0])):
            seen = []
            for _ in expected:
                way()
                seen.append(explorer.cursor)
            assert seen == expected
            before = explorer.cursor
            way()
            assert explorer.cursor == before

    def test_find_looks_at_its_events_alone(self, explorer):
        explorer.who = 7
        explorer.find("ReusePut")
        assert overtaking().log.actor_of_event(explorer.cursor - 1) == 7
        explorer.find()
        assert "no later match" in explorer.error

    def test_each_place_names_the_next_and_the_last_names_none(self, explorer):
        explorer.who, key, seen = 9, "0", []
        while (key := explorer.beside(key, "next")) is not None:
            seen.append(explorer.stepper.place_of(key).cursor)
        assert seen == self.moments(explorer, 9)

    def test_lane_is_clicked_to_follow_and_again_to_stop(self, explorer):
        explorer.on_choose("who 7")
        assert (explorer.who, control(explorer, "who")["value"]) == (7, 7)
        assert explorer.text().startswith("Goroutines, following goroutine 7, ")
        explorer.on_choose("who 7")
        assert explorer.who == 0

    def test_nobody_who_does_not_act_can_be_followed(self, explorer):
        with pytest.raises(NoSuchError, match="somebody who acts"):
            explorer.who = 8

    def test_everybody_who_acts_is_offered(self, explorer):
        names = [name for name, _ in control(explorer, "who")["options"]]
        assert names == ["everybody", *map(actor_name, overtaking().actors)]

    def test_stretch_is_clicked_to_go_there(self, explorer):
        explorer.on_choose("op 10")
        assert explorer.cursor == overtaking().op_end(11)
