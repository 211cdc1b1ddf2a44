"""A history saved as columns is the history: event by event, at every moment, in every explorer; a fault is named."""

import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.codec import archive, gathered
from arenalab.codec.archive import SHORT
from arenalab.codec.records import BLOCK
from arenalab.errors import HistoryError
from arenalab.go.type_layout import laid_out
from arenalab.go.versions import VERSIONS
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.replay.replay import replay
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.world import history_columns, ops
from arenalab.world.events import ObjectAllocated
from arenalab.world.history import History
from arenalab.world.history_columns import FRAME_EVENTS
from arenalab.world.history_indexes import INDEXES, differing
from tests.concurrent import overtaking
from tests.hostile.readers import BULK, DEATH, EXPLORERS, PROGRAM, REFILLS, WEAK
from tests.strategies import GC_OFF, programs
from tests.world.archived import changed, put

HISTORIES = Path(__file__).parents[1] / "data" / "histories"
NODE, WORD = type_of("struct{ next *int; val int }"), type_of("int64")


def again(history, folder):
    """Save a history as columns and open it."""
    history.save(folder / "history.npz")
    return History.load(folder / "history.npz")


def said_of(log):
    """Return all that a log says of its events, operations and rows."""
    columns = [log.column(name).tolist() for name in ("op", "actor", "beside")]
    ends = [
        log.op_ends().tolist(),
        log.goroutines().tolist(),
        list(log.op_starts),
        list(log.op_rows),
        log.stops,
    ]
    return [*columns, *ends, log.actors, log.op, log.actor, log.beside]


def under(op, rules):
    """Return an operation with its type as the rules lay it out: those are a file's types."""
    return replace(op, type=laid_out(op.type, rules)) if hasattr(op, "type") else op


def agree(loaded, made, moments=()):
    """Hold a history that was opened against the one that was saved."""
    assert len(loaded.events) == len(made.events)
    assert all(mine == its for mine, its in zip(loaded.events, made.events, strict=True))
    assert list(loaded.ops) == [under(op, made.rules) for op in made.ops]
    assert said_of(loaded.log) == said_of(made.log)
    assert loaded.world.differences(made.world) == []
    for at in moments:
        assert loaded.at(at).differences(made.at(at)) == []
    rows = made.world.ledger.count
    assert loaded.log.ops_of_rows(0, rows).tolist() == made.log.ops_of_rows(0, rows).tolist()


@given(programs(micro_gc=True), st.booleans(), st.integers(1, 20), st.data())
def test_what_was_saved_is_opened_event_by_event(tmp_path_factory, program, in_bulk, blocks, data):
    made = Machine(GC_OFF, in_bulk=in_bulk).run(program)
    block = max(7, len(made) // blocks)
    moments = data.draw(st.lists(st.integers(0, len(made)), max_size=3))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive, "BLOCK", block)
        patch.setattr(gathered, "TOGETHER", block)
        agree(again(made, tmp_path_factory.mktemp("history")), made, moments)


@cache
def long():
    """A history of more events than two Worlds lie apart, with cycles and chunks of every list."""
    machine = Machine(GC_OFF)
    for arena in range(60):
        machine.do(ops.NewArena(arena))
        for _ in range(40):
            machine.do(ops.New(arena, NODE))
            machine.do(ops.New(arena, WORD))
        if arena % 3:
            machine.do(ops.Free(arena))
        if arena % 20 == 19:
            machine.do(ops.RunGC())
    return machine.history


KINDS = {
    "of every kind": lambda: Machine(GC_OFF).run(PROGRAM),
    "full chunks": lambda: Machine(GC_OFF).run(REFILLS),
    "a death": lambda: Machine(GC_OFF).run(DEATH),
    "weak pointers": lambda: Machine(replace(VERSIONS["1.27"], gogc=-1)).run(WEAK),
    "runs": lambda: Machine(GC_OFF, in_bulk=True).run(BULK),
    "arenas in runs": lambda: replay(workload("many-small-arenas", 3_000)),
    "several goroutines": overtaking,
    "long": long,
}


