"""Who ran first after marking is read off a recording that doesn't say it, counted by name, and never guessed away."""

import gc
import json
import weakref
from pathlib import Path

import pytest

from arenalab.errors import RecordingError
from arenalab.truth import schedules
from arenalab.truth.check import Checker, check, history_of
from arenalab.truth.follow import Follower
from arenalab.truth.recording import load_recording
from arenalab.world.ops import SWEEP_FIRST, MarkEnd

DATA = Path(__file__).parents[1] / "data" / "schedules"
REAL = DATA / "sweep-first.jsonl"  # a caller that sweeps without yielding; real Go 1.21.13
HELD = 263  # the MarkEnd at which it shows
FORK, TAKE = Follower.fork, Follower.take
AFTER, BEFORE, AMID = (f"finalizers ran {when} the sweep" for when in ("after", "before", "amid"))


@pytest.fixture
def told(tmp_path):
    """Change the rows of the real recording and return it."""

    def change(spoil):
        rows = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
        spoil(
            {row["i"]: row for row in rows if "i" in row},
            {row["after"]: row for row in rows if "snap" in row},
        )
        path = tmp_path / "told.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return load_recording(path)

    return change


def swept(scan, noscan):
    """Let the snapshot after the collection show other sets."""

    def spoil(_, snaps):
        snaps[269]["sweep"] |= {"scan_swept": scan, "noscan_swept": noscan}

    return spoil


def test_real_run_in_which_the_caller_swept_first_agrees_and_says_so():
    report = check(load_recording(REAL))
    assert (report.different, report.schedules) == (0, {AFTER: 1})
    assert report.summary().endswith(f"; schedule: {AFTER} at 1 collection; 0 differences")


def test_only_the_other_order_tried_would_be_a_difference(monkeypatch):
    monkeypatch.setattr(schedules, "other_schedules", lambda _: [])
    report = check(load_recording(REAL))
    assert [difference.fact for difference in report.differences][:1] == ["sweep set scan_swept"]


def test_the_usual_order_is_read_off_as_well(recordings):
    assert check(recordings("chunks-1")).schedules == {BEFORE: 1}


def test_goroutine_that_ran_between_two_spans_is_found(told):
    report = check(told(swept([6, 2, 4, 3, 0], [1, 5])))
    assert (report.different, report.schedules) == (0, {AMID: 1})


def test_an_order_that_go_never_takes_is_a_difference(told):
    report = check(told(swept([2, 1, 4, 3, 0], [6, 5])))
    assert report.different > 0
    assert any(difference.fact.startswith("sweep set") for difference in report.differences)


def test_a_lie_beside_it_is_still_found(told):
    report = check(told(lambda rows, _: rows[264].update(off=8)))
    assert [difference.fact for difference in report.differences] == ["off"]
    assert report.schedules == {AFTER: 1}


def test_run_cut_before_the_order_shows_says_that_it_is_not_shown(tmp_path):
    rows = [json.loads(line) for line in REAL.read_text(encoding="utf-8").splitlines()]
    until = next(at for at, row in enumerate(rows) if row.get("i") == HELD)
    path = tmp_path / "cut.jsonl"
    end = {"end": {"ops": HELD + 1, "chunks": 8}}
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows[: until + 1], end]))
    report = check(load_recording(path))
    assert (report.different, report.schedules) == (0, {schedules.NOT_SHOWN: 1})


def test_schedule_that_the_recording_tells_is_followed_and_no_other(told):
    wrong = check(told(lambda rows, _: rows[HELD].update(finalizers_after=[0])))
    assert (wrong.different > 0, wrong.schedules) == (True, {})
    right = check(told(lambda rows, _: rows[HELD].update(finalizers_after=[])))
    assert (right.different, right.schedules) == (0, {})


@pytest.mark.parametrize("lie", [3, [True], [-1], ["1"], None])
def test_schedule_that_is_none_is_refused(told, lie):
    with pytest.raises(RecordingError, match="finalizers_after"):
        told(lambda rows, _: rows[HELD].update(finalizers_after=lie))


def test_the_history_that_explorers_show_is_the_one_that_agrees():
    history = history_of(load_recording(REAL))
    assert history.ops[HELD] == MarkEnd(finalizers_after=SWEEP_FIRST)
    assert history.at(len(history)) == history.world


def test_many_handles_of_one_size_class_are_no_false_difference():
    report = check(load_recording(DATA / "many-handles.jsonl"))
    assert report.ok, str(report)


def test_who_goes_ahead_copies_no_history_and_is_gone_when_the_order_is_found(monkeypatch):
    """A fork costs what the World costs, however long the run; the first follower has all of its history."""
    forks = []

    def fork(follower):
        twin = FORK(follower)
        forks.append(
            (len(twin.machine.history), twin.machine.world.ledger._data.filled, weakref.ref(twin.machine))
        )
        return twin

    monkeypatch.setattr(Follower, "fork", fork)
    checker = Checker(load_recording(REAL), in_bulk=True)
    gc.disable()
    try:
        checker.run()
        alive = [machine() for *_, machine in forks if machine() is not None]
    finally:
        gc.enable()
    assert len(forks) > 2
    assert {(events, copied) for events, copied, _ in forks} == {(0, 0)}
    assert alive == []
    assert len(checker.machine.history.ops) == checker.report.operations


def test_every_order_is_tried_on_the_rows_that_the_one_follower_then_takes(monkeypatch):
    """The rows ahead are taken once more, in the order found, and counted once."""
    taken = []
    monkeypatch.setattr(Follower, "take", lambda self, *given: taken.append(self) or TAKE(self, *given))
    checker = Checker(load_recording(REAL), in_bulk=True)
    report = checker.run()
    items = len(checker.recording.items)
    assert sum(follower is checker.followers.trunk for follower in taken) == items < len(taken)
    assert report.operations == len(checker.recording.ops)
