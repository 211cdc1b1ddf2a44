"""Recorded panics, throws, faults and Clones are what the model says; a difference or a lie is named."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from arenalab.errors import GoFault, RecordingError
from arenalab.go.versions import CHANGES, GO_1_21
from arenalab.machine import api, clone
from arenalab.machine.machine import PROCEDURES, Machine
from arenalab.truth import cases_clone, cases_errors
from arenalab.truth.cases import compare_case, reproducible
from arenalab.truth.check import check
from arenalab.truth.compare import Comparer
from arenalab.truth.go_program import GoProgram
from arenalab.truth.recording import load_recording
from arenalab.truth.report import Report
from arenalab.world import ops

CASES = Path(__file__).parent.parent / "data" / "cases"
VERSIONS = CASES.parent / "recordings" / "versions"
ROWS = {name: [json.loads(line) for line in (CASES / name).read_text().splitlines()]
        for name in ("errors.jsonl", "clone.jsonl")}  # fmt: skip
EVERY = [row for rows in ROWS.values() for row in rows]


def checked(tmp_path, *rows):
    """Check a file that holds these rows."""
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return check(load_recording(path))


def case(name):
    """Return a recorded row by its name."""
    return dict(next(row for row in EVERY if row["case"] == name))


@pytest.mark.parametrize("row", EVERY, ids=lambda row: row["case"])
def test_recorded_case_is_what_the_model_says(row, tmp_path):
    report = checked(tmp_path, row)
    assert report.ok, report
    assert report.facts >= len(row) - 1
    assert not [name for name in report.skipped if "reproducible" not in name and "differs" not in name
                and "ambient" not in name]  # fmt: skip


def test_every_program_has_a_recorded_case_and_every_case_a_program():
    newest = gzip.decompress((VERSIONS / f"go{list(CHANGES.values())[-1][0]}-errors.jsonl.gz").read_bytes())
    later = {json.loads(line)["case"] for line in newest.splitlines()}
    assert {row["case"] for row in ROWS["errors.jsonl"]} < later == cases_errors.CASES.keys()
    assert {row["case"] for row in ROWS["clone.jsonl"]} == cases_clone.CASES.keys()


def test_order_of_the_cases_does_not_matter(tmp_path):
    report = checked(tmp_path, *reversed(EVERY))
    assert report.different == 0
    assert report.facts == 438 + 272


def test_case_that_the_recordings_go_has_not_is_a_difference(tmp_path):
    told = case("pin_arena_object") | {"case": "add_cleanup_to_nil"}
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps(told) + "\n")
    report = Report()
    compare_case(Comparer(report, Machine(GO_1_21), str(path)), told, GO_1_21)
    assert report.different == 1
    assert "Go 1.21 has no runtime.AddCleanup" in str(report.differences[0])


@pytest.mark.parametrize(
    ("name", "key", "lie"),
    [
        ("api_double_free", "message", "panic: arena double free"),
        ("api_double_free", "exit", 1),
        ("api_double_free", "recover", "fatal"),
        ("api_slice_size_overflow", "recover", {"type": "string", "runtime_error": False, "message": ""}),
        ("use_after_free_active", "stdout", "no fault, value 41"),
        ("use_after_free_active", "returned", False),
        ("slice len 3 cap 10 in arena", "cap", [10, 10]),
        ("slice len 3 cap 10 in arena", "to_span_elemsize_noscan", [32, 1]),
        ("struct copy is shallow", "next_in", "heap"),
        ("clone outlives Free", "slice", [1, 2, 4]),
    ],
)
def test_row_that_lies_is_a_difference_that_names_the_case(name, key, lie, tmp_path):
    report = checked(tmp_path, case(name) | {key: lie})
    assert report.different >= 1
    assert f"cases.jsonl:1: case {name}: " in str(report)


@pytest.mark.parametrize(
    ("found", "instead"),
    [("addr=0x28", "addr=0x30"), ("code=0x1", "code=0x2"), ("nil pointer", "nil-pointer")],
)
def test_nil_read_elsewhere_is_a_difference(found, instead, tmp_path):
    row = case("api_free_zero_arena")
    assert checked(tmp_path, row | {"message": row["message"].replace(found, instead)}).different == 1


def test_fault_in_another_chunk_agrees_and_at_another_place_in_it_does_not(tmp_path):
    row = case("use_after_free_full_read")
    moved = row["message"].replace("0x40c000000008", "0x7f0000800008")
    assert checked(tmp_path, row | {"message": moved}).ok
    shifted = row["message"].replace("0x40c000000008", "0x40c000000010")
    assert checked(tmp_path, row | {"message": shifted}).different == 1


def test_what_differs_by_build_is_named_as_skipped(tmp_path):
    assert checked(tmp_path, case("use_after_free_full_read")).skipped == {
        "case pc (differs by build)": 1,
        "case address of a chunk (not reproducible)": 2,
    }
    assert checked(tmp_path, case("api_slice_size_over_memory")).skipped == {"case bytes in use (ambient)": 1}


def test_unknown_case_and_unknown_keys_are_skipped_by_name(tmp_path):
    known = case("nil pointer") | {"colour": "red"}
    report = checked(tmp_path, known, case("api_double_free") | {"case": "api_of_tomorrow"})
    assert report.skipped == {"unknown key colour": 1, "unknown case": 1}
    assert report.ok


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("api_double_free", {"exit": "2"}, "exit: got '2'; expected a whole number"),
        ("api_double_free", {"message": None}, "message: got None; expected a text"),
        ("api_double_free", {"case": 7}, "case: got 7; expected a text"),
    ],
)
def test_row_of_the_wrong_kind_is_refused_with_its_line(name, change, told, tmp_path):
    with pytest.raises(RecordingError, match=f"cases.jsonl:1: {told}"):
        checked(tmp_path, case(name) | change)


@pytest.mark.parametrize("key", ["exit", "message", "stdout", "returned", "recover"])
def test_row_without_a_fact_is_no_agreement(key, tmp_path):
    row = case("api_double_free")
    del row[key]
    if key == "exit":  # then it is no row of errors.jsonl, and no case of Clone has this name
        assert checked(tmp_path, row).skipped == {"unknown case": 1}
        return
    with pytest.raises(RecordingError, match=f"{key} is missing"):
        checked(tmp_path, row)


def test_message_without_what_moves():
    text = "accessed data 0x40c000800008\n[signal addr=0x40c000800008 pc=0x4f]\n(123 in use) addr=0x28"
    assert (
        reproducible(text, 2**23) == "accessed data chunk+0x8\n[signal addr=chunk+0x8]\n(… in use) addr=0x28"
    )


# the answers come from the model: spoil a rule and a case notices


def test_model_without_the_kind_check_differs(monkeypatch, tmp_path):
    monkeypatch.setattr(api, "_check_slice", lambda *_: None)
    assert checked(tmp_path, *ROWS["errors.jsonl"]).different > 10


def test_model_whose_clone_keeps_the_capacity_differs(monkeypatch, tmp_path):
    real = clone._copied
    wrong = lambda w, op: replace(real(w, op), cap=10)  # noqa: E731
    monkeypatch.setattr(clone, "_copied", wrong)
    assert checked(tmp_path, case("slice len 3 cap 10 in arena")).different == 2  # cap and the slot


def test_model_that_never_unmaps_differs(monkeypatch, tmp_path):
    monkeypatch.setitem(PROCEDURES, ops.Free, lambda *_: iter(()))
    faults = [row for row in ROWS["errors.jsonl"] if row["case"].startswith("use_after_free_full")]
    assert checked(tmp_path, *faults).different >= len(faults)


def test_case_run_in_a_sanitizer_build_ends_otherwise():
    go = GoProgram(replace(GO_1_21, gogc=-1, build_mode="asan"))
    with pytest.raises(GoFault, match="accessed data from freed user arena 0x40c000000008"):
        cases_errors.CASES["use_after_free_active"](go)