@pytest.mark.parametrize("name", KINDS)
def test_every_explorer_says_the_same_of_what_was_opened(tmp_path, name):
    made = KINDS[name]()
    loaded = again(made, tmp_path)
    agree(loaded, made, [0, 1, len(made) // 2, len(made)])
    for kind in EXPLORERS:
        shown = [kind(it, cursor=len(made) // 2) for it in (made, loaded)]
        assert shown[0].text() == shown[1].text(), kind
        for it in shown:
            it.cursor = len(made)
        assert shown[0].text() == shown[1].text(), kind


def test_history_goes_on_after_it_was_opened(tmp_path):
    made = Machine(GC_OFF).run(PROGRAM[:6])
    loaded = again(made, tmp_path)
    more = Machine(GC_OFF).run(PROGRAM[:8])
    for op in range(6, 8):
        loaded.begin(more.ops[op])
        for event in more.events_of(op + 1):
            loaded.record(event)
    agree(loaded, more, [3, len(made), len(made) + 1])
    loaded.take_back(5, made.op_end(5))
    assert loaded.world.differences(made.after_op(5)) == []
    assert (len(loaded.ops), len(loaded.events)) == (5, made.op_end(5))
    again(more, tmp_path)  # the file may be replaced while it is open
    assert loaded.at(3) == made.at(3)


def test_opening_reads_no_events(tmp_path, monkeypatch):
    monkeypatch.setattr(history_columns, "SMALL", 0)
    made, read = long(), []
    unpacked = history_columns.Archive._unpacked
    monkeypatch.setattr(
        history_columns.Archive, "_unpacked", lambda self, name: read.append(name) or unpacked(self, name)
    )
    loaded = again(made, tmp_path)
    assert len(made) > 2 * FRAME_EVENTS
    assert [name for name in read if name.startswith(("event.", "ledger.", "bits."))] == ["event.order"]
    assert loaded.events[BLOCK + 3] == made.events[BLOCK + 3]
    assert loaded.at(len(made) - 7) == made.at(len(made) - 7)


def test_looking_at_one_event_unpacks_one_block_of_each_of_its_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(history_columns, "SMALL", 0)
    monkeypatch.setattr(archive, "BLOCK", 100)
    made, read = long(), []
    loaded = again(made, tmp_path)
    unpacked = history_columns.Archive._unpacked
    monkeypatch.setattr(
        history_columns.Archive, "_unpacked", lambda self, name: read.append(name) or unpacked(self, name)
    )
    at = [place for place, event in enumerate(made.events) if type(event) is ObjectAllocated][1234]
    assert loaded.events[at] == made.events[at]
    addr = [name for name in read if name.startswith("event.ObjectAllocated.addr")]
    assert addr == ["event.ObjectAllocated.addr@12+"]


def test_file_of_format_3_whose_columns_stand_in_one_piece_opens_and_is_saved_as_today(tmp_path):
    older = History.load(HISTORIES / "format-3.npz")
    run = rerun(older)
    agree(older, run, [0, 5, 400, len(run)])
    for kind in INDEXES.values():
        assert older.indexes.of(kind) is not None
    assert differing(older) == []
    agree(again(older, tmp_path), run)


def test_a_long_history_takes_few_bytes_an_event(tmp_path):
    long().save(tmp_path / "history.npz")
    assert (tmp_path / "history.npz").stat().st_size < 20 * len(long())


def test_history_is_saved_as_the_same_bytes_twice(tmp_path):
    for name in ("first.npz", "second.npz"):
        long().save(tmp_path / name)
    assert (tmp_path / "first.npz").read_bytes() == (tmp_path / "second.npz").read_bytes()


# faults


FAULTS = {
    "an event of no kind": (put("event.order", 100, 200), "column event.order, number 100: got 200"),
    "an object of no type": (
        put("event.ObjectAllocated.type", 9, 77),
        "column event.ObjectAllocated.type, number 9",
    ),
    "a size that no type has": (
        put("event.ObjectAllocated.size", 9, 17),
        "event 42: not so: .* its type's size",
    ),
    "a World that no event makes": (
        put("counters.heap_live", 1, 3),
        "event 4,?096: the World that is kept is another",
    ),
    "an object that is another": (put("ledger.size", 9, 17), "does not end as its events do: ledger"),
    "a bit that nobody wrote": (
        put("bits.after", 9, 5),
        "does not end as its events do: stores of bitmap words",
    ),
    "an operation that begins elsewhere": (put("log.starts", 9, 3), "event 186: user arena 1 exists"),
    "Worlds out of order": (put("now", 1, 0), "not in the order of time"),
    "a kind that is none": (lambda _, head: head["events"].append("Lunch"), "unknown event 'Lunch'"),
    "rules that are none": (lambda _, head: head["rules"].pop("goos") and head["rules"].update(x=1), "rules"),
    "no types": (lambda _, head: head.pop("types"), "types: expected a list of rows"),
    "another format": (lambda _, head: head.update(arenalab_history=9), "not a history of format 4"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_refused_by_its_place(tmp_path, fault):
    change, said = FAULTS[fault]
    path = tmp_path / "history.npz"
    long().save(path)
    changed(path, "history", change)
    with pytest.raises(HistoryError, match=said) as caught:
        History.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value)) < len(str(path)) + 450


def test_fault_of_a_large_file_is_named_where_somebody_looks(tmp_path, monkeypatch):
    monkeypatch.setattr(history_columns, "SMALL", 0)
    path = tmp_path / "history.npz"
    long().save(path)
    changed(path, "history", put("event.ReuseTaken.chunk", 10, 99))
    loaded = History.load(path)
    at = next(
        n for n, event in enumerate(loaded.events) if type(event).__name__ == "ReuseTaken" and event.chunk > 7
    )
    with pytest.raises(HistoryError, match=f"history.npz: event {at} can't happen here"):
        loaded.at(at + 1)
    with pytest.raises(HistoryError, match=f"event {at}: not so"):
        loaded.certify()


def test_file_that_unpacks_to_more_than_can_be_is_refused(tmp_path):
    path = tmp_path / "history.npz"
    long().save(path)
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b"event.order.npy") - 22  # in the central directory: what it claims to unpack to
    raw[at : at + 4] = (2**31).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(HistoryError, match=r"event\.order\.npy' claims to unpack to 2,147,483,648 of"):
        History.load(path)


def test_short_columns_stand_in_the_head(tmp_path):
    Machine(GC_OFF).run(PROGRAM[:2]).save(tmp_path / "history.npz")
    with zipfile.ZipFile(tmp_path / "history.npz") as archive:
        assert len(archive.namelist()) < SHORT
