"""What the recorder makes of notes: the order of operations, and what it says about what it couldn't place."""

import json

import pytest

from arenalab.oracle.watch.notes import Kind, Setting
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from tests.oracle.notes_by_hand import TYPE, by, chunk, freed, made, notes_of, placed, rows_of

WAITS = [(Kind.WANT, 0, by(1, 2), 0)]
GOES_ON = [
    (Kind.CHUNK, 0, chunk(2), 0),
    (Kind.GOT, 0, by(1, 2), chunk(2)),
    (Kind.ARENA, 1, by(1, 2), chunk(2)),
]


@pytest.fixture
def checked(tmp_path):
    """Return a function that converts notes, and holds the recording against the model."""

    def convert_and_check(notes, **header):
        head, ops, end = rows_of(tmp_path / "notes", notes, **header)
        start = {"chunk": 8 << 20, "maxalloc": 2 << 20, "heaparena": 64 << 20, "page": 8192, "abs": {}}
        rows = [head, {"start": start | {"go": "go1.21.13 X:arenas"}}, *ops, end]
        out = tmp_path / "by_hand.jsonl"
        out.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return head, ops, end, check(load_recording(out))

    return convert_and_check


def named(ops):
    return [(row["op"], row.get("arena")) for row in ops]


class TestOneWaitsForTheCollector:
    """A goroutine finds the reuse list empty, and gets its chunk when another has put one there."""

    def test_the_other_free_comes_after_it(self, checked):
        other = [*made(0, 0), *WAITS, *made(2, 1), *freed(0, 0)]
        _, ops, _, report = checked([*other, *GOES_ON, *made(3, 0, fresh=False)])
        assert report.ok, str(report)
        assert [name for name, _ in named(ops)] == [
            "new_arena",
            "new_arena",
            "new_arena",
            "free",
            "new_arena",
        ]

    def test_a_chunk_that_was_put_there_and_taken_meanwhile_changes_nothing(self, checked):
        other = [*made(0, 0), *WAITS, *made(2, 1), *freed(0, 0), *made(3, 0, fresh=False)]
        _, ops, _, report = checked([*other, *GOES_ON])
        assert report.ok, str(report)
        assert named(ops)[2] == ("free", 0)

    def test_frees_keep_their_order_on_the_list(self, checked):
        other = [*made(0, 0), *made(2, 1), *WAITS, *freed(0, 0), *freed(2, 1)]
        again = [*made(3, 1, fresh=False), *made(4, 0, fresh=False)]
        _, _, _, report = checked([*other, *GOES_ON, *again])
        assert report.ok, str(report)

    def test_a_phase_that_a_free_no_longer_stands_in_is_left_out(self, checked):
        begins, ends = [(Kind.PHASE, 0, 1, 0)], [(Kind.PHASE, 0, 2, 0), (Kind.PHASE, 0, 0, 0)]
        _, ops, _, report = checked(
            [*made(0, 0), *WAITS, *made(2, 1), *begins, *freed(0, 0), *ends, *GOES_ON]
        )
        assert report.ok, str(report)
        assert "phase" not in next(row for row in ops if row["op"] == "free")


class TestTheEndIsCutOff:
    def test_what_came_after_an_operation_without_an_end_is_left_out_and_counted(self, checked):
        notes = [*made(0, 0), *WAITS, (Kind.CHUNK, 0, chunk(1), 0), *made(2, 2)]
        assert checked([*made(0, 0), *made(2, 1)])[2].get("unfinished") is None
        for got in [], [(Kind.GOT, 0, by(1, 2), chunk(1))]:
            _, ops, end, report = checked([*notes[:6], *got, *notes[6:]])
            assert report.ok, str(report)
            assert named(ops) == [("new_arena", 0)]
            assert end["unfinished"] == 1

    def test_a_free_in_progress_is_left_out(self, checked):
        _, ops, end, report = checked([*made(0, 0), *freed(0, 0)[:1], *made(2, 1)])
        assert report.ok, str(report)
        assert (named(ops), end["unfinished"]) == ([("new_arena", 0)], 1)

    def test_the_header_says_how_many_notes_were_kept_and_lost(self, checked):
        head, _, end, _ = checked(made(0, 0), asked=70)
        assert (head["notes"], head["lost"], end["lost"]) == (4, 66, 66)


