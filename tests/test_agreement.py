"""One program, several ways to run it: all end in the same World, and every law holds on the way."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.go.versions import go_rules
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.invariants import check, check_settled
from arenalab.world.ops import FinishMark, MarkStep, RunFinalizers, StartGC, SweepStep
from arenalab.world.tables import GC_MARK
from arenalab.world.tables import GC_OFF as OFF
from tests.examples import examples, number
from tests.left import slow
from tests.strategies import GC_OFF, programs

few = examples(40)


@few
@given(programs())
def test_laws_hold_after_every_event_and_every_operation(program):
    machine = Machine(GC_OFF, check=check)
    for op in program:
        machine.do(op)
        check_settled(machine.world)


@few
@given(programs())
def test_bulk_and_single_steps_end_in_equal_worlds(program):
    stepped, bulk = Machine(GC_OFF), Machine(GC_OFF, in_bulk=True)
    for op in program:
        stepped.do(op)
        bulk.do(op)
        assert bulk.world.differences(stepped.world) == []


@few
@given(programs(), st.data())
def test_a_log_re_applied_gives_the_same_world_at_any_moment(program, data):
    machine = Machine(GC_OFF)
    seen = {0: machine.world.fork()}
    for op in program:
        machine.do(op)
        seen[len(machine.history)] = machine.world.fork()
    at = data.draw(st.sampled_from(sorted(seen)))
    assert machine.history.at(at).differences(seen[at]) == []


@few
@given(programs(max_ops=12), st.data())
def test_back_n_and_forward_n_is_the_identity(program, data):
    history = Machine(GC_OFF).run(program)
    at = data.draw(st.integers(0, len(history)))
    back = data.draw(st.integers(0, at))
    there = history.at(at)
    assert history.at(back).now == back
    assert history.at(at) == there


@few
@given(programs())
def test_marking_in_bulk_and_oblet_by_oblet_keep_the_same_chunks(program):
    bulk, single = Machine(GC_OFF), Machine(GC_OFF)
    for op in program:
        bulk.do(op)
        detailed = type(op)(detail=True) if hasattr(op, "detail") else op
        single.do(detailed)
    assert single.world.differences(bulk.world) == []


@few
@given(programs(max_ops=8), st.data())
def test_laws_hold_with_collector_steps_between_any_two_events(program, data):
    machine = Machine(GC_OFF, check=check)
    for op in program:
        if hasattr(op, "detail") or type(op).__name__ == "MarkEnd":
            continue  # cycles are driven by hand below
        machine.begin(op)
        while machine.step() is not None:
            if data.draw(st.integers(0, 9)) == 0:
                step = _collector_step(machine.world, data)
                if machine.can_stop_the_world or not isinstance(step, StartGC | FinishMark):
                    machine.interleave(step)
    while machine.world.gc.phase != OFF or any(machine.world.unswept.values()):
        machine.do(FinishMark() if machine.world.gc.phase != OFF else SweepStep())
    check_settled(machine.world)


def _collector_step(world, data):
    if world.gc.phase == GC_MARK:
        return data.draw(st.sampled_from([MarkStep(), MarkStep(), FinishMark()]))
    return data.draw(st.sampled_from([StartGC(), SweepStep(), SweepStep(), RunFinalizers()]))


@few
@given(programs(max_ops=10))
def test_a_saved_history_loads_as_the_same_history(tmp_path_factory, program):
    history = Machine(GC_OFF, in_bulk=True).run(program)
    path = tmp_path_factory.mktemp("history") / "history.jsonl"
    history.save(path)
    loaded = History.load(path)
    assert (loaded.ops, loaded.events) == (history.ops, history.events)
    assert loaded.world == history.world


@few
@given(programs())
def test_an_objects_bits_do_not_change_when_a_neighbour_comes(program):
    machine = Machine(GC_OFF)
    known = {}
    for op in program:
        machine.do(op)
        world = machine.world
        for span in world.spans:
            if span.free_base:
                words, limit = world.bits.words(span.chunk), (span.free_base - span.base) // 512
                birth, before, at = known.get(span.chunk, (None, None, 0))
                if birth == world.births.get(span.chunk):
                    assert (words[:at] == before[:at]).all()
                known[span.chunk] = (world.births.get(span.chunk), words, limit)


@pytest.mark.parametrize("name", ["small-1", slow("fill-1"), slow("mix-1")])
def test_every_engine_agrees_on_a_recorded_run(name, recordings):
    program = recordings(name).ops[: number(100)]  # of a hundred
    stepped, bulk = Machine(GC_OFF), Machine(GC_OFF, in_bulk=True)
    for op in program:
        stepped.do(op)
        bulk.do(op)
    assert bulk.world.differences(stepped.world) == []
    assert bulk.history.at(len(bulk.history)) == bulk.world


LARGE = [
    ops.Rep(0, type_of("[262144]*int"), 4),
    ops.Rep(0, type_of("struct{ p *int; t [2000]byte }"), 31),
    ops.New(0, type_of("[262144]*int")),
    ops.MakeSlice(0, type_of("[1000]*int"), 20),
    ops.New(0, type_of("[20000]struct{ p *int; n int }")),
]


@pytest.mark.parametrize("op", LARGE, ids=str)
def test_few_values_of_many_bitmap_words_are_few_events_in_bulk(op):
    stepped, bulk = (Machine(GC_OFF, in_bulk=in_bulk) for in_bulk in (False, True))
    for machine in (stepped, bulk):
        machine.do(ops.NewArena(0))
    assert len(bulk.do(op)) <= 4
    assert len(stepped.do(op)) > 60
    assert bulk.world.differences(stepped.world) == []


def test_short_stretch_of_many_bitmap_words_is_few_events_in_a_replay():
    program = [ops.NewArena(0), *[ops.New(0, type_of("[1000]*int"))] * 90]
    history = replay(program, GC_OFF)
    assert len(history.events_of(len(program))) < 10
    assert history.world.differences(Machine(GC_OFF).run(program).world) == []


@pytest.mark.parametrize("version", ["1.21", "1.23", "1.24", "1.27"])
def test_bulk_replay_and_single_steps_end_in_equal_worlds_in_every_layout(version):
    rules = replace(go_rules(version), gogc=-1)
    node, large, byte = (
        type_of(text, rules=rules) for text in ("struct{ p *int; t [100]byte }", "[17000]*int", "bool")
    )
    program = [ops.NewArena(0), ops.Rep(0, node, 900), ops.MakeSlice(0, node, 900), ops.New(0, large)]
    program += [ops.New(0, go_type) for _ in range(60) for go_type in (large, byte, node)]
    stepped = Machine(rules).run(program).world
    assert Machine(rules, in_bulk=True).run(program).world.differences(stepped) == []
    assert replay(program, rules).world.differences(stepped) == []
