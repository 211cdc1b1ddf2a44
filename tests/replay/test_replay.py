"""Bulk replay against the step machine: equal Worlds, equal events once a run is expanded."""

import gc as cyclic
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arenalab.errors import ScenarioError
from arenalab.go.versions import GO_1_21
from arenalab.machine.machine import Machine
from arenalab.replay import replay as replay_module
from arenalab.replay.replay import expand, replay
from arenalab.replay.stream import replay_long
from arenalab.replay.trace import Trace
from arenalab.replay.workloads import WORKLOADS, workload, workload_pieces
from arenalab.syntax import type_of
from arenalab.truth.follow import rules_of
from arenalab.truth.recording import load_recording
from arenalab.world import ops
from arenalab.world.apply_forget import forget
from arenalab.world.history import History
from arenalab.world.invariants import check_settled
from arenalab.world.run_events import BumpRun
from arenalab.world.timeline import KEYFRAME_ROWS
from tests.examples import examples
from tests.left import about
from tests.strategies import GC_OFF, TYPES, programs, types

RECORDINGS = sorted((Path(__file__).parents[1] / "data" / "recordings").rglob("*.jsonl"))
few = examples(40)


@pytest.fixture
def short_runs(monkeypatch):
    """Let stretches of two rows be solved at once, so that small programs meet the solvers."""
    monkeypatch.setattr(replay_module, "SHORT", 2)


@st.composite
def crowded_programs(draw):
    """A random program whose allocations come in crowds, in several arenas in turn."""
    program = []
    for op in draw(programs(max_ops=12)):
        program.append(op)
        if isinstance(op, ops.New | ops.MakeSlice):
            crowd = st.tuples(types, st.one_of(st.none(), st.integers(0, 40)))
            for go_type, cap in draw(st.lists(crowd, max_size=25)):
                small = go_type.size <= 4096
                program.append(
                    ops.New(op.user_arena, go_type)
                    if cap is None or not small
                    else ops.MakeSlice(op.user_arena, go_type, cap)
                )
    return program


def stepped(program, rules=GC_OFF):
    return Machine(rules).run(program)


def expanded_events(history):
    """All events, with each run of operations replaced by the steps behind it."""
    at, events = 0, []
    while at < len(history):
        part = expand(history, at)
        events += part.events
        at = history.op_end(history.log.op_at(at + 1) + 1)
    return events


def differing(bulk, steps):
    """After how many operations the Worlds differ, where none is under way and no cycle starts by itself."""
    ends = [bulk.op_end(number) for number in range(len(bulk.ops) + 1)]  # in a run: where it begins
    moments = [number for number, end in enumerate(ends) if end not in ends[:number]]
    return [number for number in moments if bulk.after_op(number).differences(steps.after_op(number))]


@pytest.mark.usefixtures("short_runs")
@examples(40, suppress_health_check=["function_scoped_fixture", "too_slow"])
@given(crowded_programs())
def test_random_program_ends_in_the_step_machines_world(program):
    bulk, steps = replay(program, GC_OFF), stepped(program)
    assert bulk.world.differences(steps.world) == []
    assert differing(bulk, steps) == []
    assert list(bulk.ops) == program
    check_settled(bulk.world)


@pytest.mark.usefixtures("short_runs")
@examples(25, suppress_health_check=["function_scoped_fixture", "too_slow"])
@given(crowded_programs())
def test_expanded_events_are_the_step_machines_events(program):
    assert expanded_events(replay(program, GC_OFF)) == stepped(program).events


#: An eighth of a chunk, from either end of it, and what always finds room.
FILLING = [
    type_of("struct{ p *int; q [131071]int }"),
    type_of("[1048576]byte"),
    type_of("*int"),
    type_of("int"),
]
crowd_of_one = st.tuples(st.integers(0, 2), st.sampled_from(FILLING), st.integers(1, 9), st.booleans())


