"""Runs of arenas that come and go, solved at once: the step machine's World and events, and what is refused."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arenalab.bulk import arena_run
from arenalab.bulk.handle_slots import Slots
from arenalab.bulk.turns import Stretch, Turns, certify_turns
from arenalab.errors import ModelBug, ScenarioError
from arenalab.go.versions import GO_NEWEST
from arenalab.machine.machine import Machine
from arenalab.replay import arenas, runs
from arenalab.replay.replay import expand, replay
from arenalab.replay.workloads import workload
from arenalab.view.lives import Lives
from arenalab.view.outcome import outcome
from arenalab.view.usage import usage
from arenalab.world import ops
from arenalab.world.end_events import HandleDropped
from arenalab.world.events import ChunkRetired
from arenalab.world.history import History
from arenalab.world.invariants import check_settled
from arenalab.world.life_cycle import STATES, moves, states_of
from arenalab.world.run_events import ArenaRun, freed_by
from tests.replay.test_replay import differing, expanded_events
from tests.strategies import GC_OFF, small_types

FEW = settings(max_examples=40, suppress_health_check=["function_scoped_fixture", "too_slow"])


@pytest.fixture
def short_runs(monkeypatch):
    """Let an arena of one value be a run, so that small programs meet the solvers."""
    monkeypatch.setattr(runs, "SHORT", 3)
    monkeypatch.setattr(runs, "SOME", 1)
    monkeypatch.setattr(arenas, "MOST_PAUSE", 0)
    monkeypatch.setattr("arenalab.replay.replay.SHORT", 3)


@st.composite
def one_request(draw, first, others):
    """Draw an arena, or two that overlap, from the making to the Free or Drop; values of other arenas in between."""
    count = draw(st.integers(1, 2))
    program, mine = [ops.NewArena(first)], [first]
    for number in range(first + 1, first + count):
        program.insert(draw(st.integers(0, len(program))), ops.NewArena(number))
        mine.append(number)
    for _ in range(draw(st.integers(0, 5))):
        who, cap = draw(st.sampled_from([*mine, *others])), draw(st.sampled_from([0, 1, 2, 40]))
        kind = draw(small_types)
        program.append(ops.MakeSlice(who, kind, cap) if cap else ops.New(who, kind))
    for number in draw(st.permutations(mine)):
        program.append(draw(st.sampled_from([ops.Free, ops.Free, ops.Drop]))(number))
        program += [ops.New(who, draw(small_types)) for who in others if draw(st.booleans())]
    return program


@st.composite
def requests(draw):
    """Draw a program of requests, with something else in between: collections, arenas that stay, are dropped, held."""
    program, live, made = (
        [ops.NewArena(0), ops.NewArena(1), ops.Free(0), ops.NewArena(2), ops.Free(1)],
        [2],
        3,
    )
    for move in draw(
        st.lists(st.sampled_from([*["request"] * 8, "stay", "gc", "drop", "free", "hold"]), max_size=25)
    ):
        who = live[draw(st.integers(0, len(live) - 1))] if live else None
        match move:
            case "request":
                program += draw(one_request(made, live))
                made += 2
            case "stay":
                program.append(ops.NewArena(made))
                live.append(made)
                made += 1
            case "gc":
                program.append(ops.RunGC())
            case "hold" if live:
                program.append(ops.Hold(0, who))
            case "free" | "drop" if live:
                live.remove(who)
                program.append(ops.Free(who) if move == "free" else ops.Drop(who))
    return program


@pytest.mark.usefixtures("short_runs")
@FEW
@given(requests(), st.sampled_from([GC_OFF, replace(GO_NEWEST, gogc=-1)]))
def test_random_requests_end_in_the_step_machines_world_by_its_events(program, rules):
    bulk, steps = replay(program, rules), Machine(rules).run(program)
    assert bulk.world.counted() == steps.world.counted()
    assert bulk.world.differences(steps.world) == []
    assert differing(bulk, steps) == []
    assert expanded_events(bulk) == steps.events
    check_settled(bulk.world)


def overlapping(count=60, values=4):
    """Return a program in which always two arenas are open, one of them for good; each is freed before the last one."""
    word, node = workload("many-small-arenas", 10).types[3], workload("many-small-arenas", 10).types[9]
    program = [ops.NewArena(number) for number in range(4)]
    program += [ops.New(0, node), *(ops.Free(number) for number in (1, 2, 3))]
    for number in range(4, 4 + 2 * count, 2):
        program += [ops.NewArena(number), ops.New(number, node), ops.NewArena(number + 1), ops.New(0, word)]
        program += [ops.New(number + value % 2, word) for value in range(values)]
        program += [ops.Free(number), ops.New(number + 1, node), ops.Free(number + 1)]
    return program


def sliding(count=400, wide=3):
    """Return the program of a server that always has some requests open: each is freed when `wide` more have begun."""
    word, node = workload("many-small-arenas", 10).types[3], workload("many-small-arenas", 10).types[9]
    program = []
    for number in range(count):
        program += [ops.NewArena(number), ops.New(number, node)]
        program += [ops.New(max(0, number - back), word) for back in range(wide)]
        if number >= wide:
            program += [ops.Free(number - wide), ops.MakeSlice(number, node, 2)]
    return program


def dropping(count=60, every=7):
    """Return a program of requests that now and then drops its arena; chunks for that many are on the reuse list."""
    word, node = workload("many-small-arenas", 10).types[3], workload("many-small-arenas", 10).types[9]
    spare = range(count, count + count // every + 3)
    program = [*map(ops.NewArena, spare), ops.New(count, node), *map(ops.Free, spare)]
    for number in range(count):
        program += [ops.NewArena(number), *(ops.New(number, kind) for kind in (word, node, word))]
        program.append((ops.Drop if number % every == 3 else ops.Free)(number))
    return program


def test_requests_that_drop_their_arena_are_in_one_run_with_the_others():
    history, steps = replay(dropping(), GC_OFF), Machine(GC_OFF).run(dropping())
    dropped = [event for event in history.events if isinstance(event, HandleDropped)]
    _, run = run_of(history)
    assert (len(dropped), len(run.opened), len(freed_by(run))) == (9, 9, 51)
    assert history.world.differences(steps.world) == []
    assert expanded_events(history) == steps.events


def test_server_that_always_has_requests_open_is_a_few_runs(tmp_path):
    program = sliding()
    history, steps = replay(program, GC_OFF), Machine(GC_OFF).run(program)
    found = [event for event in history.events if isinstance(event, ArenaRun)]
    assert sum(len(freed_by(run)) for run in found) > 350
    assert 20 * len(history) < len(steps)
    assert any(run.opened for run in found)
    assert history.world.differences(steps.world) == []
    assert expanded_events(history) == steps.events
    history.save(tmp_path / "server.json")
    assert History.load(tmp_path / "server.json").world.differences(steps.world) == []


@pytest.mark.usefixtures("short_runs")
def test_chunks_are_where_the_world_has_them_after_every_run():
    word = workload("many-small-arenas", 10).types[3]
    program = [
        *sliding(40, wide=6),
        ops.RunGC(),
        ops.NewArena(90),
        ops.New(90, word),
        *map(ops.Free, range(36, 40)),
    ]
    program += [ops.New(90, word), ops.NewArena(91), ops.New(91, word), ops.New(90, word)]
    history = replay(program, GC_OFF)
    lives = Lives(history)
    moved = {kind for run in history.events if isinstance(run, ArenaRun) for _, kind in moves(run)}
    assert len(moved) == 3
    for at in range(len(history) + 1):
        states, *_ = lives.states(at, len(history.world.spans))
        assert [STATES[state] for state in states.tolist()][: len(history.at(at).spans)] == states_of(
            history.at(at)
        )


def test_arena_that_is_open_stands_before_those_that_come_one_by_one():
    """As after a collection: the machine makes the first one, which fills the caches."""
    word, node = workload("many-small-arenas", 10).types[3], workload("many-small-arenas", 10).types[9]
    program = [ops.NewArena(0), ops.NewArena(1), ops.Free(0), ops.New(1, word), ops.RunGC(), ops.NewArena(2)]
    for number in range(2, 40):
        program += [
            *[ops.New(number, kind) for kind in (word, node, word)],
            ops.Free(number),
            ops.NewArena(number + 1),
        ]
    history, steps = replay(program, GC_OFF), Machine(GC_OFF).run(program)
    (run,) = (event for event in history.events if isinstance(event, ArenaRun))
    assert (run.ended, run.homes, run.reuse, len(freed_by(run))) == ((2,), (0,), (0,), 38)
    assert history.world.differences(steps.world) == []
    assert expanded_events(history) == steps.events


def run_of(history):
    """Return the number of the first run of arenas, and the run."""
    return next((at, event) for at, event in enumerate(history.events) if isinstance(event, ArenaRun))


def test_arenas_that_overlap_and_one_that_stays_are_one_run():
    program = overlapping()
    history, steps = replay(program, GC_OFF), Machine(GC_OFF).run(program)
    _, run = run_of(history)
    assert len(freed_by(run)) > 100
    assert (run.stay, len(run.homes), len(run.reuse)) == ((0,), 3, 2)
    assert history.world.differences(steps.world) == []
    assert expanded_events(history) == steps.events


@pytest.fixture(scope="module")
def requests_run():
    """Thousands of requests, with collections; and the same by single steps."""
    trace = workload("many-small-arenas", 15_000)
    return replay(trace, GC_OFF), Machine(GC_OFF).run(trace)


def test_a_thousand_requests_are_a_few_events(requests_run):
    history, steps = requests_run
    assert sum(len(freed_by(event)) for event in history.events if isinstance(event, ArenaRun)) > 1000
    assert len(history) < 300 < 100 * len(history) < len(steps)
    assert history.world.differences(steps.world) == []
    assert history.op_rows.numbers.tolist() == steps.op_rows.numbers.tolist()


def test_history_re_applied_and_one_that_was_saved_end_alike(requests_run, tmp_path):
    history, _ = requests_run
    again = History(history.rules)
    for event in history.events:
        again.record(event)
    history.save(tmp_path / "requests.json")
    for other in (again, History.load(tmp_path / "requests.json")):
        assert other.world.differences(history.world) == []


def test_every_moment_of_it_can_be_sought_and_stepped(requests_run):
    history, _ = requests_run
    for at in range(0, len(history) + 1, 7):
        assert history.at(at).now == at
    at, run = run_of(history)
    parts = expand(history, at)
    assert parts.at(0).differences(history.at(at)) == []
    assert parts.world.differences(history.at(history.op_end(history.op_of(at + 1)))) == []
    last = history.log.op_at(at + 1)
    assert run.sentence() in outcome(history, last)
    assert run.sentence() in outcome(history, last - 1)


def test_what_a_run_made_of_its_arenas_is_told_as_of_single_steps(requests_run):
    bulk, steps = (usage(history) for history in requests_run)
    told = ("arenas", "freed", "finalized", "unfreed", "in_chunks", "obtained", "reused", "full", "left")
    assert [getattr(bulk, name) for name in told] == [getattr(steps, name) for name in told]


def test_a_full_chunk_ends_a_run_and_the_next_goes_on():
    history = replay(workload("request-response", 14_000), GC_OFF)
    full = next(at for at, event in enumerate(history.events) if isinstance(event, ChunkRetired))
    before, after = (
        {home for event in events if isinstance(event, ArenaRun) for home in event.homes}
        for events in (history.events[:full], history.events[full:])
    )
    assert (before, after) == ({0}, {1})
    steps = Machine(GC_OFF, in_bulk=True).run(workload("request-response", 14_000))
    assert history.world.differences(steps.world) == []


@pytest.mark.parametrize(
    "nonsense",
    [
        ops.Free(1),
        ops.Free(6),
        ops.NewArena(6),
        *(ops.New(number, workload("many-small-arenas", 10).types[9]) for number in (1, 7, 99)),
        ops.Drop(1),
        ops.Drop(99),
        [ops.Drop(0), ops.Drop(0)],
        [ops.Drop(0), ops.Free(0)],
        ops.Drop(0),  # values of it follow
    ],
)
def test_nonsense_within_a_run_is_the_machines(nonsense):
    program = overlapping()
    program[150:150] = nonsense if isinstance(nonsense, list) else [nonsense]
    found = []
    for run in (replay, lambda rows, rules: Machine(rules).run(rows)):
        try:
            found.append(run(program, GC_OFF).world)
        except ScenarioError as refused:
            found.append(re.sub(r"^operation \d+: ", "", str(refused)))
    assert found[0] == found[1]


#: A solver's name in `bulk.arena_run` -> a fault of its answer, and what the certificate says.
FAULTS = {
    "handed on": ("handed_on", lambda got: np.append(np.roll(got[:-1], 1), got[-1]), "the reuse list's last is"),
    "a chunk of an arena that has one": ("handed_on", lambda got: np.roll(got, 1), "has a chunk another one"),
    "turns": ("turns_of", lambda turns: turns._replace(arena=turns.arena[::-1].copy()), "turns"),
    "an arena that is freed too early": (
        "turns_of", lambda turns: turns._replace(freed=np.roll(turns.freed, 1)), "turns|before it is made"
    ),
    "a slot left out": (
        "solve_slots",
        lambda got: Slots(np.append(got.slots[:-1], got.slots[-1] + 1), got.refilled),
        "passes over a free slot",
    ),
    "a slot twice": (
        "solve_slots",
        lambda got: Slots(np.append(got.slots[:-1], got.slots[0]), got.refilled),
        "after the one|passes over",
    ),
}  # fmt: skip


#: The same, where the program drops arenas.
FAULTS_OF_DROPS = {
    "a drop left out": ("turns_of", lambda turns: turns._replace(dropped=turns.dropped[1:]), "turns"),
    "a value behind the drop": (
        "turns_of", lambda turns: turns._replace(dropped=turns.dropped - 1), "turns"
    ),
}  # fmt: skip


def test_arena_used_after_its_drop_is_refused():
    """What `turns_of` never says: the certificate alone looks at it."""
    stretch = Stretch(
        *(np.array(flags, bool) for flags in ([1, 0, 0], [0, 0, 0], [0, 1, 0])), np.array([5, 5, 5])
    )
    turns = Turns(3, *map(np.array, ([0], [3], [5], [2], [0], [1])))
    with pytest.raises(ModelBug, match="after it is dropped"):
        certify_turns(stretch, turns)


@pytest.mark.parametrize("fault", [*FAULTS, *FAULTS_OF_DROPS])
def test_faulty_solver_is_refused(fault, monkeypatch):
    name, spoil, text = (FAULTS | FAULTS_OF_DROPS)[fault]
    right = getattr(arena_run, name)

    def wrong(*asked):
        got = right(*asked)
        return None if got is None else spoil(got)

    monkeypatch.setattr(arena_run, name, wrong)
    with pytest.raises(ModelBug, match=text):
        replay(dropping() if fault in FAULTS_OF_DROPS else overlapping(), GC_OFF)


def test_a_value_at_another_place_is_refused(monkeypatch):
    import arenalab.bulk.run as solver  # noqa: PLC0415  # its name is used, too

    right = solver.solve

    def wrong(*asked):
        groups, start = right(*asked)
        start[len(start) // 2] += 8
        return groups, start

    monkeypatch.setattr(solver, "solve", wrong)
    with pytest.raises(ModelBug, match="of the run: solver says"):
        replay(overlapping(), GC_OFF)
