"""Real Go performs the order in which finalizer goroutine and sweeper are asked to run, and says so."""

import json

import pytest

from arenalab.errors import ScenarioError
from arenalab.oracle.program import Program, load_program
from arenalab.oracle.record import record
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording

BIG = "[262144]*int"  # 2 MiB: four fill a chunk
FILLED = [
    {"op": "new_arena", "arena": 0},
    *[{"op": "new", "arena": 0, "type": 0}] * 9,
    {"op": "drop", "arena": 0},
]
WHOLE, HELD = ("gc",), ("mark_begin", "mark_end")
# Visits at which finalizers may run -> the chunks swept as they were, and those set to fault before.
ORDERS = {
    (0,): ([2], [0, 1]),
    (): ([0, 1, 2], []),
    (1,): ([0, 2], [1]),
    (2,): ([0, 1, 2], []),
    (1, 2): ([0, 2], [1]),
}

pytestmark = [pytest.mark.go, pytest.mark.usefixtures("toolchain")]


def recorded(tmp_path, visits, ops=WHOLE, before=FILLED):
    path = tmp_path / "run.jsonl"
    last = {"op": ops[-1]} | ({} if visits is None else {"finalizers_after": list(visits)})
    record(
        Program([BIG], [*before, *({"op": op} for op in ops[:-1]), last, {"op": "snapshot"}]),
        path,
        snapshot=0,
    )
    return path


def rows_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("ops", [WHOLE, HELD], ids=["gc", "mark_end"])
@pytest.mark.parametrize(("visits", "swept"), ORDERS.items(), ids=str)
def test_finalizers_run_when_they_are_asked_to_and_the_model_agrees(tmp_path, ops, visits, swept):
    path = recorded(tmp_path, visits, ops)
    (row,) = (row for row in rows_of(path) if row.get("op") == ops[-1])
    (sets,) = (row["sweep"] for row in rows_of(path) if "snap" in row)
    assert (row["finalizers_after"], row["finalized"]) == (list(visits), [0])
    assert (sets["scan_swept"], sets["noscan_swept"]) == swept
    report = check(load_recording(path))
    assert (report.different, report.schedules) == (0, {}), str(report)


def test_the_schedule_of_a_recording_is_checked_and_not_only_believed(tmp_path):
    path = recorded(tmp_path, [1])
    path.write_text(path.read_text().replace('"finalizers_after":[1]', '"finalizers_after":[0]'))
    assert check(load_recording(path)).different > 0


def test_without_a_schedule_go_decides_and_nothing_is_claimed(tmp_path):
    path = recorded(tmp_path, None)
    assert "finalizers_after" not in path.read_text()
    report = check(load_recording(path))
    assert (report.different, report.schedules.total()) == (0, 1), str(report)


def test_what_is_recorded_is_what_was_done_not_what_was_asked(tmp_path):
    path = recorded(tmp_path, [1, 70, 4000])
    assert '"finalizers_after":[1]' in path.read_text()
    assert load_program(path).ops[-2] == {"op": "gc", "finalizers_after": [1]}


@pytest.mark.slow
def test_handles_of_two_spans_are_finalized_in_the_order_of_visits(tmp_path):
    """The first span's finalizers run between the two visits, or after those of the second."""
    many = [{"op": "new_arena", "arena": arena} for arena in range(200)]
    dropped = [{"op": "drop", "arena": arena} for arena in (0, 1, 171, 172)]
    orders = set()
    for visits in (range(250), [0], []):
        path = recorded(tmp_path, visits, before=[*many, {"op": "gc"}, *dropped])
        orders.add(str([row["finalized"] for row in rows_of(path) if row.get("op") == "gc"]))
        report = check(load_recording(path))
        assert report.different == 0, str(report)
    assert len(orders) > 1


BESIDE = [
    {"op": "mark_begin"},
    {"op": "finish_mark"},
    {"op": "sweep_step", "chunk": 2},
    {"op": "sweep_step", "chunk": 900},
    {"op": "run_finalizers"},
    {"op": "new_arena", "arena": 1},
    {"op": "slice", "arena": 1, "type": 0, "cap": 2},
    *[{"op": "sweep_step"}] * 2,
]


def test_a_program_goes_on_while_sweeping_is_due_and_the_model_agrees(tmp_path):
    """Chunk 2 is swept out of turn, then the first in order; two finalized chunks are set to fault between them."""
    path = tmp_path / "run.jsonl"
    record(Program([BIG], [*FILLED, *BESIDE, {"op": "snapshot"}]), path, snapshot=0)
    rows = {row["i"]: row for row in rows_of(path) if "i" in row}
    told = [rows[len(FILLED) + at] for at in range(len(BESIDE))]
    assert [row["chunk"] for row in told if "chunk" in row and row["op"] == "sweep_step"] == [2, 0, 1]
    assert [row["finalized"] for row in told if "finalized" in row] == [[0]]
    assert ["d" in row for row in told] == [True, *[False] * 7, True]
    report = check(load_recording(path))
    assert (report.different, report.skipped["unknown key chunk"]) == (0, 0), str(report)


def test_counters_of_a_sweep_beside_the_program_are_compared_in_sum(tmp_path):
    path = tmp_path / "run.jsonl"
    record(Program([BIG], [*FILLED, *BESIDE]), path, snapshot=0)
    rows = rows_of(path)
    rows[-2]["d"]["totalAlloc"] += 8
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [found.fact for found in check(load_recording(path)).differences] == ["change of totalAlloc"]


def test_a_snapshot_while_sweeping_is_due_shows_lists_without_counters(tmp_path):
    path = tmp_path / "run.jsonl"
    record(Program([BIG], [*FILLED, *BESIDE[:4], {"op": "snapshot"}, *BESIDE[4:]]), path, snapshot=0)
    (snap,) = (row for row in rows_of(path) if "snap" in row)
    assert "counters" not in snap
    report = check(load_recording(path))
    assert (report.different, report.skipped["counters while sweeping is due"]) == (0, 1), str(report)


def test_a_collection_in_parts_can_be_recorded_again_from_its_recording(tmp_path):
    path, again = tmp_path / "run.jsonl", tmp_path / "again.jsonl"
    record(Program([BIG], [*FILLED, *BESIDE]), path, snapshot=0)
    record(load_program(path), again, snapshot=0)
    kept = [[(row["op"], row.get("chunk")) for row in rows_of(each) if "op" in row] for each in (path, again)]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("op", ["sweep_step", "run_finalizers"])
def test_nothing_is_swept_or_finalized_while_a_marking_is_held(op):
    with pytest.raises(ScenarioError, match="a marking is held"):
        Program([], [{"op": "mark_begin"}, {"op": op}, {"op": "mark_end"}])


@pytest.mark.parametrize("visits", [0, [-1], [True], [2, 1], [1, 1], ["1"], list(range(5000))])
def test_schedule_that_is_none_is_refused(visits):
    with pytest.raises(ScenarioError, match="expected less than 4,096 whole numbers, ascending"):
        Program([], [{"op": "gc", "finalizers_after": visits}])


def test_only_the_end_of_a_collection_has_a_schedule():
    with pytest.raises(
        ScenarioError, match="mark_begin: unknown key 'finalizers_after'; expected one of: op"
    ):
        Program([], [{"op": "mark_begin", "finalizers_after": [0]}])
