"""Recordings are read without trust: whatever is wrong gets one clear line, nothing is allocated."""

import json
import tracemalloc
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.cli import main
from arenalab.errors import RecordingError
from arenalab.truth.check import check, history_of
from arenalab.truth.items import Snap
from arenalab.truth.recording import load_recording
from arenalab.world import ops
from tests.examples import some
from tests.left import slow

HUGE = 10**15


def lines_of(recordings, name="small-1"):
    return Path(recordings(name).path).read_text(encoding="utf-8").splitlines()


def first(rows, op):
    return next(number for number, row in enumerate(rows) if f'"op":"{op}"' in row)


def changed(rows, number, **change):
    row = json.loads(rows[number])
    row.update(change)
    rows[number] = json.dumps(row)


def without(rows, number, key):
    row = json.loads(rows[number])
    del row[key]
    rows[number] = json.dumps(row)


@pytest.fixture
def spoilt(recordings, tmp_path):
    """Write a changed copy of a recorded run and return its path."""

    def write(spoil):
        rows = lines_of(recordings)
        spoil(rows)
        path = tmp_path / "spoilt.jsonl"
        path.write_text("".join(f"{row}\n" for row in rows))
        return path

    return write


def test_a_run_is_read_as_the_program_it_was(recordings):
    recording = recordings("small-1")
    assert recording.ops[0] == ops.NewArena(0)
    assert len(recording.ops) == recording.header["nops"]
    assert all(isinstance(op, ops.Op) for op in recording.ops)


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda rows: rows.__setitem__(5, rows[5][:40]), ":6: not JSON"),
        (lambda rows: rows.pop(), "cut off"),
        (lambda rows: rows.__setitem__(0, "{}"), ":1: not a row"),
        (lambda rows: changed(rows, 0, oracle=3), "format 3"),
        (lambda rows: rows.__setitem__(3, "[]"), "expected a JSON object"),
        (lambda rows: changed(rows, first(rows, "new"), op="teleport"), "unknown operation 'teleport'"),
        (lambda rows: changed(rows, first(rows, "new"), type=999), "new.type: got 999; expected the number"),
        (lambda rows: changed(rows, first(rows, "new"), type="0"), "new.type: got '0'; expected the number of"),
        (lambda rows: changed(rows, first(rows, "new"), arena=-1), "new.arena: got -1; expected a whole number from 0"),
        (lambda rows: changed(rows, first(rows, "new"), arena=True), "new.arena: got True; expected a whole number"),
        (lambda rows: changed(rows, first(rows, "slice"), cap="many"), "slice.cap: got 'many'; expected a whole"),
        (lambda rows: changed(rows, first(rows, "rep"), n=HUGE), f"rep.n: got {HUGE}; expected"),
        (lambda rows: changed(rows, first(rows, "new"), d={"heapLive": "x"}), "d.'heapLive': got 'x'"),
        (lambda rows: without(rows, first(rows, "new"), "d"), "d is missing"),
        (lambda rows: changed(rows, first(rows, "new"), i=0), "as operations are in order"),
        (lambda rows: changed(rows, -1, end={"ops": 3}), "claims 3 operations"),
        (lambda rows: changed(rows, 1, size=-8), ":2:"),
        (lambda rows: changed(rows, 1, type=4), "comes as number 0"),
        (lambda rows: rows.insert(1, rows[-2]), "before the header and start"),
    ],
)  # fmt: skip
def test_a_lying_file_gets_one_clear_line_and_exit_2(spoilt, capsys, spoil, complaint):
    path = spoilt(spoil)
    with pytest.raises(RecordingError, match=r"spoilt\.jsonl") as caught:
        load_recording(path)
    assert complaint in str(caught.value)
    assert main(["check", str(path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        ("quarantine", "none", "quarantine: got 'none'; expected a list"),
        ("arenas", [3], "arenas: got [3]; expected a list of objects"),
        ("gcphase", None, "gcphase: got None; expected a whole number"),
        ("sweep", [], "sweep: got []; expected an object"),
    ],
)
def test_a_lying_snapshot_gets_one_clear_line(spoilt, key, value, complaint):
    def spoil(rows):
        changed(rows, next(n for n, row in enumerate(rows) if row.startswith('{"snap"')), **{key: value})

    with pytest.raises(RecordingError, match=r"spoilt\.jsonl") as caught:
        check(load_recording(spoilt(spoil)))
    assert complaint in str(caught.value)


@pytest.mark.parametrize("cap", [HUGE, 2**62])
def test_an_absurd_capacity_is_followed_without_allocating_it(spoilt, cap):
    path = spoilt(lambda rows: changed(rows, first(rows, "slice"), cap=cap))
    report = check(load_recording(path))
    assert report.different > 0


@pytest.mark.parametrize("content", ["", "\n\n", "hello", "[]", "null", '{"a":1}', "\x00\x01"])
def test_what_is_no_recording_is_refused(tmp_path, content):
    path = tmp_path / "thing.jsonl"
    path.write_text(content)
    with pytest.raises(RecordingError, match=r"thing\.jsonl"):
        load_recording(path)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "thing.jsonl"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RecordingError, match="can't be read"):
        load_recording(path)


