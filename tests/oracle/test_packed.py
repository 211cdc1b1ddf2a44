"""A recording in columns holds what the lines of JSON hold, in little room, and is read without trust."""

import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from arenalab.cli import main
from arenalab.errors import ArenaLabError, RecordingError
from arenalab.file_kind import RECORDING, kind_of
from arenalab.opening import open_file
from arenalab.oracle.watch.convert import packed
from arenalab.oracle.watch.notes import Kind
from arenalab.oracle.watch.run import record_own_program
from arenalab.truth.check import check, history_of
from arenalab.truth.packed_file import write_packed
from arenalab.truth.packed_json import json_rows, write_lines
from arenalab.truth.recording import load_recording
from arenalab.world import ops
from tests.oracle.notes_by_hand import PAIR, POINTERS, by, chunk, freed, made, notes_of, typed
from tests.oracle.test_watch_notes import GOES_ON, WAITS

PLAIN = POINTERS + 96
OWN = Path(__file__).parents[1] / "data" / "own"
BLOB = typed(PLAIN, b"blob", b"").replace(
    (16).to_bytes(8, "little") * 2, (16).to_bytes(8, "little") + bytes(8)
)


def in_turn(handle, number, count, *, goroutine=1):
    """Values of two types in turn, one from each end of the chunk."""
    end = 8 << 20
    for at in range(count):
        offset, kind = (8 * at, POINTERS) if at % 2 == 0 else (end - 8 * (at + 1), PLAIN)
        yield by(handle, goroutine, Kind.ALLOC, 0, chunk(number, offset), kind)


def program(values=100):
    """Three goroutines, one of which waits for a chunk."""
    return [
        *made(0, 0), *WAITS, *made(2, 1, goroutine=3), *in_turn(2, 1, values, goroutine=3), *freed(0, 0), *GOES_ON,
        *made(3, 0, goroutine=3, fresh=False), *in_turn(1, 2, values, goroutine=2),
        by(1, 2, Kind.ALLOC, 3 + 1, chunk(2, 8 * values), POINTERS),
    ]  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """Return a function that writes a program's notes both as lines and as columns."""

    def write(notes, name="run"):
        taken = packed(notes_of(tmp_path / "notes", notes, described=PAIR + BLOB), program="x", exit_code=0)
        lines, columns = tmp_path / f"{name}.jsonl", tmp_path / f"{name}.arenalab"
        with lines.open("wb") as out:
            write_lines(taken, out)
        with columns.open("wb") as out:
            write_packed(taken, out)
        return lines, columns

    return write


def test_both_hold_the_same_operations_and_facts(files):
    lines, columns = map(load_recording, files(program()))
    assert list(lines.ops) == list(columns.ops)
    assert [step.seen for step in lines.steps] == [step.seen for step in columns.steps]
    assert [step.goroutine for step in lines.steps] == [step.goroutine for step in columns.steps]
    assert [type(item) for item in lines.items] == [type(item) for item in columns.items]
    assert (lines.header, lines.end, lines.type_rows[0][1]) == (
        columns.header,
        columns.end,
        columns.type_rows[0][1],
    )


def test_both_are_checked_alike_and_make_one_history(files):
    reports = [check(load_recording(path)) for path in files(program())]
    assert reports[0].ok, str(reports[0])
    assert reports[0] == reports[1]
    one, other = (history_of(load_recording(path)) for path in files(program()))
    assert one.events == other.events
    assert one.ops == other.ops
    assert one.actors == [1, 2, 3]


def test_steps_alone_find_the_same(files):
    recording = load_recording(files(program())[1])
    assert check(recording, in_bulk=False) == check(recording)
    assert history_of(recording, in_bulk=False).world == history_of(recording).world


def test_a_file_is_known_by_its_content_compressed_or_not(files, tmp_path):
    for path in files(program()):
        whole = load_recording(path)
        renamed, zipped = tmp_path / "renamed", tmp_path / "zipped"
        renamed.write_bytes(path.read_bytes())
        zipped.write_bytes(gzip.compress(path.read_bytes()))
        for other in renamed, zipped:
            assert kind_of(other) == RECORDING
            assert [step.seen for step in load_recording(other).steps] == [step.seen for step in whole.steps]
        assert open_file(zipped).world == open_file(path).world
        assert main(["check", str(zipped)]) == main(["report", str(zipped)]) == 0


