"""An operation or an event is described once: every kind of file reads and writes it by that description alone."""

import json
from dataclasses import dataclass, field

import pytest

from arenalab.errors import ArgumentError, HistoryError, RecordingError, ScenarioError
from arenalab.file_kind import known_kind
from arenalab.go.versions import GO_1_21
from arenalab.replay.trace import KINDS, Trace
from arenalab.scenarios.read import parse_scenario
from arenalab.syntax import type_of
from arenalab.truth.recording import load_recording
from arenalab.world import op_fields as may_be
from arenalab.world.event import EVENTS
from arenalab.world.forms import argument_form, asked_form, event_form, history_form
from arenalab.world.history import History
from arenalab.world.ops import OPS, Free, MakeSlice, New, NewArena, Op

NODE = type_of("struct{ next *int; n int }")
HEAD = {"oracle": 1, "observed": "partial", "nops": 1}
START = {
    "start": {
        "chunk": 8388608,
        "maxalloc": 2097152,
        "heaparena": 67108864,
        "page": 8192,
        "go": "go1.21.13",
        "abs": {},
    }
}


@pytest.fixture
def grow(monkeypatch):
    """An operation that nothing but its description knows."""
    monkeypatch.setattr("arenalab.world.ops.OPS", OPS)

    @dataclass(frozen=True, slots=True)
    class Grow(Op):
        """A slice that an arena made grows."""

        name = "grow"
        asked = ("user_arena", "type", "n")
        told = (("twice", "doubled"),)

        user_arena: int = field(metadata=may_be.ANY_ARENA)
        type: object = field(metadata=may_be.GO_TYPE)
        n: int = field(metadata=may_be.COUNT)
        twice: bool = field(default=False, metadata=may_be.FLAG)

    yield Grow
    del OPS["grow"]


def recording(path, row):
    """Write a recording of one operation."""
    rows = [HEAD, NODE.to_row(0), START, {"i": 0} | row, {"end": {"ops": 1, "chunks": 0}}]
    path.write_text("".join(f"{json.dumps(each)}\n" for each in rows))
    return path


def test_an_operation_that_is_described_is_read_and_written_by_every_kind_of_file(grow, tmp_path):
    history = History(GO_1_21)
    history.begin(NewArena(0))
    history.begin(grow(-1, NODE, 5))
    history.save(tmp_path / "saved.jsonl")
    row = json.loads((tmp_path / "saved.jsonl").read_text().splitlines()[-1])
    assert row == {"op": "grow", "user_arena": -1, "type": 0, "n": 5, "twice": False}
    assert history_form(grow).read(row, [NODE], ("op",)) == grow(-1, NODE, 5)

    row = {"op": "grow", "arena": 1, "type": "Node", "n": 5}
    scenario = {"name": "x", "about": "", "types": {"Node": NODE.expr}, "ops": [row]}
    assert parse_scenario(scenario, "x.toml").ops == (
        grow(1, parse_scenario(scenario, "x.toml").ops[0].type, 5),
    )
    assert parse_scenario(scenario | {"ops": [row]}, "x.toml").recordable

    path = recording(
        tmp_path / "run.jsonl", {"op": "grow", "arena": 1, "type": 0, "n": 5, "doubled": True, "at": "heap"}
    )
    assert known_kind(path) == "recording"
    assert list(load_recording(path).ops) == [grow(1, load_recording(path).types[0], 5, twice=True)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"op": "new", "arena": -1, "type": 0}, r"new\.arena: got -1; expected a whole number from 0 to"),
        ({"op": "new", "arena": 0}, "new: type is missing; its keys are arena, type"),
        (
            {"op": "slice", "arena": 0, "type": 0, "cap": 2**63},
            r"slice\.cap: got 9223372036854775808; expected",
        ),
        ({"op": "free", "arena": 0, "finalizer": 1}, r"free\.finalizer: got 1; expected True or False"),
        (
            {"op": "read", "object": 0},
            "real Go can't be asked for 'read'; expected one of: new_arena, new, slice",
        ),
        ({"op": ["new"]}, r"unknown operation \['new'\]; expected one of: new_arena"),
        ({"op": "gc", "finalizers_after": [0, -1]}, r"gc\.finalizers_after: got \[0, -1\]; expected a tuple"),
        (
            {"op": "gc", "finalizers_after": [0, True]},
            r"gc\.finalizers_after: got \[0, True\]; expected a tuple",
        ),
        (
            {"op": "new", "arena": 0, "type": 1},
            r"new\.type: got 1; expected the number of a type row above it",
        ),
    ],
)
def test_a_row_that_says_what_it_may_not_is_refused_by_line_operation_and_field(tmp_path, row, said):
    path = recording(tmp_path / "run.jsonl", row)
    with pytest.raises(RecordingError, match=rf"run\.jsonl:4: {said}"):
        load_recording(path)


def test_what_a_recording_tells_besides_is_no_business_of_its_form():
    assert asked_form(Free).read({"op": "free", "arena": 3, "nfull": 7}, []) == Free(3)
    with pytest.raises(ScenarioError, match="free: unknown key 'nfull'; expected one of: op, arena, copied"):
        argument_form(Free).read({"op": "free", "arena": 3, "nfull": 7}, {}, ("op",))


@pytest.mark.parametrize("kind", OPS.values(), ids=OPS)
def test_what_is_wrong_with_an_operation_is_said_by_the_rows_own_names(kind):
    for cell in argument_form(kind).cells:
        with pytest.raises(ArgumentError, match=rf"^{kind.name}\.{cell.key}: got \(1\+2j\); expected ."):
            argument_form(kind).check({cell.key: 1 + 2j}, {})


@pytest.mark.parametrize("kind", EVENTS.values(), ids=EVENTS)
def test_each_field_of_each_event_is_described(kind):
    form = event_form(kind)
    for cell in form.cells:
        with pytest.raises(ArgumentError, match=rf"^{cell.key}: got 1\.5; expected ."):
            cell.kind.read(cell.key, 1.5, [])


def test_codes_of_a_trace_are_those_that_files_have_kept():
    assert KINDS == (
        "new", "slice", "rep", "new_arena", "free", "drop", "hold", "unhold", "link", "gc", "mark_begin", "mark_end",
        "snapshot", "start_gc", "mark_step", "finish_mark", "sweep_step", "run_finalizers",
    )  # fmt: skip


def test_flags_are_bits_of_a_traces_column():
    program = [
        NewArena(0),
        New(0, NODE),
        MakeSlice(0, NODE, 3),
        *(Free(0, copied=a, by_finalizer=b) for a in (False, True) for b in (False, True)),
    ]
    trace = Trace.from_ops(program)
    assert (list(trace), trace.n.tolist()) == (program, [0, -1, 3, 0, 2, 1, 3])


def test_a_history_says_by_line_what_an_operation_holds_that_it_may_not(tmp_path):
    history = History(GO_1_21)
    history.begin(NewArena(0))
    history.save(tmp_path / "saved.jsonl")
    text = (tmp_path / "saved.jsonl").read_text().replace('"user_arena":0', '"user_arena":"0"')
    (tmp_path / "saved.jsonl").write_text(text)
    with pytest.raises(
        HistoryError, match=r"saved\.jsonl:2: new_arena\.user_arena: got '0'; expected a whole number"
    ):
        History.load(tmp_path / "saved.jsonl")