@pytest.mark.usefixtures("short_runs")
@examples(40, suppress_health_check=["function_scoped_fixture", "too_slow"])
@example(
    [
        (1, FILLING[3], 1, False),
        (0, FILLING[3], 2, True),
        (0, FILLING[0], 9, False),
        (1, FILLING[3], 3, False),
    ]
)
@given(st.lists(crowd_of_one, min_size=2, max_size=12))
def test_wherever_a_run_ends_the_world_is_the_step_machines(crowds):
    """Where a chunk is full it is cut, and other arenas may be used only behind that."""
    program = [ops.NewArena(number) for number in range(3)]
    for number, go_type, count, collect in crowds:
        program += [ops.New(number, go_type)] * count
        program += [ops.RunGC()] if collect else [ops.Hold(number, number)] if count < 3 else []
    bulk, steps = replay(program, GC_OFF), stepped(program)
    assert differing(bulk, steps) == []
    for run in (event for event in bulk.events if isinstance(event, BumpRun)):
        assert set(np.frombuffer(run.slots, np.uint16)) == set(range(len(run.user_arenas)))


def refusal(op):
    """Return what a trace says of an operation that no row of it can say, "" for the others."""
    if isinstance(op, ops.MakeWeak | ops.WeakValue):
        return r"(MakeWeak|WeakValue)\(.*\): a trace holds only new, slice"
    scheduled = getattr(op, "finalizers_after", ops.FINALIZERS_FIRST) != ops.FINALIZERS_FIRST
    if scheduled or getattr(op, "chunk", None) is not None:
        return r"(RunGC|MarkEnd|SweepStep)\(.*\): a trace's row can't say its last arguments"
    return ""


@pytest.mark.usefixtures("short_runs")
@pytest.mark.parametrize("path", [about(path.stem, path, id=path.stem) for path in RECORDINGS])
def test_recorded_run_ends_in_the_step_machines_world(path):
    recording = load_recording(path)
    program, rules = recording.ops, rules_of(recording)
    refused = next(filter(None, map(refusal, program)), "")
    if refused:
        with pytest.raises(ScenarioError, match=refused):
            replay(program, rules)
        return
    many = sum(getattr(op, "n", getattr(op, "cap", 0)) for op in program) > 20_000  # steps would take minutes
    steps = Machine(rules, in_bulk=many).run(program)
    assert replay(program, rules).world.differences(steps.world) == []


@pytest.mark.parametrize("name", WORKLOADS)
def test_workload_ends_in_the_step_machines_world(name):
    trace = workload(name, 3_000)
    history = replay(trace, GC_OFF)
    assert history.world.differences(Machine(GC_OFF, in_bulk=True).run(trace).world) == []
    check_settled(history.world)


@pytest.fixture(scope="module")
def mixed():
    """A history with runs, in eight arenas."""
    return replay(workload("mixed", 30_000), GC_OFF)


def test_values_of_many_types_and_arenas_are_one_event(mixed):
    run = next(event for event in mixed.events if isinstance(event, BumpRun))
    assert run.count > 9_000
    assert len(run.user_arenas) == 8
    assert set(np.frombuffer(run.kinds, np.uint16)) == set(range(13))


def test_history_re_applied_from_its_start_is_the_head(mixed):
    again = History(mixed.rules)
    for event in mixed.events:
        again.record(event)
    assert again.world.differences(mixed.world) == []


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 1.0])
def test_seeking_into_a_bulk_history_finds_the_step_machines_world(mixed, part):
    at = round(part * len(mixed))
    op = mixed.log.op_at(at)
    if mixed.op_end(op + 1) == at:
        assert mixed.at(at).differences(stepped(mixed.ops[: op + 1]).world) == []
    assert mixed.at(at).now == at


def test_run_expands_into_micro_events_between_the_same_worlds(mixed):
    at = next(number for number, event in enumerate(mixed.events) if isinstance(event, BumpRun))
    steps = expand(mixed, at)
    behind = mixed.op_end(mixed.log.op_at(at + 1) + 1)
    assert steps.world.differences(mixed.at(behind)) == []
    assert steps.at(0).differences(mixed.at(at)) == []