def test_a_missing_file_is_one_line_and_exit_2(tmp_path, capsys):
    assert main(["check", str(tmp_path / "no.jsonl")]) == 2
    assert "can't be read" in capsys.readouterr().err


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.data())
def test_any_value_anywhere_is_compared_or_refused_never_a_crash(recordings, tmp_path_factory, data):
    rows = lines_of(recordings)
    number = data.draw(st.integers(0, len(rows) - 1))
    row = json.loads(rows[number])
    key = data.draw(st.sampled_from(sorted(row)))
    inner = row[key]
    if isinstance(inner, dict) and inner and data.draw(st.booleans()):
        inner[data.draw(st.sampled_from(sorted(inner)))] = data.draw(json_values)
    else:
        row[key] = data.draw(json_values)
    rows[number] = json.dumps(row)
    path = tmp_path_factory.mktemp("spoilt") / "spoilt.jsonl"
    path.write_text("".join(f"{line}\n" for line in rows))
    complaint = told(path)
    assert not complaint or str(path) in complaint


#: What a value may have become: of another type, or of the right one with something wrong inside.
NASTY = [None, -1, 2**64, "", [], {}, [None, None], [[1], "a"]]


def values_in(row, way=()):
    """Every way to a value in a row, into objects and the first of each list."""
    yield way
    inner = row.items() if isinstance(row, dict) else enumerate(row[:1]) if isinstance(row, list) else ()
    for key, value in inner:
        yield from values_in(value, (*way, key))


def planted(row, way, value):
    """A row with another value at the end of a way."""
    if not way:
        return value
    copy = row.copy()
    copy[way[0]] = planted(row[way[0]], way[1:], value)
    return copy


def told(path):
    """What is said of a file that can't be compared, "" where it can."""
    try:
        check(load_recording(path))
    except RecordingError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("kind", ["oracle", "op", slow("snap")])
def test_every_value_replaced_by_nasty_ones_is_compared_or_refused(recordings, tmp_path, kind):
    rows, path = lines_of(recordings), tmp_path / "spoilt.jsonl"
    snap = next(number for number, line in enumerate(rows) if "snap" in json.loads(line))
    rows[snap + 1 : -1] = []  # the first stretch is enough, and quick
    done = sum("op" in json.loads(line) for line in rows)
    changed(rows, 0, nops=done)
    changed(rows, -1, end={"ops": done, "chunks": 8})
    number = next(number for number, line in enumerate(rows) if kind in json.loads(line))
    row, complaints = json.loads(rows[number]), []
    planting = [*product(values_in(row), NASTY)]
    for way, value in some(planting) if kind == "snap" else planting:
        rows[number] = json.dumps(planted(row, way, value))
        path.write_text("".join(f"{line}\n" for line in rows))
        complaints.append(told(path))
    assert all(str(path) in complaint for complaint in complaints if complaint)
    assert "" in complaints  # not everything is refused: some values are compared
    rows[number] = json.dumps(row)
    path.write_text("".join(f"{line}\n" for line in rows))
    assert told(path) == ""


def test_a_recorded_run_becomes_a_history(recordings):
    history = history_of(recordings("small-1"))
    assert len(history.ops) == len(recordings("small-1").ops)
    assert history.at(len(history)) == history.world


def test_snapshots_are_kept_as_text_and_read_when_they_are_compared(recordings):
    tracemalloc.start()
    recording = load_recording(recordings("mix-1").path)
    kept = sum(stat.size for stat in tracemalloc.take_snapshot().statistics("filename"))
    rows = [item.seen for item in recording.items if isinstance(item, Snap)]
    read = sum(stat.size for stat in tracemalloc.take_snapshot().statistics("filename"))
    tracemalloc.stop()
    assert len(rows) > 5
    assert rows[0] == json.loads(next(item.text for item in recording.items if isinstance(item, Snap)))
    assert read > 1.5 * kept
