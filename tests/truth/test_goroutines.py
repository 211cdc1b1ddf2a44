"""check performs a recorded schedule; whatever is planted into it is found, in lines as in columns, and shown."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import arenalab
from arenalab import explore
from arenalab.truth import check as checking
from arenalab.truth.check import check, history_of
from arenalab.truth.recording import load_recording
from arenalab.world import ops
from arenalab.world.many_ops import ManyOps, RunOfOps, one_by_one

WAITS = Path(__file__).parents[1] / "data" / "programs" / "waits.jsonl"  # see its header


@pytest.fixture
def changed(tmp_path):
    """Write a changed copy of the recording and return it."""

    def change(spoil):
        rows = [json.loads(line) for line in WAITS.read_text(encoding="utf-8").splitlines()]
        rows = spoil(rows) or rows
        (tmp_path / "told.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return load_recording(tmp_path / "told.jsonl")

    return change


def row(rows, op, number=0):
    return [row for row in rows if row.get("op") == op][number]


def waiting(rows):
    return next(row for row in rows if "until" in row)


def without(rows, wanted):
    return [row for row in rows if row is not wanted]


def goes_on(rows):
    return next(row for row in rows if "go_on" in row)


def swap(one, other, *keys):
    for key in keys:
        one[key], other[key] = other[key], one[key]


def moved_behind(rows, moved, behind):
    rows = without(rows, moved)
    at = rows.index(behind) + 1
    return [*rows[:at], moved, *rows[at:]]


#: What is planted, and what `check` says of it.
FAULTS = {
    "a row is dropped": (lambda rows: without(rows, row(rows, "run")), "operations of each goroutine"),
    "a later part is dropped": (lambda rows: without(rows, goes_on(rows)), "is within operation"),
    "a later part too many": (
        lambda rows: [*rows[:-1], {"go_on": 3}, rows[-1]],
        "goroutine 3 is within no operation",
    ),
    "a later part of another goroutine": (
        lambda rows: goes_on(rows).update(go_on=3),
        "goroutine 3 is within no operation",
    ),
    "a goroutine within two operations": (
        lambda rows: row(rows, "new_arena", 3).update(g=2),
        "goroutine 2 is within operation",
    ),
    "an arena that another is making": (
        lambda rows: row(rows, "run", 1).update(arena=waiting(rows)["arena"]),
        "is in use by goroutine 2",
    ),
    "another goroutine's id": (lambda rows: row(rows, "run").update(g=9), "operations of each goroutine"),
    "two goroutines' ids swapped": (
        lambda rows: swap(row(rows, "free", 1), row(rows, "free", 2), "g"),
        "operations of each goroutine",
    ),
    "two goroutines' chunks swapped": (
        lambda rows: swap(row(rows, "new_arena", 1), row(rows, "new_arena", 3), "active", "base"),
        "active",
    ),
    "an operation that does not wait": (lambda rows: waiting(rows).pop("until") and None, "active"),
    "an operation that waits elsewhere": (
        lambda rows: waiting(rows).update(until="chunk freed"),
        "the operation",
    ),
    "a free before the look at the list": (
        lambda rows: moved_behind(rows, waiting(rows), row(rows, "free")),
        "the operation",
    ),
    "notes that did not fit": (
        lambda rows: rows[-1].update(misfits=["note 7: it fell"], misfitting=1),
        "the program's notes",
    ),
}


def renumbered(spoil):
    def change(rows):
        rows, number = spoil(rows) or rows, 0
        for each in rows:
            if "op" in each:
                each["i"] = number
                number += each.get("n", 1)
        rows[-1]["end"]["ops"] = number
        return rows

    return change


def test_the_sound_run_agrees():
    report = check(load_recording(WAITS))
    assert report.ok, str(report)
    assert report.compared["schedule"] == 2
    assert report.compared["goroutines"] == 2


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_named(changed, fault):
    spoil, said = FAULTS[fault]
    report = check(changed(renumbered(spoil)))
    assert not report.ok
    assert said in "\n".join(str(line) for each in report.differences for line in each.lines())


def test_what_differs_is_said_wherever_it_is_shown(changed):
    recording = changed(lambda rows: row(rows, "run")["off"].__setitem__(0, 160))
    said = "not to be trusted: 1 difference between the model and what Go reported, the first at operation"
    history = history_of(recording)
    assert any(said in remark for remark in history.remarks)
    for shown in (explore.ChunkMap, explore.LifeCycle, explore.Collector):
        assert said in shown(recording).text()
    assert not history_of(load_recording(WAITS)).remarks


def test_of_a_long_run_a_part_is_shown_and_which_it_is(monkeypatch):
    whole = history_of(load_recording(WAITS))
    monkeypatch.setattr(checking, "MOST_EVENTS", 60)
    part = history_of(load_recording(WAITS))
    assert list(part.ops) == list(whole.ops[: len(part.ops)])
    assert f"operations 1 to {len(part.ops)} of {len(whole.ops)}" in part.remarks[0]
    rest = history_of(load_recording(WAITS), first=len(part.ops))
    assert list(part.ops) + list(rest.ops) == list(whole.ops)
    assert rest.world.user_arenas.keys() == whole.world.user_arenas.keys()


def test_a_check_keeps_no_history(monkeypatch):
    monkeypatch.setattr("arenalab.truth.follow.REMEMBERED", 20)
    whole = checking.Checker(load_recording(WAITS), in_bulk=True)
    short = checking.Checker(load_recording(WAITS), in_bulk=True, keep=False)
    assert short.run() == whole.run()
    assert len(short.machine.history) < len(whole.machine.history)


def test_a_list_of_chunks_too_long_for_any_size_class_takes_a_span_of_its_own():
    no_cycles = replace(arenalab.GO_1_21, gogc=-1)  # each would scan thousands of chunks
    machine, most = arenalab.Machine(no_cycles), 2049  # 16 bytes each; the largest class has 32 KiB
    for number in range(most):
        machine.do(ops.NewArena(number))
    for number in range(most):
        machine.do(ops.Free(number))
    assert len(machine.world.reuse) == most
    assert machine.world.small.reuse_cap * 16 > 32 * 1024


def test_operations_kept_as_runs_answer_like_a_list():
    made, plain = ManyOps(), []
    run = RunOfOps(5, lambda at: ops.NewArena(10 + at))
    for each in (ops.NewArena(0), ops.NewArena(1)):
        made.append(each)
        plain.append(each)
    made.extend(run)
    made.extend(run[1:3])
    plain += [ops.NewArena(10 + at) for at in (0, 1, 2, 3, 4, 1, 2)]
    assert made == plain
    assert (made[-1], made[3:5], len(made)) == (plain[-1], plain[3:5], 9)
    assert list(one_by_one(made, 1)) == [(1, plain[1])]
    assert list(one_by_one(plain, 7)) == [(7, plain[7]), (8, plain[8])]
    for _ in range(3):
        assert made.pop() == plain.pop()
    assert made == plain
    with pytest.raises(IndexError):
        made[6]
    with pytest.raises(arenalab.ScenarioError):
        made[0] = ops.NewArena(9)
