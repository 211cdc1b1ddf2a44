"""A history from a file is checked as a made one is: what was made passes, what could not have happened does not."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.errors import HistoryError, ScenarioError
from arenalab.go.versions import GO_1_21, VERSIONS
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import load_trace, save_trace
from arenalab.replay.workloads import workload
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.apply import HANDLERS
from arenalab.world.event_rules import CONDITIONS
from arenalab.world.history import History
from arenalab.world.history_check import HistoryCheck
from tests.examples import some
from tests.hostile.readers import saved_histories
from tests.programs import makers
from tests.strategies import GC_OFF, programs

NODE, WORD = type_of("struct{ next *int; val int }"), type_of("int64")
PROGRAM = [ops.NewArena(0), ops.New(0, NODE), ops.New(0, WORD), ops.Hold(0, 0), ops.Free(0), ops.RunGC()]


def again(history, folder):
    """Save a history and load it."""
    history.save(folder / "history.jsonl")
    return History.load(folder / "history.jsonl")


@given(programs(micro_gc=True), st.booleans())
def test_what_the_machine_made_is_loaded_as_the_same(tmp_path_factory, program, in_bulk):
    made = Machine(GC_OFF, in_bulk=in_bulk).run(program)
    loaded = again(made, tmp_path_factory.mktemp("history"))
    assert (loaded.events, list(loaded.ops), loaded.world) == (made.events, list(made.ops), made.world)


@pytest.mark.slow
def test_every_scenario_and_recording_is_loaded_as_the_same(tmp_path):
    for name, make in some(makers().items()):
        made = make()
        loaded = again(made, tmp_path)
        assert loaded.events == made.events, name
        assert loaded.world == made.world, name


def test_operation_that_is_under_way_is_loaded_too(tmp_path):
    machine = Machine(GC_OFF)
    machine.run(PROGRAM[:1])
    machine.begin(ops.Rep(0, NODE, 100))
    machine.step()
    assert again(machine.history, tmp_path).events == machine.history.events


@pytest.mark.parametrize("version", VERSIONS)
def test_type_of_many_words_is_loaded_whether_a_program_gives_them_or_not(version, tmp_path):
    many = type_of("[40000]struct{ p *int; n int }", rules=VERSIONS[version])
    made = Machine(replace(VERSIONS[version], gogc=-1)).run([ops.NewArena(0), ops.New(0, many)])
    assert again(made, tmp_path).world == made.world
    save_trace(Trace.from_ops(made.ops), tmp_path / "trace.npz")
    assert list(load_trace(tmp_path / "trace.npz")) == list(made.ops)


def test_each_kind_of_event_has_its_conditions():
    assert CONDITIONS.keys() == HANDLERS.keys()
    told = [condition.__doc__ for conditions in CONDITIONS.values() for condition in conditions]
    assert all(text and text.endswith(".") for text in told)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The rows of histories in which most things happen."""
    raw = saved_histories(tmp_path_factory.mktemp("histories"))
    return [[json.loads(line) for line in text.splitlines()] for text in raw]


