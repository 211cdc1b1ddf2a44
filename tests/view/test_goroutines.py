"""Lanes of goroutines: they say what the log says, of each event once; who waits is seen to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.goroutines import COLUMNS, goroutines_scene
from arenalab.machine.machine import Machine
from arenalab.view import goroutines as seen
from arenalab.view.axis_part import AROUND
from arenalab.view.doing import ALLOCATES, ELSE, FREES, KINDS, MARKS, SWEEPS, WAITS, Doing
from arenalab.view.goroutines import CELLS, PAGE, goroutines
from arenalab.view.lanes import EVENTS, OPERATIONS
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, GC_WORKER, MAIN, SWEEPER
from arenalab.world.end_events import MarkedDefunct
from arenalab.world.schedule import Begin
from tests.concurrent import QUARTER, overtaking
from tests.strategies import GC_OFF, programs


def stretches(history):
    its = Doing(history).stretches
    rows = zip(
        *(getattr(its, name).tolist() for name in ("actor", "kind", "first", "last", "op")), strict=True
    )
    return [(actor, KINDS[kind], first, last, op) for actor, kind, first, last, op in rows]


def number_of(history, kind, user_arena):
    return next(n for n, op in enumerate(history.ops) if type(op) is kind and op.user_arena == user_arena)


@given(programs())
def test_each_event_is_in_one_stretch_of_who_did_it(program):
    history = Machine(GC_OFF).run(program)
    did = {
        n: actor
        for actor, kind, first, last, _ in stretches(history)
        if kind != WAITS
        for n in range(first, last)
    }
    assert did == {n: history.log.actor_of_event(n) for n in range(len(history))}


def test_stretches_are_those_of_the_turns():
    history = overtaking()
    told = stretches(history)
    made, freed = (number_of(history, kind, arena) for kind, arena in ((ops.NewArena, 1), (ops.Free, 0)))
    for op, goroutine, does in ((made, 7, ALLOCATES), (freed, 5, FREES)):
        mine = [row for row in told if row[4] == op]
        assert [(actor, kind) for actor, kind, *_ in mine] == [
            (goroutine, does),
            (goroutine, WAITS),
            (goroutine, does),
        ]
        assert [row[2] for row in mine[1:]] == [
            row[3] for row in mine[:-1]
        ]  # one begins where the other ends
    during = {actor for actor, kind, first, *_ in told for row in told if row[4] == freed and row[1] == WAITS
              if row[2] <= first < row[3] and kind != WAITS}  # fmt: skip
    assert during == {MAIN, GC_WORKER, 7, 9}


def test_actors_of_the_runtime_have_their_own_kinds():
    found = {(actor, kind) for actor, kind, *_ in stretches(overtaking())}
    assert {(GC_WORKER, MARKS), (FINALIZER, FREES), (MAIN, MARKS), (MAIN, WAITS), (9, ELSE)} <= found
    assert not {kind for actor, kind in found if actor == GC_WORKER} - {MARKS}
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.MarkBegin(), ops.FinishMark(), ops.SweepStep()])
    assert (SWEEPER, SWEEPS) in {(actor, kind) for actor, kind, *_ in stretches(history)}


def test_why_it_waits_is_the_logs_point():
    doing = Doing(overtaking())
    whys = {(5, "Free has dealt"), (7, "refill saw the reuse list empty")}
    for actor, kind, first, _, op in stretches(overtaking()):
        why = doing.point(op, first) if kind == WAITS else ""
        assert any(actor == who and why.startswith(words) for who, words in whys) == (bool(why))
    assert len(doing.points) == len(whys)


def test_operation_that_the_end_cuts_off_waits_to_the_end():
    machine = Machine(GC_OFF)
    machine.take(Begin(3, ops.NewArena(0), until="reuse empty"))
    machine.do(ops.NewArena(1), goroutine=4)
    last = [row for row in stretches(machine.history) if row[0] == 3][-1]
    assert (last[1], last[3]) == (WAITS, len(machine.history))


def test_counts_are_those_of_the_operations():
    history, lanes = overtaking(), goroutines(Doing(overtaking()), 0).lanes
    of = dict(zip(lanes.actor.tolist(), range(len(lanes)), strict=True))
    assert {actor: int(lanes.arenas[row]) for actor, row in of.items() if lanes.arenas[row]} == {
        5: 1,
        7: 1,
        9: 1,
    }
    assert {actor: int(lanes.values[row]) for actor, row in of.items() if lanes.values[row]} == {
        5: 9,
        7: 1,
        9: 1,
    }
    assert {actor: int(lanes.frees[row]) for actor, row in of.items() if lanes.frees[row]} == {
        5: 1,
        7: 1,
        FINALIZER: 1,
    }
    assert lanes.frees.sum() == sum(type(event) is MarkedDefunct for event in history.events)
    assert (lanes.waits[of[5]], lanes.waits[of[7]], lanes.waits[of[9]]) == (1, 1, 0)


def test_values_of_a_repetition_count():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Rep(0, QUARTER, 3), ops.MakeSlice(0, QUARTER, 1)])
    assert goroutines(Doing(history), 0).lanes.values.tolist() == [4]


@pytest.mark.parametrize("scale", [OPERATIONS, EVENTS])
def test_lanes_follow_the_scale_and_the_cursor(scale):
    history = overtaking()
    doing = Doing(history)
    end = len(history.ops) if scale == OPERATIONS else len(history)
    view = goroutines(doing, len(history), scale=scale)
    assert (view.end, view.at, view.window) == (end, end, (0, end))
    assert view.parts.right.max() == end
    for lane in range(len(view.lanes)):
        mine = view.parts.lane == lane
        assert (np.diff(view.parts.left[mine]) >= 0).all()
        assert (view.parts.left[mine][1:] >= view.parts.right[mine][:-1] - 1e-9).all()


WINDOWS = [(scale, window) for scale in (OPERATIONS, EVENTS) for window in (None, (0, 8), (2, 12))]


def agree(doing):
    """Hold what lanes show that were looked at before against those of a first look."""
    for scale, window in WINDOWS:
        one, again = (goroutines(its, 0, scale=scale, window=window) for its in (Doing(doing.history), doing))
        assert one.parts == again.parts
        assert one.text() == again.text()


@given(programs(), st.data())
def test_lanes_that_were_looked_at_before_are_those_of_a_first_look(program, data):
    machine, done = Machine(GC_OFF), 0
    doing = Doing(machine.history)
    for cut in sorted(data.draw(st.sets(st.integers(0, len(program)), max_size=2)) | {len(program)}):
        machine.run(program[done:cut])
        done = cut
        agree(doing)


def test_lanes_of_a_run_that_was_taken_back_are_those_of_the_run_that_it_became():
    machine = Machine(GC_OFF)
    history = machine.run([ops.NewArena(0), ops.New(0, QUARTER), ops.New(0, QUARTER), ops.New(0, QUARTER)])
    doing = Doing(history)
    agree(doing)
    history.take_back(1, history.op_end(1))
    machine.run([ops.Free(0), ops.NewArena(1), ops.New(1, QUARTER)])
    agree(doing)


def test_part_of_the_axis_shows_what_reaches_into_it_cut_off():
    view = goroutines(Doing(overtaking()), 0, window=(8, 18), scale=OPERATIONS)
    assert (view.parts.left.min(), view.parts.right.max()) == (8, 18)
    assert view.axis_words() == f"operations 8 to 18 of {view.end}"
    assert goroutines(Doing(overtaking()), 0, fit=AROUND).window[0] == 0


def test_crowded_lane_shows_the_longest_of_each_part_and_says_how_many():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0), goroutine=2)
    for _ in range(3 * CELLS):
        machine.do(ops.New(0, QUARTER), goroutine=2)
        machine.do(ops.NewArena(len(machine.world.user_arenas)), goroutine=3)
    its = goroutines(Doing(machine.history), 0).parts
    assert len(its) <= 2 * CELLS
    assert its.count.sum() == 6 * CELLS + 1
    assert its.call.tolist().count("") == (its.count > 1).sum() > 0
    assert its.left.min() == 0


def test_page_of_lanes_is_that_of_whoever_acts_or_is_followed():
    machine = Machine(GC_OFF)
    for number in range(3 * PAGE):
        machine.do(ops.NewArena(number), goroutine=number + 10)
    doing, ends = Doing(machine.history), machine.history.log.op_end
    assert [goroutines(doing, ends(number)).first for number in (0, PAGE, 3 * PAGE - 1)] == [
        0,
        PAGE,
        2 * PAGE,
    ]
    assert goroutines(doing, ends(0), who=10 + PAGE).first == PAGE
    last = goroutines(doing, 0, page=99)
    assert (last.first, last.page_words()) == (
        2 * PAGE,
        f"goroutines {2 * PAGE + 1} to {3 * PAGE} of {3 * PAGE}",
    )


def test_picture_keeps_its_height_and_writes_every_lane():
    history = overtaking()
    doing = Doing(history)
    scenes = [goroutines_scene(goroutines(doing, at)) for at in (0, len(history) // 2, len(history))]
    assert len({scene.height for scene in scenes}) == 1
    for name in (
        "goroutine 1",
        "goroutine 5",
        "goroutine 7",
        "goroutine 9",
        "GC worker",
        "finalizer goroutine",
        *COLUMNS,
    ):
        assert f"{name}</text>" in "".join(scenes[0].shapes)


def test_text_twin_tells_what_the_picture_shows():
    text = goroutines(Doing(overtaking()), len(overtaking())).text()
    assert "4 goroutines, and the runtime's own; the whole run" in text
    for words in ("goroutine 7      waits", "refill saw the reuse list empty", "finalizer goroutine"):
        assert words in text
    assert "site" not in text


def test_empty_run_has_a_picture():
    view = goroutines(Doing(Machine(GC_OFF).history), 0)
    assert len(view.parts) == 0
    assert goroutines_scene(view).shapes
    assert seen.NOBODY == 0
