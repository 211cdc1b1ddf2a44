"""check compares what Go reported, and catches every kind of planted lie."""

import json
from pathlib import Path

import pytest

from arenalab.cli import main
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording

RUNS = ["small-1", "fill-1", "mix-1", "gc-1", "chunks-1"]


@pytest.mark.parametrize("name", RUNS)
def test_a_real_run_agrees_with_the_model(recordings, name):
    report = check(recordings(name))
    assert report.ok, str(report)
    assert report.operations == len(recordings(name).ops)
    assert not [why for why in report.skipped if why.startswith(("bits", "nmp", "type", "unknown"))]


@pytest.mark.parametrize("name", ["small-1", "mix-1"])
def test_step_by_step_compares_the_same_facts_and_agrees_too(recordings, name):
    stepped = check(recordings(name), in_bulk=False)
    assert stepped.ok, str(stepped)
    assert stepped.compared == check(recordings(name)).compared


def rows_of(recordings, name):
    lines = Path(recordings(name).path).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def checked(tmp_path):
    """Write rows to a file and check it."""

    def run(rows):
        path = tmp_path / "lie.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return check(load_recording(path))

    return run


def lie_about_an_offset(rows):
    row = next(row for row in rows if row.get("op") == "new" and row["at"] == "chunk")
    row["off"] += 8
    return "off", row["i"]


def lie_about_a_bitmap_word(rows):
    for row in rows:
        for chunk in row.get("chunks", ()):
            if chunk.get("bits"):
                first, count, value = chunk["bits"][0]
                chunk["bits"][0] = [first, count, f"{int(value, 16) ^ 4:x}"]
                return "bitmap word", row["after"]
    raise AssertionError


def lie_about_a_mark(rows):
    for row in rows:
        for chunk in row.get("chunks", ()):
            if chunk.get("nmp"):
                first, count, value = chunk["nmp"][0]
                chunk["nmp"][0] = [first, count - 1, value]
                return "noMorePtrs mark", row["after"]
    raise AssertionError


def lie_about_the_ready_list(rows):
    row = next(row for row in rows if len(row.get("ready", ())) > 1)
    row["ready"].reverse()
    return "ready list", row["after"]


def lie_about_a_counter(rows):
    row = next(row for row in rows if row.get("op") == "new" and row["d"].get("scanAlloc"))
    row["d"]["scanAlloc"] += 8
    return "scanAlloc", row["i"]


def lie_about_a_chunks_share(rows):
    row = next(row for row in rows if row.get("op") == "new_arena" and "heapInUse" in row["d"])
    row["d"]["heapInUse"] += 4 * 2**20
    return "heapInUse", row["i"]


def lie_about_a_free_range(rows):
    row = next(row for row in rows if any(chunk["uac"] for chunk in row.get("chunks", ())))
    next(chunk for chunk in row["chunks"] if chunk["uac"])["free"][0] += 1
    return "free range", row["after"]


def lie_about_finalizers(rows):
    row = next(row for row in rows if len(row.get("finalized", ())) > 1)
    row["finalized"].reverse()
    return "finalized", row["i"]


def lie_about_a_type(rows):
    row = next(row for row in rows if row.get("kind") == "struct" and row["offsets"] and row["size"] > 8)
    row["offsets"][-1] += 1
    return "offsets", -1


LIES = [
    (lie_about_an_offset, "small-1"), (lie_about_a_bitmap_word, "mix-1"), (lie_about_a_mark, "mix-1"),
    (lie_about_the_ready_list, "small-1"), (lie_about_a_counter, "small-1"),
    (lie_about_a_chunks_share, "small-1"), (lie_about_a_free_range, "small-1"),
    (lie_about_finalizers, "fill-1"), (lie_about_a_type, "small-1"),
]  # fmt: skip


@pytest.mark.parametrize(("lie", "name"), LIES, ids=[lie.__name__ for lie, _ in LIES])
def test_a_lie_is_found_and_named(recordings, checked, lie, name):
    rows = rows_of(recordings, name)
    named, operation = lie(rows)
    report = checked(rows)
    assert not report.ok
    first = report.differences[0]
    assert named in first.fact
    assert first.op == operation
    assert any((f"operation {operation} " if operation >= 0 else "type ") in line for line in report.lines())


def test_a_flipped_bit_is_named_by_chunk_word_object_and_type(recordings, checked):
    rows = rows_of(recordings, "mix-1")
    lie_about_a_bitmap_word(rows)
    fact = checked(rows).differences[0].fact
    assert "bitmap word" in fact
    assert "of chunk" in fact
    assert " at 0x" in fact


def test_the_last_line_sums_up_all_files(recordings, capsys):
    paths = [recordings(name).path for name in ("small-1", "fill-1")]
    assert main(["check", *paths]) == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("compared ")
    assert last.endswith("; 0 differences")


def test_a_difference_is_exit_1_with_operation_both_sides_and_story(recordings, tmp_path, capsys):
    rows = rows_of(recordings, "small-1")
    lie_about_an_offset(rows)
    path = tmp_path / "lie.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert main(["check", str(path)]) == 1
    out = capsys.readouterr().out
    assert "model:" in out
    assert "Go:" in out
    assert "is carved" in out or "are carved" in out


def test_nothing_compared_is_no_success(recordings, tmp_path):
    header, start, end = rows_of(recordings, "small-1")[0], None, {"end": {"ops": 0, "chunks": 0}}
    path = tmp_path / "empty.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in (header, end) if row is not start))
    assert main(["check", str(path)]) != 0