def test_values_take_little_room(files):
    values = list(in_turn(0, 0, 40_000))
    _, columns = files([*made(0, 0), *values])
    assert columns.stat().st_size < 3 * len(values)
    report = check(load_recording(columns))
    assert report.ok, str(report)


def test_a_wrong_place_of_one_value_is_named_by_operation(files):
    notes = program()
    at = next(number for number, note in enumerate(notes) if note[0] % 256 == Kind.ALLOC) + 60
    notes[at] = (*notes[at][:3], notes[at][3] + 8, *notes[at][4:])
    for path in files(notes):
        report = check(load_recording(path))
        first = report.differences[0]
        assert (first.fact, first.go - first.model) == ("off", 8)
        assert first.op == next(step.index for step in load_recording(path).steps if step.index > 2) + 60
        assert report.compared["place"] > 600


def spoil(columns, change):
    """Write the file's columns again, changed."""
    with zipfile.ZipFile(columns) as archive:
        kept = {name.removesuffix(".npy"): np.load(archive.open(name)) for name in archive.namelist()}
    said = json.loads(kept["recording"].tobytes())
    change(kept, said)
    kept["recording"] = np.frombuffer(json.dumps(said).encode(), dtype=np.uint8)
    np.savez_compressed(columns, **kept)
    columns.with_suffix(".arenalab.npz").replace(columns)


LIES = [
    (lambda kept, _: kept.pop("order"), "order"),
    (lambda kept, _: kept.update(type=kept["type"][1:]), "columns of another length"),
    (lambda kept, _: kept.update(type=kept["type"] + 7), "a value's type is none"),
    (lambda kept, _: kept.update(step=kept["step"] - np.int64(2**40)), "outside any chunk"),
    (lambda kept, _: kept.update(order=kept["order"] + 99), "a row of kind"),
    (lambda kept, _: kept.update(row_0_arena=kept["row_0_arena"][1:]), "is not as long as"),
    (lambda kept, _: kept.update(order=kept["order"].astype(float)), "no row of whole numbers"),
    (lambda _, said: said.update(arenalab_recording=9), "format 9"),
    (lambda _, said: said.update(shapes=[[["op", "j"]]]), "row of kind"),
    (lambda _, said: said.update(types=3), "can't be read"),
    (lambda _, said: said["header"].update(observed="all"), "recordings of programs only"),
    (lambda _, said: said["end"]["end"].update(ops=3), "the run claims 3 operations"),
]


@pytest.mark.parametrize(("lie", "said"), LIES)
def test_a_spoilt_file_is_refused_by_name(files, lie, said):
    _, columns = files(program())
    spoil(columns, lie)
    with pytest.raises(RecordingError, match=said) as refused:
        check(load_recording(columns))
    assert str(columns) in str(refused.value)


def test_a_file_cut_off_anywhere_is_refused(files, tmp_path):
    whole = files(program())[1].read_bytes()
    for size in range(0, len(whole), 211):
        part = tmp_path / "cut"
        part.write_bytes(whole[:size])
        with pytest.raises(ArenaLabError):
            open_file(part)


def test_json_tells_all_that_the_columns_hold(files):
    lines, _ = files(program())
    rows = [json.loads(line) for line in lines.read_text().splitlines()]
    again = packed(
        notes_of(lines.with_name("again"), program(), described=PAIR + BLOB), program="x", exit_code=0
    )
    assert rows == list(json_rows(again))


@pytest.mark.go
@pytest.mark.usefixtures("toolchain")
def test_a_server_of_several_goroutines_is_recorded_as_columns_and_followed(tmp_path, monkeypatch):
    monkeypatch.setenv("GOMAXPROCS", "2")
    out = tmp_path / "server"
    record_own_program("./serves", ["-requests", "400", "-values", "40"], out, cwd=OWN)
    recording = load_recording(out)
    assert {step.goroutine for step in recording.steps} > {1}
    assert out.stat().st_size < 20 * 400 * 40
    report = check(recording)
    assert report.ok, str(report)
    asked = [op for op in recording.ops if isinstance(op, ops.NewArena | ops.New | ops.Free)]
    assert len(asked) == 400 * 42  # beside them stand what cycles did, if there were any
    assert len(asked) <= report.operations == recording.op_count