def test_no_seek_re_applies_more_rows_than_a_keyframe_allows():
    history = replay(workload("tree-build", 3 * KEYFRAME_ROWS), GC_OFF)
    frames = [frame.ledger.count for frame in history._frames]
    assert max(np.diff([*frames, history.world.ledger.count])) <= KEYFRAME_ROWS


def test_bulk_history_saved_and_loaded_is_the_same(mixed, tmp_path):
    mixed.save(tmp_path / "bulk.jsonl")
    loaded = History.load(tmp_path / "bulk.jsonl")
    assert loaded.events == mixed.events
    assert loaded.world.differences(mixed.world) == []


def test_operation_that_makes_no_sense_is_named():
    program = [ops.NewArena(0), *[ops.New(0, TYPES[0])] * 200, ops.NewArena(0)]
    with pytest.raises(ScenarioError, match="operation 202: user arena 0 exists already"):
        replay(program, GC_OFF)


def test_allocation_in_a_freed_arena_panics_within_a_crowd():
    crowd = [ops.New(number, TYPES[1]) for number in (0, 1)] * 200
    program = [ops.NewArena(0), ops.NewArena(1), *crowd, ops.Free(0), *crowd]
    bulk, steps = replay(program, GC_OFF), stepped(program)
    assert bulk.world.differences(steps.world) == []
    assert len(bulk.story(kind="Panicked")) == 200


def test_cycle_that_an_allocation_starts_ends_beside_the_program_as_in_the_machine():
    rules, trace = replace(GO_1_21, gogc=50), workload("request-response", 12_000)
    history = replay(trace, rules)
    assert history.world.counters.numgc > 1
    assert Machine(rules, in_bulk=True).run(trace).world.differences(history.world) == []


def test_replayed_history_that_nobody_keeps_is_gone_at_once():
    """Else the pieces of a long program stay in memory until Python's cycle collector comes by."""
    cyclic.disable()
    try:
        gone = weakref.ref(replay(workload("mixed", 2_000), GC_OFF))
        assert gone() is None
    finally:
        cyclic.enable()


@pytest.mark.parametrize("name", WORKLOADS)
def test_streamed_program_ends_as_the_remembered_one_does(name):
    pieces = list(workload_pieces(name, 9_000, piece=2_500))
    remembered = Machine(GC_OFF, in_bulk=True).run(op for piece in pieces for op in piece).world
    assert replay_long(pieces, GC_OFF).differences(forget(remembered)) == []


@few
@given(programs())
def test_a_world_that_forgot_goes_on_as_before(program):
    whole, part = Machine(GC_OFF), Machine(GC_OFF)
    half = len(program) // 2
    whole.run(program)
    part.run(program[:half])
    later = Machine(GC_OFF, start=forget(part.world))
    later.run(program[half:])
    assert forget(later.world).differences(forget(whole.world)) == []


def test_forgetting_twice_changes_nothing_more(mixed):
    once = forget(mixed.world)
    assert forget(once).differences(once) == []
    assert len(once.ledger) <= 2 * 8


def test_operations_of_a_history_are_made_when_looked_at(mixed):
    trace = workload("mixed", 30_000)
    assert len(mixed.ops) == 30_000
    assert mixed.ops[-1] == trace[29_999]
    assert mixed.ops[100:103] == [trace[100], trace[101], trace[102]]
    with pytest.raises(IndexError):
        mixed.ops[30_000]


def test_expanding_an_event_that_is_not_there_is_refused(mixed):
    with pytest.raises(IndexError, match="event 99999999 of"):
        expand(mixed, 99_999_999)


def test_empty_program_has_an_empty_history():
    assert len(replay([], GC_OFF)) == 0
    assert len(Trace.from_ops([])) == 0


def test_world_that_a_replay_goes_on_from_stays_as_it_is():
    first, second = workload_pieces("many-small-arenas", 2_000, piece=1_000)
    before = replay(first, GC_OFF)
    twice = [replay(second, GC_OFF, start=before.world).world for _ in range(2)]
    assert twice[0].differences(twice[1]) == []
    assert before.world.differences(before.at(len(before))) == []
    assert twice[0].differences(Machine(GC_OFF, start=before.world).run(list(second)).world) == []