#: (kind of event, field, what it becomes) -> what is said of it. An old value is `old`, its row `row`.
LIES = [
    ("HandleMade", "slot", lambda old, _: old + 1, "a slot that is free"),
    ("HandleMade", "black", lambda old, _: not old, "black exactly while a cycle marks"),
    ("SmallObjectMade", "what", lambda *_: "lunch", "small objects that the runtime makes"),
    ("ChunkRetired", "chunk", lambda *_: 99, "Each chunk that it names exists"),
    ("ChunkActivated", "user_arena", lambda *_: 99, "Its user arena was made"),
    ("ChunkActivated", "chunk", lambda old, _: old + 1, "has had its span set up"),
    ("ChunkMapped", "chunk", lambda old, _: old + 1, r"chunk \d+ is ready"),
    ("HeapArenaReserved", "count", lambda *_: 10**9, "as many chunks as fit"),
    ("HeapArenaReserved", "base", lambda *_: 2**50, "within the address space"),
    ("ChunkSplitOff", "base", lambda old, _: old + 8, "where its number puts it"),
    ("ChunkSplitOff", "chunk", lambda old, _: old + 1, "has the next number"),
    ("ChunkMapped", "nbytes", lambda *_: 2**40, "no more than a chunk has"),
    ("SpanInitialised", "heap_arena", lambda *_: 7, "Its heap arena holds the chunk"),
    ("SpanInitialised", "elemsize", lambda *_: 0, "no more than a chunk"),
    ("LimitSet", "limit", lambda *_: 1, "Its limit is in its chunk"),
    ("FreeRangeSet", "limit", lambda old, _: old + 8, "between the base and the limit"),
    ("RedZoneSet", "free_limit", lambda old, _: old + 2**20, "at the end of its chunk's free range"),
    ("ObjectAllocated", "size", lambda old, _: old + 8, "its type's size"),
    ("ObjectAllocated", "addr", lambda old, _: old + 1, "its type's size and alignment"),
    ("ObjectsAllocated", "count", lambda *_: 2**40, "fit the free range"),
    ("ObjectsAllocated", "stride", lambda old, _: -old, "fit the free range"),
    ("BitmapWordWritten", "word", lambda *_: 2**20, "The bitmap word is in its chunk"),
    ("BitmapWordWritten", "before", lambda old, _: old + 1, "was what it says"),
    ("RunBitsWritten", "clears", lambda old, _: old[2:], "each with its mark"),
    ("RunBitsWritten", "clears", lambda old, _: "02" + old[2:], "each with its mark"),
    ("GCProgExpanded", "addr", lambda *_: 1, "Its address is in its chunk"),
    ("RedirectedToHeap", "size", lambda old, _: old + 8, "that of so many values"),
    ("RedirectedToHeap", "npages", lambda old, _: 2 * old, "no more than it needs"),
    ("BumpRun", "count", lambda *_: 10**9, "one entry for each value"),
    ("BumpRun", "bases", lambda old, _: [base + 8 for base in old], "fills the chunk that it says"),
    ("BumpRun", "free_bases", lambda old, _: [base - 2**30 for base in old], "free range shrinks"),
    ("BumpRun", "kinds", lambda old, _: "ffff" + old[4:], "has a type and an arena of the run"),
    ("BumpRun", "last", lambda old, _: [10**6 for _ in old], "last values are of that arena"),
    ("RunBitsWritten", "firsts", lambda old, _: [2**20 for _ in old], "each with its mark"),
    ("MarkedDefunct", "user_arena", lambda *_: 99, "Its user arena was made"),
    ("FullUnlinked", "chunk", lambda old, _: old + 1, r"chunk \d+ is"),
    ("FaultListTaken", "pending", lambda *_: [], "What it takes is the fault list"),
    ("ChunkQuarantined", "chunk", lambda *_: 1, r"not so: Its chunk is noscan|chunk \d+ is"),
    ("PointerStored", "slot", lambda old, _: old + 1, "a word of its chunk"),
    ("ValueWritten", "object", lambda *_: 10**6, "Its object was made"),
    ("ClonedToHeap", "offsets", lambda *_: [2**40], "its offset in the copy"),
    ("CycleStarted", "cycle", lambda *_: 7, "this is the next one"),
    ("ChunkGreyed", "oblets", lambda *_: 2**40, "as many oblets at most"),
    ("ObletScanned", "oblet", lambda *_: 10**6, "Its oblet is grey"),
    ("ChunksMarked", "parents", lambda old, _: [*old, 0], "found once, from a chunk or a root"),
    ("SmallMarked", "numbers", lambda *_: [10**6], "is there, once"),
    ("SmallSwept", "kept", lambda *_: [10**6], "What goes is not kept"),
    ("SweepStarted", "sweepgen", lambda old, _: old + 1, "sweepgen moves by two"),
    ("ChunkSwept", "found", lambda old, _: 1 - old, "in the unswept set of that span class"),
    ("HeapObjectSwept", "npages", lambda old, _: old + 1, "Its ordinary object is there"),
    ("FinalizerRun", "user_arena", lambda old, _: old - 1 if old else 99, "finalizer is queued|was made"),
    ("HandleSpanSwept", "span", lambda *_: 99, "Its span is unswept"),
    ("WeakHandleMade", "number", lambda old, _: old + 1, "weak handle has the next number"),
    ("WeakHandleMade", "block", lambda *_: 10**6, "in a block that is there"),
    ("WeakHandleMade", "taken", lambda *_: 17, "weak handle has the next number"),
    ("WeakHandleMade", "chunk", lambda *_: 99, "Each chunk that it names exists"),
    ("WeakHandleMade", "chunk", lambda *_: -3, "in the chunk, the large object, the image"),
    ("WeakHandleMade", "addr", lambda *_: 1, "in the chunk, the large object, the image"),
    ("WeakHandleMade", "position", lambda old, _: old + 1, "among those of its span, by offset"),
    ("WeakHandleMade", "position", lambda *_: -1, "among those of its span, by offset"),
    ("WeakHandleMade", "object", lambda *_: 10**6, "Its object was made"),
    ("WeakPointerMade", "handle", lambda *_: 99, "what it leads to is there"),
    ("WeakPointerRead", "weak", lambda *_: 99, "made that weak pointer"),
    ("ValueShaded", "chunk", lambda *_: 99, "Each chunk that it names exists"),
    ("HeapObjectShaded", "row", lambda *_: 0, "Its ordinary object is there"),
    ("WeakHandleCleared", "number", lambda old, _: old + 1, "the first of its span"),
    ("WeakHandleCleared", "last", lambda old, _: not old, "the last where it says so"),
]