class TestSeveralGoroutines:
    def test_bytes_given_out_twice_are_proof(self, tmp_path):
        first, second = placed(0, 0, 0, goroutine=5), placed(0, 0, 0, goroutine=6)
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0, goroutine=5), *TYPE, *first, *second])
        assert end["shared"] == [{"arena": 0, "goroutines": [5, 6]}]
        proof = {"how": "twice", "arena": 0, "address": hex(chunk(0)), "ops": [1, 1], "goroutines": [5, 6]}
        assert end["raced"] == [proof]

    def test_an_allocation_noted_behind_a_later_one_is_proof(self, tmp_path):
        later, earlier = placed(0, 0, 16, goroutine=5), placed(0, 0, 0, goroutine=6)
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0, goroutine=5), *TYPE, *later, *earlier])
        assert [(row["how"], row["goroutines"]) for row in end["raced"]] == [("overtaken", [5, 6])]

    def test_taking_turns_is_no_proof(self, tmp_path):
        turns = [note for at in range(6) for note in placed(0, 0, 16 * at, goroutine=5 + at % 2)]
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0, goroutine=5), *TYPE, *turns])
        assert "raced" not in end
        assert end["shared"] == [{"arena": 0, "goroutines": [5, 6]}]

    def test_a_chunk_used_again_gives_the_same_bytes_out_lawfully(self, tmp_path):
        again = [
            (Kind.CHUNK, 0, chunk(0), 0),
            (Kind.GOT, 0, by(1, 6), chunk(0)),
            (Kind.ARENA, 1, by(1, 6), chunk(0)),
        ]
        first, second = placed(0, 0, 0, goroutine=5), placed(1, 0, 0, goroutine=6)
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0), *TYPE, *first, *again, *second])
        assert "raced" not in end

    def test_a_type_whose_name_looks_like_notes_is_none(self, tmp_path):
        looks = [(Kind.TYPE, 2, 0x4B_0000, 16, 16), (8 | 8 << 8 | 25 << 16, 0, 32, 1, 0)]
        name = [(Kind.ALLOC, 0, by(0, 9), chunk(0, 0), 0)]  # 32 bytes of text
        notes = notes_of(tmp_path / "n", [*made(0, 0), *looks, *name, *TYPE, *placed(0, 0, 0)])
        notes.read_types()
        assert notes.columns(Kind.ALLOC)[0].tolist() == [10]


class TestHowItWasBuiltAndSet:
    def test_settings_that_changed_are_named(self, tmp_path):
        told = [
            (Setting.MODE, 1),
            (Setting.GOGC, -1),
            (Setting.GOMEMLIMIT, 2**63 - 1),
            (Setting.GOMAXPROCS, 4),
        ]
        notes = [(Kind.SETTING, which, value) for which, value in told]
        head, _, _ = rows_of(tmp_path / "n", [*notes, (Kind.SETTING, Setting.GOGC, 50)])
        assert head["build"] == "race"
        assert head["settings"] == {"GOGC": "off", "GOMEMLIMIT": "off", "GOMAXPROCS": 4}
        assert head["changed"] == ["GOGC"]

    def test_what_nobody_told_is_absent(self, tmp_path):
        head, _, _ = rows_of(tmp_path / "n", made(0, 0))
        assert not {"build", "settings", "changed", "other_processes"} & head.keys()

    def test_other_processes_are_counted(self, tmp_path):
        head, _, _ = rows_of(tmp_path / "n", made(0, 0), other_processes=3)
        assert head["other_processes"] == 3

    def test_a_free_of_a_sanitizer_build_stands_where_its_last_chunk_went(self, tmp_path):
        mode = [(Kind.SETTING, Setting.MODE, 3)]
        free = [(Kind.FREE, 1, by(0, 1), chunk(0), 0), (Kind.FAULT, 0, chunk(0)), (Kind.FREED, 0, by(0, 1))]
        _, ops, end = rows_of(tmp_path / "n", [*mode, *made(0, 0), *free])
        assert (named(ops)[-1], end["lost"]) == (("free", 0), 0)
