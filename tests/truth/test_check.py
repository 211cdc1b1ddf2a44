"""check compares what Go reported, and catches every kind of planted lie."""

import json
import re
from pathlib import Path

import pytest

from arenalab.cli import main
from arenalab.errors import RecordingError
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
    assert any(
        (f"operation {operation + 1} " if operation >= 0 else "type ") in line for line in report.lines()
    )


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
    assert last.startswith("2 files; compared ")
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
    assert re.search(r"allocated \d+ bytes? from the (front|back) of chunk", out)


def test_nothing_compared_is_no_success(recordings, tmp_path):
    header, start, end = rows_of(recordings, "small-1")[0], None, {"end": {"ops": 0, "chunks": 0}}
    path = tmp_path / "empty.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in (header, end) if row is not start))
    assert main(["check", str(path)]) != 0


def first_snapshot(rows):
    return next(number for number, row in enumerate(rows) if "snap" in row)


LISTS = ["ready", "quarantine", "reuse", "fault"]


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("key", [*LISTS, "sweep", "arenas", "heaparenas"])
def test_a_difference_keeps_the_models_value_of_that_moment(recordings, checked, name, key):
    rows = rows_of(recordings, name)
    at = first_snapshot(rows)
    cut = checked(
        [*changed_list(rows, at, key)[: at + 1], {"end": {"ops": rows[at]["after"] + 1, "chunks": 8}}]
    )
    whole = checked(changed_list(rows, at, key))
    here = [each for each in whole.differences if each.where.endswith(f":{at + 1}")]
    assert here
    assert [(each.fact, each.model) for each in here] == [(each.fact, each.model) for each in cut.differences]


def changed_list(rows, at, key):
    """The rows with another first number in every list under a key of the snapshot."""
    rows = json.loads(json.dumps(rows))
    snap = rows[at]
    if key == "sweep":
        snap["sweep"] = {name: [99, *numbers] for name, numbers in snap["sweep"].items()}
    elif key == "arenas":
        snap["arenas"] = [row | {"full": [99]} for row in snap["arenas"]] or [{"id": 99}]
    elif key == "heaparenas":
        snap[key] = [["0x1", 0]]
    else:
        snap[key] = [99, *snap[key][1:]]
    return rows


@pytest.mark.parametrize("op", ["gc", "mark_end"])
def test_a_difference_in_a_list_of_an_operation_keeps_it_as_well(recordings, checked, op):
    rows = rows_of(recordings, "fill-1")
    for row in rows:
        if row.get("op") == op:
            row["faulted"] = [99, *row["faulted"]]
    report = checked(rows)
    assert report.differences
    assert all(each.model == each.go[1:] for each in report.differences)


def run_with_types(recordings, change):
    """A recorded run without a GC program, in which `change` was made to every type row."""
    rows = rows_of(recordings, "small-1")
    for row in rows:
        if "expr" in row and not row["gcprog"]:
            change(row)
    return rows


def test_a_mask_that_is_left_out_follows_from_the_expression(recordings, checked):
    whole = checked(rows_of(recordings, "small-1"))
    short = checked(run_with_types(recordings, lambda row: row["ptrmask"].pop("hex")))
    assert short.ok, str(short)
    assert short.compared["bits"] == whole.compared["bits"]
    assert short.compared["type"] < whole.compared["type"]


def test_a_lie_about_a_mask_that_is_left_out_is_a_difference(recordings, checked):
    def lie(row):
        del row["ptrmask"]["hex"]
        row["ptrmask"]["ones"] += 1

    report = checked(run_with_types(recordings, lie))
    assert report.differences[0].fact == "ptrmask.ones"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [({"expr": "nowhere.T"}, "can't be read instead"), ({"expr": "[3]*int"}, "makes a mask of 3 words"),
     ({"expr": "[1000000000]*int"}, "makes a mask of 1000000000 words"),
     ({"expr": "[20000]*int", "size": 160_000, "ptrbytes": 160_000, "ptrmask": {"n": 20_000}}, "expected true")],
)  # fmt: skip
def test_a_mask_that_cannot_be_found_out_is_refused_with_the_reason(recordings, checked, change, complaint):
    rows = run_with_types(recordings, lambda row: row["ptrmask"].pop("hex"))
    number, row = next((n, row) for n, row in enumerate(rows) if row.get("ptrmask", {}).get("n") == 1)
    row |= change
    with pytest.raises(RecordingError, match=complaint) as refused:
        checked(rows)
    assert f":{number + 1}: " in str(refused.value)
