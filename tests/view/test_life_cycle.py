"""The life cycle shows the table of the model, and every chunk where the World has it."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view import lanes as lanes_module
from arenalab.view import life_cycle as view_module
from arenalab.view.lanes import EVENTS, OPERATIONS, SCALES, lanes
from arenalab.view.life_cycle import HEAD, LISTS, PAGE, TAIL, life_cycle
from arenalab.view.lives import Lives
from arenalab.world import ops
from arenalab.world.actors import MAIN, actor_name
from arenalab.world.chunk_events import ChunkMapped
from arenalab.world.end_events import ChunkQuarantined
from arenalab.world.history import History
from arenalab.world.life_cycle import ABSENT, STATES, TRANSITIONS, states_of
from tests.examples import examples
from tests.programs import moments_of
from tests.strategies import GC_OFF, programs

BIG = type_of("[2097152]byte")  #: a quarter of a chunk


def run(program):
    return Machine(GC_OFF).run(program)


def filled(chunks):
    """A history of one arena that fills so many chunks, is freed and swept."""
    return run([ops.NewArena(0), *[ops.New(0, BIG)] * 4 * chunks, ops.Free(0), ops.RunGC()])


def real_order(world):
    """The chunks of each list, as the World has them."""
    arenas = world.user_arenas.values()
    elsewhere = {*world.ready, *world.quarantine, *world.reuse, *world.fault}
    order = {
        "ready": world.ready,
        "quarantine": world.quarantine,
        "reuse": world.reuse,
        "fault": world.fault,
        "active": [a.active for a in arenas if a.active is not None and a.active not in elsewhere],
        "full": [chunk for a in arenas for chunk in a.full_list],
    }
    there = {chunk for chunks in order.values() for chunk in chunks}
    return order | {"in transit": [n for n in range(len(world.spans)) if n not in there]}


@examples(40)
@given(programs(micro_gc=True), st.data())
def test_every_chunk_stands_in_its_list_where_the_world_has_it(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    world = history.at(at)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_module, "HEAD", 10**6)
        tokens = life_cycle(Lives(history), at).tokens
    for state, chunks in real_order(world).items():
        assert tokens.chunk[tokens.state == state].tolist() == chunks
    named = dict(zip(tokens.chunk.tolist(), tokens.state.tolist(), strict=True))
    assert [named[n] for n in range(len(world.spans))] == states_of(world)
    owners = dict(zip(tokens.chunk.tolist(), tokens.user_arena.tolist(), strict=True))
    for chunk in range(len(world.spans)):
        owner = world.owner_of(chunk)
        assert owners[chunk] == (-1 if owner is None else owner)


@pytest.mark.parametrize(
    ("state", "program"),
    [
        ("ready", [ops.NewArena(0), *[ops.New(0, BIG)] * 13, ops.Free(0), ops.RunGC()]),
        ("full", [ops.NewArena(0), *[ops.New(0, BIG)] * 13]),
        ("reuse", [*map(ops.NewArena, range(3)), *map(ops.Free, range(3))]),
        ("fault", [ops.NewArena(0), *[ops.New(0, BIG)] * 13, ops.MarkBegin(), ops.Free(0)]),
        ("quarantine", [ops.NewArena(0), *[ops.New(0, BIG)] * 13, ops.Free(0)]),
    ],
)
def test_end_of_a_list_that_is_said_to_come_first_does(state, program):
    history = run(program)
    view = life_cycle(Lives(history), len(history))
    came = view.tokens.since[view.tokens.state == state].tolist()
    order = view.states.order[view.states.state.tolist().index(state)]
    came = [moment for moment in came if moment > history.op_end(1)]  # those that have been in use
    assert len(came) == 3
    assert order.split(",")[0] == ("oldest first" if came == sorted(came) else "head first")
    assert came in (sorted(came), sorted(came, reverse=True))


@examples(40)
@given(programs(micro_gc=True), st.data())
def test_lives_and_lanes_tell_the_state_of_each_chunk_at_each_moment(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    lives, world, chunks = Lives(history), history.at(at), len(history.world.spans)
    expected = states_of(world) + [ABSENT] * (chunks - len(world.spans))
    states, since, _ = lives.states(at, chunks)
    assert [STATES[number] for number in states] == expected
    for chunk, moment in enumerate(since.tolist()):
        before = states_of(history.at(moment - 1)) if moment else []
        assert moment <= at
        assert moment == 0 or (before + [ABSENT] * chunks)[chunk] != expected[chunk]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "CELLS", 10**9)
        shown = lanes(lives, range(chunks), data.draw(st.sampled_from(SCALES)))
    last = shown.until == len(history)
    now = (shown.entered <= at) * np.logical_or(shown.until > at, last * (at == len(history)))
    assert shown.chunk[now].tolist() == list(range(chunks))
    assert shown.state[now].tolist() == expected
    assert shown.op.tolist() == [history.log.op_at(moment) for moment in shown.entered.tolist()]


@examples(30)
@given(programs(), st.sampled_from(SCALES), st.integers(1, 30))
def test_merged_lanes_stay_whole_and_never_lie(program, scale, cells):
    history = run(program)
    lives, chunks = Lives(history), len(history.world.spans)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "CELLS", cells)
        shown = lanes(lives, range(chunks), scale)
    end = len(history.ops) if scale == OPERATIONS else len(history)
    for chunk in range(chunks):
        mine = np.flatnonzero(shown.chunk == chunk)
        assert 1 <= len(mine) <= cells + 1
        assert (shown.left[mine[0]], shown.right[mine[-1]]) == (0, end)
        assert all(shown.right[one] == shown.left[other] for one, other in pairwise(mine))
        for row in mine:  # what a stretch says was so when it says it began
            states, _, _ = lives.states(int(shown.entered[row]), chunks)
            assert STATES[states[chunk]] == shown.state[row]


def test_value_that_points_into_its_own_arena_is_told_once():
    program = [ops.NewArena(0), ops.New(0, type_of("*int")), ops.New(0, type_of("int")), ops.Link(0, 0)]
    history = run([*program, ops.Free(0), ops.RunGC(detail=True)])
    assert life_cycle(Lives(history), 0, focus=0).story.total == len(history.story(chunk=0))


@examples(30)
@given(programs(micro_gc=True), st.data())
def test_story_is_that_of_the_history_around_the_cursor(program, data):
    history = run(program)
    at = data.draw(st.integers(0, len(history)))
    lives = Lives(history)
    for chunk in range(len(history.world.spans)):
        whole, told = history.story(chunk=chunk), life_cycle(lives, at, focus=chunk).story
        assert told.total == len(whole)
        lines = whole[told.first : told.first + len(told.lines)]
        assert told.lines.moment.tolist() == [line.at + 1 for line in lines]
        assert told.lines.op.tolist() == [line.op - 1 for line in lines]
        alone = history.actors == [MAIN]
        who = ["" if alone else f"{actor_name(line.actor)}: " for line in lines]
        sentences = [name + line.event.sentence() for name, line in zip(who, lines, strict=True)]
        assert told.lines.sentence.tolist() == sentences
        past = [line.at for line in whole if line.at < at]
        assert told.lines.moment[told.lines.current].tolist() == [n + 1 for n in past[-1:]]


def test_every_recorded_moment_can_be_looked_at(made_history):
    lives = Lives(made_history)
    for at in moments_of(made_history, 12):
        view, world = life_cycle(lives, at), made_history.at(at)
        assert view.states.chunks[1:].sum() == len(world.spans)
        assert view.text().startswith("operation")


def test_arrows_are_the_rows_of_the_table():
    arrows = life_cycle(Lives(filled(1)), 0).arrows
    rows = zip(arrows.source, arrows.event, arrows.target, strict=True)
    assert {(source, event): target for source, event, target in rows} == {
        (source, kind.__name__): target for (source, kind), target in TRANSITIONS.items()
    }


def test_planted_transition_becomes_an_arrow(monkeypatch):
    monkeypatch.setitem(TRANSITIONS, ("ready", ChunkMapped), "fault")
    arrows = life_cycle(Lives(filled(1)), 0).arrows
    assert ("ready", "fault", "ChunkMapped") in set(
        zip(arrows.source, arrows.target, arrows.event, strict=True)
    )


def test_every_state_has_a_list_and_an_order():
    assert set(LISTS) == set(STATES)


def test_operation_moves_tokens_along_arrows():
    history = run([ops.NewArena(0), *[ops.New(0, BIG)] * 5, ops.Free(0)])
    view = life_cycle(Lives(history), len(history))
    arrows, tokens = view.arrows, view.tokens
    taken = dict(zip(arrows.event[arrows.now > 0], arrows.now[arrows.now > 0], strict=True))
    assert taken == {"FullUnlinked": 1, "ChunkQuarantined": 1, "ReusePut": 1}
    assert sorted(tokens.chunk[tokens.now].tolist()) == [0, 1]


def test_within_an_operation_only_the_latest_event_counts():
    history = run([ops.NewArena(0), *[ops.New(0, BIG)] * 5, ops.Free(0)])
    lives = Lives(history)
    at = next(n for n, e in enumerate(history.events, 1) if type(e).__name__ == "FullUnlinked")
    one, next_one = life_cycle(lives, at), life_cycle(lives, at + 1)
    assert one.arrows.event[one.arrows.now > 0].tolist() == ["FullUnlinked"]
    assert one.tokens.chunk[one.tokens.now].tolist() == [0]
    assert next_one.arrows.now.sum() == next_one.tokens.now.sum() == 0


@examples(25)
@given(programs(micro_gc=True), st.sampled_from(SCALES), st.data())
def test_part_of_a_lane_tells_what_the_whole_lane_tells_there(program, scale, data):
    history = run(program)
    lives, chunks = Lives(history), range(len(history.world.spans))
    end = len(history.ops) if scale == OPERATIONS else len(history)
    first = data.draw(st.integers(0, end - 1))
    last = data.draw(st.integers(first + 1, end))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes_module, "CELLS", 10**9)
        whole, part = lanes(lives, chunks, scale), lanes(lives, chunks, scale, (first, last))
    for chunk in chunks:
        its, all_of_it = part.chunk == chunk, whole.chunk == chunk
        assert (part.left[its][0], part.right[its][-1]) == (first, last)
        assert part.left[its][1:].tolist() == part.right[its][:-1].tolist()
        for place in np.linspace(first, last, 40, endpoint=False) + 1e-6:
            told, true = (
                table.state[rows][int((table.right[rows] <= place).sum())]
                for table, rows in ((part, its), (whole, all_of_it))
            )
            assert told == true


def test_map_counts_every_move_once():
    history = filled(9)
    lives = Lives(history)
    for scale in SCALES:
        assert life_cycle(lives, 0, scale=scale).busy.moves.sum() == len(lives.moves(0, len(history)))


def test_operation_without_events_moves_nothing_and_is_a_place_on_the_lane():
    history = run([ops.NewArena(0), ops.MakeSlice(0, type_of("int"), 0), ops.Snapshot(), ops.Snapshot()])
    lives, end = Lives(history), len(history)
    quiet = [n for n in range(len(history.ops)) if not history.events_of(n + 1)]
    for op in quiet:
        view = life_cycle(lives, history.op_end(op + 1), op=op)
        assert (view.at, view.arrows.now.sum()) == (op + 1, 0)
    assert life_cycle(lives, end, scale=EVENTS).at == end


def test_long_list_shows_its_ends_and_counts_the_middle():
    view = life_cycle(Lives(filled(20)), len(filled(20)))
    ready = view.states.state.tolist().index("ready")
    chunks = int(view.states.chunks[ready])
    shown = view.tokens.place[view.tokens.state == "ready"].tolist()
    assert shown == [*range(HEAD), *range(chunks - TAIL, chunks)]
    assert view.states.hidden[ready] == chunks - HEAD - TAIL
    assert view.states.hidden_now[ready] > 0


def test_lanes_turn_their_page_with_the_focus():
    lives = Lives(filled(12))
    pages = [life_cycle(lives, 40, focus=chunk) for chunk in (0, PAGE - 1, PAGE)]
    assert [view.first for view in pages] == [0, 0, PAGE]
    assert {view.rows for view in pages} == {PAGE}
    assert sorted(set(pages[2].lanes.chunk.tolist())) == list(range(PAGE, 2 * PAGE))


def test_chunk_that_is_still_to_come_stands_among_the_absent_and_has_a_story():
    history = filled(9)
    view = life_cycle(Lives(history), 0, focus=8)
    assert set(view.tokens.state) == {ABSENT}
    assert (view.focus, view.story.first, view.story.lines.current.any()) == (8, 0, False)


def test_chunk_that_never_comes_is_no_focus():
    assert life_cycle(Lives(filled(1)), 0, focus=99).focus == -1
    assert "no chunk yet" in life_cycle(Lives(run([ops.Snapshot()])), 0).text()


def test_lives_follow_a_history_that_grows():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    lives = Lives(machine.history)
    for op in (ops.Free(0), ops.NewArena(1), *[ops.New(1, BIG)] * 5, ops.Free(1), ops.RunGC()):
        machine.do(op)
        at = len(machine.history)
        assert life_cycle(lives, at) == life_cycle(Lives(machine.history), at)


def test_history_that_goes_on_from_a_world_knows_where_chunks_were():
    world = run([ops.NewArena(0), *[ops.New(0, BIG)] * 5, ops.Free(0)]).world
    lives = Lives(History(world.rules, world.fork()))
    assert life_cycle(lives, 0).states == life_cycle(lives, 0).states
    states, since, _ = lives.states(0, len(world.spans))
    assert [STATES[number] for number in states] == states_of(world)
    assert since.sum() == 0
    assert set(life_cycle(lives, 0).lanes.state) <= set(states_of(world))


def test_planted_wrong_move_is_seen(monkeypatch):
    """The law of states is not empty: a table that sends a chunk elsewhere breaks it."""
    monkeypatch.setitem(TRANSITIONS, ("in transit", ChunkQuarantined), "ready")
    history = run([ops.NewArena(0), *[ops.New(0, BIG)] * 5, ops.Free(0)])
    states, _, _ = Lives(history).states(len(history), len(history.world.spans))
    assert [STATES[number] for number in states] != states_of(history.world)
