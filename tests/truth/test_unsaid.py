"""What a recording of a person's program doesn't know, lacks or proves is said, in check and in every explorer."""

import json
from pathlib import Path

import pytest

import arenalab
from arenalab import explore
from arenalab.cli import main
from arenalab.truth.check import check, history_of
from arenalab.truth.raced import race_in
from arenalab.truth.recording import load_recording
from arenalab.truth.unsaid import missing_end
from arenalab.view.reading import NOT_RECORDED
from arenalab.world.history import History

PROGRAMS = Path(__file__).parents[1] / "data" / "programs"
BIG = PROGRAMS / "big_slice_in_use.jsonl"  # one slice of 7.6 MiB, in use to the end; GOGC=100
SHARED = PROGRAMS / "shared_no_lock.jsonl"  # eight goroutines on one arena
EXPLORERS = [
    "ChunkMap",
    "HeapBitmap",
    "AddressSpace",
    "LifeCycle",
    "Collector",
    "DanglingPointer",
    "Counters",
]


@pytest.fixture
def changed(tmp_path):
    """Write a changed copy of a recording and return its path."""

    def change(path, spoil):
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        spoil(rows)
        (tmp_path / "told.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        return tmp_path / "told.jsonl"

    return change


@pytest.fixture
def cut(changed):
    """A run of which three quarters are missing."""
    return changed(BIG, lambda rows: (rows[0].update(notes=25), rows[-1].update(lost=75)))


MISSING = "the end of the run is missing: 75 of 100 notes (75 %) were not kept, all after operation 15; raise --limit"


def test_check_says_that_the_end_is_missing_and_of_what_the_agreement_is(cut, capsys):
    assert main(["check", str(cut)]) == 0
    said = capsys.readouterr().out
    assert MISSING in said
    assert said.rstrip().endswith("; 0 differences in what was recorded of the run")


def test_older_recordings_count_their_values_for_the_share(changed):
    older = load_recording(changed(BIG, lambda rows: rows[-1].update(lost=15)))
    assert "15 of 30 notes (50 %)" in missing_end(older)


@pytest.mark.parametrize("lost", [0, None, "many", True, -3])
def test_a_whole_run_is_not_said_to_lack_anything(changed, lost):
    assert missing_end(load_recording(changed(BIG, lambda rows: rows[-1].update(lost=lost)))) == ""


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_explorer_says_what_is_missing_and_what_was_not_recorded(cut, name):
    explorer = getattr(explore, name)(cut)
    for _ in range(2):  # at the start and within the run
        assert MISSING in explorer.text()
        assert NOT_RECORDED in explorer.text()
        explorer.last()


def test_the_workbench_says_it_too(cut):
    assert MISSING in explore.Workbench(cut).text()


def test_a_saved_history_still_says_it(cut, tmp_path):
    history_of(load_recording(cut)).save(tmp_path / "saved.jsonl")
    assert MISSING in explore.ChunkMap(History.load(tmp_path / "saved.jsonl")).text()


def test_a_run_that_was_recorded_whole_is_told_without_remarks(recordings):
    text = explore.ChunkMap(recordings("small-1")).text()
    assert "not recorded" not in text
    assert "missing" not in text


def test_a_recording_without_operations_is_no_success(changed, capsys):
    def empty(rows):
        rows[3:] = [{"end": {"ops": 0, "chunks": 0}}]

    path = changed(BIG, empty)
    assert main(["check", str(path)]) == 1
    assert "nothing was compared: the recording holds no operation" in capsys.readouterr().out
    assert main(["check", str(path), str(BIG)]) == 1


def test_goroutines_that_race_on_one_arena_are_no_difference_of_the_model(capsys):
    assert main(["check", str(SHARED)]) == 1
    said = capsys.readouterr().out
    assert "operation 13 was given an address past one that user arena 0 handed out before" in said
    assert "model:" not in said
    assert said.rstrip().endswith("0 differences up to where it stopped")


def test_an_address_given_out_twice_is_named(changed):
    def twice(rows):
        row = next(row for row in rows if row.get("i") == 6)
        first, stride, count = row["runs"][0][1:]
        row["runs"] = [[0, first, stride, 10], [0, first + 9 * stride, stride, count - 10]]

    report = check(load_recording(changed(SHARED, twice)))
    assert report.different == 0
    assert "the address 0x40c0007fcb10 was given out twice by user arena 0" in report.stopped


def test_a_difference_that_no_race_explains_stays_one(changed):
    report = check(load_recording(changed(BIG, lambda rows: rows[-2].update(nrefs=7))))
    assert (report.different, report.stopped) == (1, "")


@pytest.mark.parametrize(
    "path", sorted(PROGRAMS.parent.glob("recordings/*.jsonl")), ids=lambda path: path.stem
)
def test_a_run_of_one_goroutine_shows_no_race(path):
    assert race_in(load_recording(path)) is None


def test_what_depends_on_the_rest_of_the_heap_is_said_to_be_not_recorded():
    history = history_of(load_recording(BIG))
    told = "\n".join(str(moment) for moment in history.moments())
    assert "GOGC is off" not in told
    assert "unreachable and freed" not in told
    assert "goal and trigger were not recorded" in told
    assert len(history.world.heap_objects) == 1
    collector, counters = explore.Collector(history), explore.Counters(BIG)
    collector.last()
    assert "GOGC off" not in collector.text() + str(collector.still())
    assert "goal and trigger were not recorded" in str(collector.still())
    assert "not recorded: the program's counters; these lines are the model's" in counters.text()


def test_a_run_that_was_recorded_whole_keeps_its_pacing(recordings):
    history = history_of(recordings("gc-1"))
    assert any("GOGC=off" in event.sentence() for event in history.events)


def test_an_arena_that_looks_empty_because_its_values_are_too_large_is_told():
    text = explore.ChunkMap(BIG).text()
    assert "user arena 0 has nothing in a chunk: every value is over 2 MiB, so all lie on the heap" in text
    assert arenalab.check(load_recording(BIG)).ok
