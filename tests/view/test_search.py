"""Finding places: as a walk through all sentences and calls finds them, with no more written than needed."""

import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.scenarios import scenarios
from arenalab.scenarios.run import ENGINES, run
from arenalab.syntax import type_of
from arenalab.view import search_words
from arenalab.view.address_events import events_at
from arenalab.view.calls import call_of
from arenalab.view.reading import sentence_of
from arenalab.view.search import search
from arenalab.view.sentences import may_say
from arenalab.world import ops
from arenalab.world.end_events import ChunkUnmapped, MarkedDefunct, PointerStored
from arenalab.world.events import ObjectAllocated
from arenalab.world.run_events import BumpRun
from tests.concurrent import overtaking
from tests.examples import examples
from tests.strategies import GC_OFF, programs

INT, NODE = type_of("int"), type_of("struct{ next *int; key string }")
ANY = 100_000  #: characters: nothing is cut.


@cache
def runs():
    """Histories of every kind of event that scenarios show, and one of several goroutines."""
    made = [
        run(each, ENGINES["bulk"], after_op=lambda _: None)
        for each in scenarios()
        if not each.name.startswith("init")
    ]
    return (*(history for history in made if len(history) < 2_000), overtaking())


def naive(history, text, at, op, *, forwards, who=0):
    """Walk through all sentences and all calls; return (cursor, operation) of what is found, the nearest first."""
    head, tail = r"(?<!\d)" * text[0].isdigit(), r"(?!\d)" * text[-1].isdigit()
    wanted = re.compile(head + re.escape(text) + tail, re.IGNORECASE).search
    log, steps = history.log, history.log.steps().tolist()
    places = [
        (number + 1, -1)
        for number in range(len(history))
        if who in (0, log.actor_of_event(number)) and wanted(sentence_of(history, number, ANY))
    ]
    places = [(cursor, -1) for cursor, _ in places if (cursor > at if forwards else cursor < at)]
    for number, asked in enumerate(history.ops):
        said = (call_of(asked), getattr(getattr(asked, "type", None), "expr", ""))
        later = (steps[number], number) > (at, op)
        here = (steps[number], number) == (at, op)
        if who in (0, log.goroutine_of(number)) and any(map(wanted, said)) and later == forwards and not here:
            places.append((steps[number], number))
    return sorted(places, reverse=not forwards)


def check(history, text, at, op, *, forwards, who=0):
    wanted = naive(history, text, at, op, forwards=forwards, who=who)
    found = search(history, text, at, op, forwards=forwards, who=who)
    assert found.cursor == (wanted[0][0] if wanted else -1)
    assert bool(found.trouble) == (not wanted)


@examples(150)
@given(st.data())
def test_text_is_found_where_a_walk_finds_it(data):
    history = data.draw(st.sampled_from(runs()))
    number = data.draw(st.integers(0, len(history) - 1))
    said = data.draw(
        st.sampled_from((sentence_of(history, number, ANY), call_of(history.ops[number % len(history.ops)])))
    )
    left = data.draw(st.integers(0, len(said) - 1))
    text = " ".join(said[left : left + data.draw(st.integers(1, 30))].split())
    if not text or re.fullmatch(r"0x[0-9a-f]{4,16}|(op|operation|event)\s+\d+", text, re.IGNORECASE):
        return
    at = data.draw(st.integers(0, len(history)))
    op = history.log.op_at(at)
    who = data.draw(st.sampled_from((0, *history.actors)))
    check(history, text, at, op, forwards=data.draw(st.booleans()), who=who)


@examples(40)
@given(
    programs(max_ops=20),
    st.sampled_from(["a0", "a1.Free()", "new", "4096", "struct{ p *int", "chunk 1", "(a0, 1"]),
    st.data(),
)
def test_call_is_found_where_a_walk_finds_it(program, text, data):
    history = Machine(GC_OFF).run(program)
    op = data.draw(st.integers(-1, len(program) - 1))
    at = int(history.log.steps()[op]) if op >= 0 else 0
    check(history, text, at, op, forwards=data.draw(st.booleans()))


def test_no_kind_is_left_out_that_says_a_text():
    """Every few characters of every sentence of every kind, and all words of it."""
    seen = {}
    for history in runs():
        for event in history.events:
            seen.setdefault((type(event), event.sentence()), None)
    types = [go_type.expr for history in runs() for go_type in history.world.types]
    assert len({kind for kind, _ in seen}) > 70
    for kind, said in list(seen)[::7]:
        for text in (*re.findall(r"\w+", said), said[3:9], said[-7:], said):
            assert kind in may_say(text, types=types), f"{kind.__name__}: {text}"


def test_few_kinds_are_left_where_a_text_has_words():
    assert len(may_say("write barrier shades")) < 12
    assert ObjectAllocated not in may_say("Node: 16 bytes")
    assert ObjectAllocated in may_say("Node: 16 bytes", types=["main.Node"])


def test_kind_of_event_is_found_by_its_name():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, INT), ops.Free(0)])
    found = search(history, "markeddefunct", 0)
    assert isinstance(history.events[found.cursor - 1], MarkedDefunct)
    assert (
        search(history, "MarkedDefunct", found.cursor).trouble
        == "“MarkedDefunct”: no later match in this run"
    )
    assert search(history, "MarkedDefunct", len(history), forwards=False).cursor == found.cursor


