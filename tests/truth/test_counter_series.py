"""A recorded run's counters beside the model's: nothing is left of the difference, and a planted fault is."""

import json

import numpy as np
import pytest

from arenalab.truth.check import check, history_of
from arenalab.truth.counter_series import ALL_NAMES, recorded_counters
from arenalab.truth.counters import PAGE_HEAP
from arenalab.truth.recording import load_recording
from tests.programs import RECORDINGS

SOME = sorted(RECORDINGS.glob("*.jsonl"))


def both(path):
    recording = load_recording(path)
    history = history_of(recording)
    return recording, history, recorded_counters(recording, history)


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_nothing_is_left_between_model_and_go(path):
    recording, history, columns = both(path)
    assert not any(left.any() for left in columns.left.values())
    assert len(columns.left) == 13
    for name, ours in ALL_NAMES.items():
        changes = [step.seen["d"].get(name, 0) for step in recording.steps]
        assert columns.go[ours].tolist() == [0, *np.cumsum(changes)]
    assert len(columns.go["heap_live"]) == len(history.ops) + 1


@pytest.mark.parametrize("path", SOME, ids=lambda path: path.stem)
def test_what_is_not_compared_is_counted_as_check_counts_it(path):
    recording, _, columns = both(path)
    skipped = check(recording).skipped
    assert set(columns.skipped) <= set(skipped)
    assert not {ALL_NAMES[name] for name in PAGE_HEAP if name in ALL_NAMES} & set(columns.left)
    assert columns.unseen["total_alloc"][-1] == 0
    assert (
        columns.unseen["heap_live"][-1]
        == columns.skipped["ambient: what others keep in a small span, read off once"]
    )


def test_planted_wrong_counter_is_left_from_that_operation_on(tmp_path):
    lines = (RECORDINGS / "mix-1.jsonl").read_text().splitlines()
    at = next(
        n for n, line in enumerate(lines) if '"totalAlloc"' in line and '"i"' in line and '"slice"' in line
    )
    row = json.loads(lines[at])
    row["d"]["totalAlloc"] += 4096
    lines[at] = json.dumps(row)
    (tmp_path / "wrong.jsonl").write_text("\n".join(lines) + "\n")
    _, _, columns = both(tmp_path / "wrong.jsonl")
    left = columns.left["total_alloc"]
    assert left[: row["i"] + 1].tolist() == [0] * (row["i"] + 1)
    assert set(left[row["i"] + 1 :].tolist()) == {-4096}
    assert not columns.left["large_alloc"].any()


def test_recording_that_looked_at_no_counters_has_none(tmp_path):
    rows = [json.loads(line) for line in (RECORDINGS / "small-1.jsonl").read_text().splitlines()]
    for row in rows:
        row.pop("d", None)
    rows[0]["observed"] = "partial"
    rows = [row for row in rows if "snap" not in row]
    (tmp_path / "partial.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n")
    assert both(tmp_path / "partial.jsonl")[2] is None
