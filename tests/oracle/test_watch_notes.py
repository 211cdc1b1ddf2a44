"""What the recorder makes of notes: the order of operations, and what it says about what it couldn't place."""

import json

import pytest

from arenalab.oracle.watch.descriptions import CALL
from arenalab.oracle.watch.notes import CYCLE, Kind, Setting
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from tests.oracle.notes_by_hand import (
    PAIR,
    POINTERS,
    all_rows_of,
    by,
    chunk,
    description,
    freed,
    made,
    notes_of,
    placed,
    rows_of,
    typed,
)

WAITS = [by(1, 2, Kind.WANT)]
GOES_ON = made(1, 2, goroutine=2)[1:]


@pytest.fixture
def checked(tmp_path):
    """Return a function that converts notes, and holds the recording against the model."""

    def convert_and_check(notes, **header):
        rows = all_rows_of(tmp_path / "notes", notes, **header)
        out = tmp_path / "by_hand.jsonl"
        out.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return rows[0], [row for row in rows if "op" in row], rows[-1], check(load_recording(out))

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
        for got in [], [by(1, 2, Kind.GOT, 0, chunk(1))]:
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
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0, goroutine=5), *first, *second])
        assert end["shared"] == [{"arena": 0, "goroutines": [5, 6]}]
        proof = {"how": "twice", "arena": 0, "address": hex(chunk(0)), "ops": [1, 2], "goroutines": [5, 6]}
        assert end["raced"] == [proof]

    def test_an_allocation_noted_behind_a_later_one_is_proof(self, tmp_path):
        later, earlier = placed(0, 0, 16, goroutine=5), placed(0, 0, 0, goroutine=6)
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0, goroutine=5), *later, *earlier])
        assert [(row["how"], row["goroutines"]) for row in end["raced"]] == [("overtaken", [5, 6])]

    def test_taking_turns_is_no_proof(self, tmp_path):
        turns = [note for at in range(6) for note in placed(0, 0, 16 * at, goroutine=5 + at % 2)]
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0, goroutine=5), *turns])
        assert "raced" not in end
        assert end["shared"] == [{"arena": 0, "goroutines": [5, 6]}]

    def test_a_chunk_used_again_gives_the_same_bytes_out_lawfully(self, tmp_path):
        again = made(1, 0, goroutine=6)[1:]
        first, second = placed(0, 0, 0, goroutine=5), placed(1, 0, 0, goroutine=6)
        _, _, end = rows_of(tmp_path / "n", [*made(0, 0), *first, *again, *second])
        assert "raced" not in end

    def test_each_operation_says_which_goroutine_it_was_unless_it_was_mains(self, checked):
        other = [*made(0, 0), *made(1, 1, goroutine=70_000), *placed(1, 1, 0, goroutine=2**40), *freed(1, 1)]
        _, ops, _, report = checked(other)
        assert report.ok, str(report)
        assert [row.get("g") for row in ops] == [None, 70_000, 2**40, None]

    def test_values_of_two_goroutines_are_not_joined(self, checked):
        turns = [note for at in range(4) for note in placed(0, 0, 16 * at, goroutine=5 + at // 2)]
        _, ops, _, _ = checked([*made(0, 0), *turns])
        assert [(row["op"], row["g"]) for row in ops[1:]] == [("rep", 5), ("rep", 6)]


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
        begins, ends = by(0, 1, Kind.FREE, 1, chunk(0)), by(0, 1, Kind.FREED)
        free = [begins, (Kind.FAULT, 0, chunk(0)), ends]
        _, ops, end = rows_of(tmp_path / "n", [*mode, *made(0, 0), *free])
        assert (named(ops)[-1], end["lost"]) == (("free", 0), 0)


class TestMoreThanFit:
    """The first notes are kept, the last ones too, and what lies between is counted."""

    def test_the_last_ones_come_in_their_order_with_their_numbers(self, tmp_path):
        last = [(9, freed(0, 0)[2]), (7, freed(0, 0)[0]), (8, freed(0, 0)[1])]
        notes = notes_of(tmp_path / "n", made(0, 0), asked=10, last=last)
        assert [(note.at, note.kind) for note in notes.last()] == [
            (7, Kind.FREE),
            (8, Kind.REUSE),
            (9, Kind.FREED),
        ]
        assert (notes.count, notes.lost) == (4, 6)

    def test_a_place_among_them_that_was_never_used_or_not_finished_holds_none(self, tmp_path):
        unused, unfinished = (-1, (0, 0)), (-1, freed(0, 0)[0])
        notes = notes_of(tmp_path / "n", made(0, 0), asked=6, last=[unused, unfinished, (5, freed(0, 0)[1])])
        assert [note.at for note in notes.last()] == [5]

    def test_one_that_the_end_cut_off_is_counted(self, tmp_path):
        notes = notes_of(tmp_path / "n", [*made(0, 0), (0, 0)])
        assert (notes.count, notes.lost, notes.cut_off, len(list(notes))) == (5, 1, 1, 4)


class TestTwoTypes:
    def test_of_one_name_are_two(self, tmp_path):
        other = POINTERS + 96
        notes = [*made(0, 0), *placed(0, 0, 0), *placed(0, 0, 16)]
        notes[-1] = (*notes[-1][:-1], other)
        rows = all_rows_of(tmp_path / "n", notes, described=PAIR + typed(other, b"pair", b"\x01"))
        assert [(row["expr"], row["ptrmask"]["ones"]) for row in rows if "expr" in row] == [
            ("pair", 2),
            ("pair", 1),
        ]
        assert [row["type"] for row in rows if row.get("op") == "new"] == [0, 1]

    def test_one_that_the_end_cut_off_is_none(self, tmp_path):
        cut = typed(POINTERS + 96, b"pair")
        notes = notes_of(
            tmp_path / "n", [], described=PAIR + cut[:8] + bytes(8) + cut[16:] + typed(7, b"after")
        )
        notes.read_types()
        assert [each.name for each in notes.types.values()] == ["pair", "after"]


class TestWhoCalled:
    def test_a_line_with_two_numbers_is_one(self, tmp_path):
        lines = [(1, 7), (2, 9), (3, 7)]
        calls = [description(CALL, site, line, 6, 4, text=b"main.fm.go") for site, line in lines]
        free = freed(0, 0)
        free[0] = (*free[0], 1 | 3 << 48)
        values = [
            (*note[:-1], note[-1] | site << 48)
            for site, note in zip((1, 3, 2), placed(0, 0, 0) * 3, strict=True)
        ]
        head, ops, _ = rows_of(
            tmp_path / "n", [*made(0, 0), *values, *free], described=PAIR + b"".join(calls)
        )
        assert head["sites"] == [["main.f", "m.go", 7], ["main.f", "m.go", 9]]
        assert [row["op"] for row in ops] == ["new_arena", "rep", "new", "free"]
        assert [row.get("site") for row in ops] == [None, 0, 1, 0]
        assert ops[-1]["finalizer"]


class TestCountersOfACycle:
    def test_they_are_told_where_it_ended(self, tmp_path):
        phases = [(Kind.PHASE, 0, phase) for phase in (1, 2, 0)]
        counters = [(Kind.CYCLE, number, *(10 * number + at for at in range(3))) for number in CYCLE]
        _, ops, _ = rows_of(tmp_path / "n", [*phases, *counters])
        assert ops[-1]["real"]["numgc"] == 11
        assert ops[-1]["real"]["resident"] == 42