def test_operation_without_events_is_found_as_a_place_of_its_own():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Snapshot(), ops.Snapshot(), ops.Free(0)])
    at = history.op_end(1)
    assert search(history, "snapshot", at, 0)[:2] == (at, 1)
    assert search(history, "snapshot", at, 1)[:2] == (at, 2)
    assert not search(history, "snapshot", at, 2)
    assert search(history, "snapshot", at, 2, forwards=False)[:2] == (at, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [("op 2", (1, 1)), ("Operation 1", (0, 0)), ("op 0", (0, None)), ("event 3", (3, None)), ("event 1,0", (10, None))],
)  # fmt: skip
def test_number_leads_there(text, place):
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.New(0, INT)])
    cursor, op = place
    assert search(history, text, 5)[:2] == (
        history.op_end(op + 1) if op is not None and op >= 0 else cursor,
        op,
    )


def test_number_that_is_not_there_is_named():
    history = Machine(GC_OFF).run([ops.NewArena(0)])
    assert search(history, "op 7", 0).trouble == "there is no operation 7; the run has 1 operation"
    assert "no event 99" in search(history, "event 99", 0).trouble
    assert "nothing to find" in search(history, "  ", 0).trouble


def test_address_leads_to_what_made_stored_and_freed_the_object():
    quarter = type_of("struct{ p *int; t [2097144]byte }")
    machine = Machine(GC_OFF)
    for asked in (ops.NewArena(0), ops.New(0, quarter)):
        machine.do(asked)
    base = machine.world.ledger.row(0)[0]
    for asked in (
        ops.Store(base, base),
        *[ops.New(0, quarter)] * 4,
        ops.Free(0),
        ops.RunGC(),
        ops.RunGC(),
        ops.NewArena(1),
    ):
        machine.do(asked)
    history = machine.history
    kinds = [type(history.events[number]) for number in events_at(history, base + 100)]
    assert [kinds.count(kind) for kind in (ObjectAllocated, PointerStored, MarkedDefunct, ChunkUnmapped)] == [
        1,
        1,
        1,
        1,
    ]
    first = search(history, hex(base + 100), 0)
    assert isinstance(history.events[first.cursor - 1], ObjectAllocated)
    assert history.events[first.cursor - 1].addr == base
    assert isinstance(history.events[search(history, hex(base + 8), first.cursor).cursor - 1], PointerStored)
    last = search(history, hex(base), len(history), forwards=False)
    assert history.events[last.cursor - 1].chunks == (0,)


def test_address_in_two_lives_of_a_chunk_is_of_two_objects():
    quarter = type_of("[2097152]byte")
    program = [
        ops.NewArena(0),
        *[ops.New(0, quarter)] * 5,
        ops.Free(0),
        ops.RunGC(),
        ops.NewArena(1),
        ops.NewArena(2),
    ]
    history = Machine(GC_OFF).run([*program, *[ops.New(2, quarter)] * 4])
    rows = history.world.ledger.table()
    twice = next(addr for addr in rows[:, 0].tolist() if (rows[:, 0] == addr).sum() == 2)
    made = [n for n in events_at(history, twice).tolist() if isinstance(history.events[n], ObjectAllocated)]
    assert len(made) == 2
    assert {history.events[n].user_arena for n in made} == {0, 2}


def test_address_of_a_value_in_a_bulk_run_leads_to_the_run():
    history = replay(workload("mixed", 2_000))
    addr = history.world.ledger.row(900)[0]
    found = search(history, hex(addr + 1), 0)
    assert isinstance(history.events[found.cursor - 1], BumpRun | ObjectAllocated)


def test_address_of_no_object_leads_to_its_chunk_or_nowhere():
    history = Machine(GC_OFF).run([ops.NewArena(0)])
    base = history.world.spans[0].base
    assert {history.events[n].chunks for n in events_at(history, base + 4096).tolist()} == {(0,)}
    assert "in no chunk" in search(history, "0x10000", 0).trouble


def test_search_that_gives_up_says_where(monkeypatch):
    monkeypatch.setattr(search_words, "MOST", 3)
    history = Machine(GC_OFF).run([ops.NewArena(0), *[ops.New(0, NODE)] * 9])
    found = search(history, "99999999", 0)
    assert not found
    assert re.fullmatch(
        r"“99999999” is in none of 3 sentences up to event [\d,]+; go there and find again", found.trouble
    )


def test_nothing_is_written_for_what_columns_rule_out(monkeypatch):
    history = replay(workload("batch-decode", 30_000))
    written = []
    monkeypatch.setattr(search_words, "sentence_of", lambda *args: written.append(args) or sentence_of(*args))
    monkeypatch.setattr(search_words, "call_of", lambda op: written.append(op) or call_of(op))
    assert search(history, "nothing says this here", 0).trouble.endswith("no later match in this run")
    assert len(written) < 500


def test_search_stops_where_it_is_told_to():
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Free(0)])
    freed = search(history, "MarkedDefunct", 0).cursor
    assert search(history, "MarkedDefunct", 0, until=freed).cursor == freed
    assert not search(history, "MarkedDefunct", 0, until=freed - 1)
    assert not search(history, "Free()", 0, until=history.op_end(2) - 1)
