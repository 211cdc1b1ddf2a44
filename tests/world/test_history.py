"""History: seeking, stories, and files that are whole or refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from arenalab.errors import HistoryError, ScenarioError
from arenalab.go.versions import NEWEST, go_rules
from arenalab.machine.machine import Machine
from arenalab.machine.rerun import rerun
from arenalab.syntax import type_of
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.history_file import FORMAT
from arenalab.world.timeline import KEYFRAME_EVERY
from tests.strategies import GC_OFF

HISTORIES = Path(__file__).parents[1] / "data" / "histories"
NODE = type_of("struct{ next *int; val int }")
#: Above one limit on masks or both; a program of 1.21 rounds the last one's prefix up.
LARGE = ("[200]*int", "[262144]*int", "[60000]struct{ a [2]string; b int }", "[8200]struct{ p *int; n int }")


@pytest.fixture
def history():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    for _ in range(3 * KEYFRAME_EVERY):
        machine.do(ops.New(0, NODE))
    machine.do(ops.Free(0))
    return machine.history


def test_every_moment_can_be_seeked_in_any_order(history):
    for at in (len(history), 0, KEYFRAME_EVERY, KEYFRAME_EVERY - 1, KEYFRAME_EVERY + 1, 5, len(history) - 1):
        assert history.at(at).now == at
    assert history.at(0).spans == []
    assert history.at(len(history)) == history.world


@pytest.mark.parametrize("at", [-1, 10**9])
def test_a_moment_that_never_was_is_refused(history, at):
    with pytest.raises(IndexError, match="event"):
        history.at(at)


def test_operations_and_events_find_each_other(history):
    first = history.op_starts[1]
    assert history.op_of(0) == 0
    assert history.op_of(first) == 1
    assert history.op_of(first + 1) == 2
    assert history.after_op(1).now == first
    assert history.after_op(0).now == 0
    assert history.op_of_row(10) == 12
    assert [type(event).__name__ for event in history.events_of(2)] == [
        "ObjectAllocated", "BitmapWordWritten", "ScanAllocAdded",
    ]  # fmt: skip


def test_a_chunks_story_tells_its_events_and_no_others(history):
    story = history.story(chunk=1)
    assert [type(moment.event).__name__ for moment in story] == ["ChunkSplitOff"]
    assert "ready list" in str(story[0])
    kinds = {type(moment.event).__name__ for moment in history.story(kind="ReusePut")}
    assert kinds == {"ReusePut"}
    assert all(moment.event.user_arena == 0 for moment in history.story(user_arena=0))


def test_a_refused_operation_leaves_no_trace():
    machine = Machine(GC_OFF)
    machine.do(ops.NewArena(0))
    before = machine.world.fork()
    for wrong in (ops.New(7, NODE), ops.NewArena(0), ops.MarkEnd(), ops.Drop(3), ops.SweepStep(5)):
        with pytest.raises(ScenarioError):
            machine.do(wrong)
    assert machine.world == before
    assert len(machine.history.ops) == 1


def saved_lines(history, tmp_path):
    path = tmp_path / "history.jsonl"
    history.save(path)
    return path, path.read_text().splitlines()


def test_a_file_is_replaced_whole_or_not_at_all(history, tmp_path, monkeypatch):
    path, lines = saved_lines(history, tmp_path)
    monkeypatch.setattr("arenalab.world.history_file.json.dumps", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        history.save(path)
    assert path.read_text().splitlines() == lines
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda rows: rows.pop(0), "not a history"),
        (lambda rows: rows.__setitem__(0, '{"arenalab_history":1,"rules":{"nonsense":1}}'), "rules"),
        (lambda rows: rows.__setitem__(2, rows[2][:-3]), "not JSON"),
        (lambda rows: rows.__setitem__(2, "[1]"), "JSON object"),
        (lambda rows: rows.append('{"event":"Nothing"}'), "unknown event"),
        (lambda rows: rows.append('{"op":"nothing"}'), "unknown operation 'nothing'; expected one of: new_arena"),
        (lambda rows: rows.append('{"event":"ReusePut"}'), "ReusePut: chunk is missing; its keys are chunk, f"),
        (lambda rows: rows.append('{"event":"ReuseTaken","chunk":99,"free_bytes":0}'), "can't happen here"),
        (lambda rows: rows.append('{"event":"ChunkMapped","chunk":"x","nbytes":1}'), "ChunkMapped.chunk: got 'x'"),
        (lambda rows: rows.append('{"what":1}'), "neither type, op nor event"),
        (lambda rows: rows.clear(), "empty"),
    ],
)  # fmt: skip
def test_a_spoilt_file_gets_one_clear_line(history, tmp_path, spoil, complaint):
    path, rows = saved_lines(history, tmp_path)
    spoil(rows)
    path.write_text("".join(f"{row}\n" for row in rows))
    with pytest.raises(HistoryError, match=complaint) as caught:
        History.load(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(HistoryError, match="can't be read"):
        History.load(tmp_path / "nowhere.jsonl")


def test_a_saved_file_says_what_it_is(history, tmp_path):
    _, lines = saved_lines(history, tmp_path)
    assert json.loads(lines[0])["arenalab_history"] == FORMAT


@pytest.mark.parametrize("name", ["format-1", "format-1-asan"])
def test_history_saved_before_events_carried_their_amounts_is_the_run_that_its_operations_make(name):
    loaded = History.load(HISTORIES / f"{name}.jsonl")
    run = Machine(loaded.rules, cycles=loaded.cycles).run(loaded.ops)
    assert run.events == loaded.events
    assert run.world == loaded.world


@pytest.mark.parametrize("name", ["format-1", "format-2"])
def test_history_of_an_older_go_opens_as_that_go_and_is_the_run_that_its_operations_make(name):
    """Both were saved when Go 1.21 was what a Machine took unasked; format-2 holds a type with a GC program."""
    loaded = History.load(HISTORIES / f"{name}.jsonl")
    assert (loaded.rules.version, Machine().rules.version) == ("1.21", NEWEST)
    assert loaded.world.rules == loaded.rules
    again = rerun(loaded)
    assert again.events == loaded.events
    assert again.world == loaded.world


@pytest.mark.parametrize("asked", ["1.21", "1.24", "1.27"])
@pytest.mark.parametrize("version", ["1.21", "1.24", "1.27"])
def test_history_is_saved_with_its_types_as_its_own_go_lays_them_out(version, asked, tmp_path):
    """Operations take a type that any Go laid out; a file's types are those of the file's rules."""
    rules = replace(go_rules(version), gogc=-1)
    big = [type_of(text, rules=go_rules(asked)) for text in LARGE]
    made = Machine(rules).run([ops.NewArena(0), *[ops.New(0, go_type) for go_type in big], ops.Free(0)])
    made.save(tmp_path / "run")
    loaded = History.load(tmp_path / "run")
    assert [op.type for op in loaded.ops[1:-1]] == [type_of(text, rules=rules) for text in LARGE]
    again = rerun(loaded)
    assert again.events == loaded.events == made.events
    assert again.world == loaded.world == made.world


def test_bits_of_one_chunk_under_their_older_name_are_read_as_a_runs(tmp_path):
    history = Machine(GC_OFF, in_bulk=True).run([ops.NewArena(0), ops.Rep(0, type_of("*int"), 1000)])
    path = tmp_path / "history.jsonl"
    history.save(path)
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    at = next(at for at, row in enumerate(rows) if row.get("event") == "RunBitsWritten")
    [chunk], [first] = rows[at]["homes"], rows[at]["firsts"]
    older = {name: rows[at][name] for name in ("after", "clears")}
    rows[at] = {"event": "WordsWritten", "chunk": chunk, "first": first, **older}
    path.write_text("\n".join(map(json.dumps, rows)))
    assert History.load(path).events == history.events


@pytest.mark.parametrize(
    "row", ["SpanInitialised", "ChunkPushedSwept", "HandleMade", "RedZoneSet", "SmallSwept", "WordsWritten"]
)
def test_spoilt_row_of_an_older_history_gets_one_clear_line(tmp_path, row):
    path, header = tmp_path / "history", (HISTORIES / "format-1.jsonl").read_text().splitlines()[0]
    path.write_text(f'{header}\n{{"event":"{row}","chunk":"x"}}\n')
    with pytest.raises(HistoryError, match=":2: ") as caught:
        History.load(path)
    assert "\n" not in str(caught.value)
