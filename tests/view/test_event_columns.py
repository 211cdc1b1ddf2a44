"""What is read of events by columns is what the events hold, also where a history grew or went back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec.kinds import Several
from arenalab.machine.machine import Machine
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.event_columns import EventColumns
from arenalab.view.kind_column import KindColumn
from arenalab.view.lives import AT_START, Lives
from arenalab.world import ops
from arenalab.world.event import EVENTS
from arenalab.world.forms import event_form
from arenalab.world.history import History
from arenalab.world.life_cycle import STATES, states_of
from arenalab.world.of_kind import field_of, has_any, latest_first
from tests.strategies import GC_OFF, programs


def agrees(history):
    """Compare all columns of a history with its events."""
    columns, events = history.reader(EventColumns), list(history.events)
    kinds = history.reader(KindColumn)
    assert [kinds.kinds[number] for number in kinds.numbers.tolist()] == [type(event) for event in events]
    assert set(columns.there()) == set(map(type, events))
    for kind in columns.there():
        its = [(number, event) for number, event in enumerate(events) if type(event) is kind]
        assert [*latest_first(history.events, kind, len(events))] == [number for number, _ in its][::-1]
        assert columns.at(kind).tolist() == [number for number, _ in its]
        assert columns.events(kind) == its
        for cell in event_form(kind).cells:
            held = [getattr(event, cell.name) for _, event in its]
            if isinstance(cell.kind, Several) and cell.name in kind.chunk_fields:
                lengths, numbers = columns.lists(kind, cell.name)
                assert (lengths.tolist(), numbers.tolist()) == (
                    list(map(len, held)),
                    [n for each in held for n in each],
                )
            elif cell.kind.exact in (int, bool):
                assert columns.field(kind, cell.name).tolist() == held
                part = [
                    value for value, (number, _) in zip(held, its, strict=True) if number < len(events) // 2
                ]
                if max(held) >= 2**63:
                    continue  # bitmap words, which it is not for
                assert field_of(history.events, kind, cell.name).tolist() == held
                assert field_of(history.events, kind, cell.name, len(events) // 2).tolist() == part
    assert {kind for kind in EVENTS.values() if has_any(history.events, kind)} == set(map(type, events))
    rows = [(at, chunk) for at, event in enumerate(events) for chunk in dict.fromkeys(event.chunks)]
    about = ChunkEvents(history)
    for chunk in range(-1, len(history.world.spans) + 1):
        assert about.of(chunk).tolist() == [at for at, its in rows if its == chunk]
    for first, last in ((0, len(history)), (len(history) // 3, len(history) // 2), (5, 5)):
        assert about.touched(first, last) == {chunk for at, chunk in rows if first <= at < last}


@given(programs(micro_gc=True), st.booleans(), st.data())
def test_columns_say_what_the_events_hold(tmp_path_factory, program, in_bulk, data):
    machine = Machine(GC_OFF, in_bulk=in_bulk)
    cut = data.draw(st.integers(0, len(program)))
    history = machine.run(program[:cut])
    agrees(history)
    machine.run(program[cut:])
    agrees(history)
    history.save(tmp_path_factory.mktemp("columns") / "history.npz")
    back = history.op_end(cut)
    history.take_back(cut, back)
    assert len(history) == back
    agrees(history)


@given(programs(micro_gc=True), st.booleans())
def test_columns_of_a_file_say_what_its_events_hold(tmp_path_factory, program, in_bulk):
    path = tmp_path_factory.mktemp("columns") / "history.npz"
    Machine(GC_OFF, in_bulk=in_bulk).run(program[:-1]).save(path)
    loaded, whole = History.load(path), Machine(GC_OFF, in_bulk=in_bulk).run(program)
    agrees(loaded)
    loaded.begin(program[-1])
    for event in whole.events[len(loaded) :]:
        loaded.record(event)
    agrees(loaded)


@pytest.mark.parametrize("more", [0, 1, 5])
def test_events_that_move_no_chunk_leave_it_where_it_is(more):
    """As in a file that nobody has certified."""
    history = Machine(GC_OFF).run([ops.NewArena(0), ops.Free(0), ops.NewArena(1)])
    for event in [each for each in history.events if type(each).__name__ == "ReuseTaken"] * more:
        history.log.events.append(event)
    lives = Lives(history)
    states, _, rows = lives.states(len(history), len(history.world.spans))
    assert (
        [STATES[state] for state in states] == states_of(history.world)
        if not more
        else lives.state.min() >= 0
    )
    assert lives.kind_of(int(rows[1])) == "ChunkSplitOff"
    assert lives.kind_of(-1) == AT_START