@pytest.mark.parametrize(("kind", "field", "lie", "said"), LIES, ids=[f"{lie[0]}-{lie[1]}" for lie in LIES])
def test_event_that_could_not_have_happened_is_refused_by_line(files, tmp_path, kind, field, lie, said):
    rows, at = next((rows, at) for rows in files for at, row in enumerate(rows) if row.get("event") == kind)
    spoilt = rows[at] | {field: lie(rows[at][field], rows[at])}
    path = tmp_path / "history.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in [*rows[:at], spoilt, *rows[at + 1 :]]))
    with pytest.raises(HistoryError, match=said) as caught:
        History.load(path)
    assert str(caught.value).startswith(f"{path}:{at + 1}: {kind} can't happen here: ")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"op": "new_arena", "user_arena": 0}], "user arena 0 exists already"),
        ([{"op": "free", "user_arena": 5}], "there is no user arena 5"),
        ([{"op": "pin", "object": 99}], "object 99 is not made yet"),
        ([{"op": "make_weak", "weak": 0, "object": 99}], "object 99 is not made yet"),
        ([{"op": "weak_value", "weak": 5}], "weak pointer 5 is not made yet"),
        ([{"op": "new", "user_arena": 0, "type": 99}], "a type row above it, of which there are 2"),
        ([{"op": "new", "user_arena": 0, "type": -1}], "a type row above it, of which there are 2"),
        ([{"op": "rep", "user_arena": 0, "type": 0, "n": 10**8}], "asks for 100,000,000 values, and made"),
        ([{"turn": [0, 2**40, False]}], "turn: got"),
        ([{"event": "ScanAllocAdded", "nbytes": True}], "nbytes: got True"),
        ([{"event": "ScanAllocAdded", "nbytes": 2**60}], "nbytes: got 1152921504606846976"),
        ([{"event": "PointerHeld", "hold": 0, "addr": 2**64}], "addr: got"),
        (
            [{"event": "Threw", "text": ["x"], "why": ""}],
            "Threw: before is missing; its keys are text, why, before",
        ),
        (
            [{"event": "FaultsDone", "a\ud800": 1}],
            r"FaultsDone: unknown key 'a\\ud800'; expected one of: event",
        ),
    ],
)
def test_row_that_makes_no_sense_is_refused(tmp_path, rows, said):
    path = tmp_path / "history.jsonl"
    Machine(GC_OFF).run(PROGRAM[:3]).save(path)
    path.write_text(path.read_text() + "".join(f"{json.dumps(row)}\n" for row in rows))
    with pytest.raises(HistoryError, match=said):
        History.load(path)


def test_history_that_ends_in_a_broken_law_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(HistoryCheck, "event", lambda *_: None)
    path = tmp_path / "history.jsonl"
    Machine(GC_OFF).run(PROGRAM[:1]).save(path)
    path.write_text(f'{path.read_text()}{{"event":"ReusePut","chunk":0,"free_bytes":0}}\n')
    with pytest.raises(HistoryError, match="breaks a law: a chunk is on at most one list"):
        History.load(path)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"page_size": 0}, "page_size: got 0; expected a whole number from 512"),
        ({"ptr_size": 8.0}, "ptr_size: got 8.0; expected one of 4, 8"),
        ({"gogc": True}, "gogc: got True; expected a whole number"),
        ({"build_mode": ["asan"]}, "build_mode: got"),
        ({"goos": "<b>"}, "goos: got '<b>'; expected a short name"),
        ({"user_arena_hint": 2**40 + 1}, "a multiple of the page size"),
        ({"max_oblet_bytes": 5000}, "a multiple of 512"),
        ({"bitmap_home": "elsewhere"}, "one of 'heap arena', 'chunk'"),
    ],
)
def test_rules_that_make_no_sense_are_refused_where_they_are_made(settings, said):
    with pytest.raises(ScenarioError, match=said):
        replace(GO_1_21, **settings)


def test_run_of_many_types_is_loaded_as_the_same(tmp_path):
    made = replay(workload("mixed", 2_000))
    assert again(made, tmp_path).world == made.world
