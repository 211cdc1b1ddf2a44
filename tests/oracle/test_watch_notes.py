"""What the recorder makes of notes: the order of operations, and what it says about what it couldn't place."""

import json
from itertools import combinations

import pytest

from arenalab.oracle.watch.notes import Kind, Setting
from arenalab.truth.check import check, history_of
from arenalab.truth.recording import load_recording
from tests.oracle.notes_by_hand import (
    MIB8,
    POINTERS,
    all_rows_of,
    by,
    chunk,
    freed,
    made,
    notes_of,
    placed,
    rows_of,
)

CAP = (2 << 20) // 16  # values of a slice of 2 MiB, the largest that lies in a chunk
WAITS = [by(1, 2, Kind.WANT)]
GOES_ON = made(1, 2, goroutine=2)[1:]


@pytest.fixture
def checked(tmp_path):
    """Return a function that converts notes, and holds the recording against the model."""

    def convert_and_check(notes, **header):
        rows = all_rows_of(tmp_path / "notes", notes, **header)
        out = tmp_path / "by_hand.jsonl"
        out.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return (
            rows[0],
            [row for row in rows if "op" in row or "go_on" in row],
            rows[-1],
            check(load_recording(out)),
        )

    return convert_and_check


def named(ops):
    return [(row["op"], row.get("arena")) for row in ops]


def order(rows):
    """What stands where: operations by name and arena, a later part by its goroutine."""
    told = [(row.get("op") or "go_on", row.get("arena", row.get("go_on"))) for row in rows]
    return [pair for pair, row in zip(told, rows, strict=True) if "i" in row or "go_on" in row]


class TestOneWaitsForTheCollector:
    """A goroutine finds the reuse list empty, and gets its chunk when another has put one there."""

    def test_it_stands_where_it_looked_and_goes_on_where_it_got_its_chunk(self, checked):
        other = [*made(0, 0), *WAITS, *made(2, 1), *freed(0, 0)]
        _, ops, _, report = checked([*other, *GOES_ON, *made(3, 0, fresh=False)])
        assert report.ok, str(report)
        assert report.compared["schedule"] == 2
        assert order(ops) == [
            ("new_arena", 0), ("new_arena", 2), ("new_arena", 1), ("free", 0), ("go_on", 2), ("new_arena", 3),
        ]  # fmt: skip
        assert [row["until"] for row in ops if "until" in row] == ["reuse empty"]

    def test_nobody_between_its_locks_leaves_it_whole(self, checked):
        _, ops, _, report = checked([*made(0, 0), *made(1, 1, goroutine=2), *freed(0, 0)])
        assert report.ok, str(report)
        assert order(ops) == [("new_arena", 0), ("new_arena", 1), ("free", 0)]

    def test_a_chunk_that_was_put_there_and_taken_meanwhile_changes_nothing(self, checked):
        other = [*made(0, 0), *WAITS, *made(2, 1), *freed(0, 0), *made(3, 0, fresh=False)]
        _, ops, _, report = checked([*other, *GOES_ON])
        assert report.ok, str(report)
        assert order(ops)[3:] == [("free", 0), ("new_arena", 2), ("go_on", 2)]

    def test_frees_keep_their_order_on_the_list(self, checked):
        other = [*made(0, 0), *made(2, 1), *WAITS, *freed(0, 0), *freed(2, 1)]
        again = [*made(3, 1, fresh=False), *made(4, 0, fresh=False)]
        _, _, _, report = checked([*other, *GOES_ON, *again])
        assert report.ok, str(report)

    def test_a_cycle_that_comes_and_goes_meanwhile_is_where_it_was(self, checked):
        begins, ends = [(Kind.PHASE, 0, 1, 0)], [(Kind.PHASE, 0, 2, 0), (Kind.PHASE, 0, 0, 0)]
        _, ops, _, report = checked(
            [*made(0, 0), *WAITS, *made(2, 1), *begins, *freed(0, 0), *ends, *GOES_ON]
        )
        assert report.ok, str(report)
        assert next(row for row in ops if row.get("op") == "free")["phase"] == 1

    def test_the_history_says_that_it_waited(self, tmp_path):
        other = [*made(0, 0), *WAITS, *made(2, 1), *freed(0, 0), *GOES_ON]
        out = tmp_path / "waits.jsonl"
        out.write_text("".join(json.dumps(row) + "\n" for row in all_rows_of(tmp_path / "n", other)))
        history = history_of(load_recording(out))
        assert history.actors == [1, 2]
        own = history.log.numbers_of(1)
        assert {history.log.op_at(event + 1) for event in range(own[0], own[-1])} == {1, 2, 3}


class TestRefillsOfOneValue:
    """A value that doesn't fit into the chunk from the reuse list either looks for another."""

    TOOK = by(0, 1, Kind.GOT, 0, chunk(1))
    LOOKS = by(0, 1, Kind.WANT)
    IS_GIVEN = ((Kind.CHUNK | 1 << 16, 0, chunk(3)), by(0, 1, Kind.GOT, 0, chunk(3)))
    VALUE = by(0, 1, Kind.ALLOC, CAP + 1, chunk(3), POINTERS)

    @staticmethod
    def filled(handle, number):
        """Four fifths of a chunk, so that a fifth is left."""
        return [by(handle, 1, Kind.ALLOC, CAP + 1, chunk(number, at * CAP * 16), POINTERS) for at in range(4)]

    def before(self):
        """Arena 0 has a chunk with a little room, another lies on the reuse list."""
        return [*made(0, 0), *self.filled(0, 0), *made(1, 1), *self.filled(1, 1), *made(2, 2), *freed(1, 1)]

    def test_whole(self, checked):
        notes = [*self.before(), self.TOOK, self.LOOKS, *self.IS_GIVEN, self.VALUE]
        _, ops, _, report = checked(notes)
        assert report.ok, str(report)
        assert order(ops)[-1] == ("slice", 0)

    def test_overtaken_between_its_refills(self, checked):
        notes = [*self.before(), self.TOOK, *freed(2, 2, goroutine=7), *made(3, 2, goroutine=7, fresh=False)]
        notes += [self.LOOKS, *made(4, 4, goroutine=7)]
        given = (Kind.CHUNK | 1 << 16, 0, chunk(3)), by(0, 1, Kind.GOT, 0, chunk(3))
        notes[-4], notes[-3:] = given[0], [given[1], self.VALUE]
        _, ops, _, report = checked(notes)
        assert report.ok, str(report)
        assert [row.get("until") for row in ops if row.get("op") == "slice"][-1] == "refilled"


class TestAFreeIsOvertaken:
    """Free gives one full chunk back after the other; a cycle begins between two."""

    FILL = tuple(by(0, 1, Kind.ALLOC, CAP + 1, chunk(0, at * CAP * 16), POINTERS) for at in range(4))
    BEGINS = (Kind.PHASE, 0, 1)

    def test_by_a_cycle(self, checked):
        notes = [*made(0, 0), *self.FILL]
        for number in (1, 2):
            notes += [
                by(0, 1, Kind.WANT),
                (Kind.CHUNK | 1 << 16, 0, chunk(number)),
                by(0, 1, Kind.GOT, 0, chunk(number)),
            ]
            notes += [(*note[:3], note[3] + number * (8 << 20), note[4]) for note in self.FILL]
        notes += [
            by(0, 1, Kind.FREE, 3, chunk(2)),
            (Kind.TOOK | 1 << 16, 0, 0),
            (Kind.FAULT | 1 << 16, 0, chunk(1)),
        ]
        notes += [
            self.BEGINS,
            (Kind.LISTED | 1 << 16, 0, chunk(0)),
            by(0, 1, Kind.REUSE, 0, chunk(2)),
            by(0, 1, Kind.FREED),
        ]
        notes += [(Kind.PHASE, 0, 2), (Kind.PHASE, 0, 0)]
        _, ops, _, report = checked(notes)
        assert report.ok, str(report)
        assert order(ops)[-4:] == [("free", 0), ("mark_begin", None), ("go_on", 1), ("finish_mark", None)]
        assert ops[-1]["faulted"] == [0]
        assert ops[-4]["until"] == "chunk freed"


class TestTheEndIsCutOff:
    CHUNK = (Kind.CHUNK | 2 << 16, 0, chunk(1))

    def test_a_new_arena_that_waits_is_told_as_far_as_it_came(self, checked):
        for more in [], [self.CHUNK], [self.CHUNK, by(1, 2, Kind.GOT, 0, chunk(1))]:
            _, ops, end, report = checked([*made(0, 0), *WAITS, *more, *made(2, 1 + bool(more))])
            assert report.ok, str(report)
            assert order(ops)[:2] == [("new_arena", 0), ("new_arena", 2)]
            assert "unfinished" not in end

    def test_what_came_after_an_unknown_value_that_took_a_chunk_is_left_out_and_counted(self, checked):
        refills = [by(0, 2, Kind.WANT), self.CHUNK]
        _, ops, end, report = checked([*made(0, 0), *refills, *made(2, 2)])
        assert report.ok, str(report)
        assert (order(ops), end["unfinished"]) == ([("new_arena", 0)], 1)

    def test_one_that_only_looked_for_a_chunk_is_left_out_alone(self, checked):
        _, ops, end, report = checked([*made(0, 0), by(0, 2, Kind.WANT), *made(2, 1)])
        assert report.ok, str(report)
        assert (order(ops), "unfinished" in end) == ([("new_arena", 0), ("new_arena", 1)], False)

    def test_wherever_it_is_the_model_follows_as_far(self, checked):
        """Two that make, fill and free arenas in turns; one frees while marking, and its chunks are faulted later."""
        full = [by(0, 1, Kind.WANT), (Kind.CHUNK | 1 << 16, 0, chunk(2)), by(0, 1, Kind.GOT, 0, chunk(2))]
        filled = [by(0, 1, Kind.ALLOC, 131_073, chunk(0, at << 21), POINTERS) for at in range(4)]
        begins = by(0, 1, Kind.FREE, 2, chunk(2))
        listed = (Kind.LISTED | 1 << 16, 0, chunk(0))
        marks, ends = [(Kind.PHASE, 0, 1)], [(Kind.PHASE, 0, 2), (Kind.PHASE, 0, 0)]
        notes = [
            *made(0, 0), *made(1, 1, goroutine=2), *filled, *full, *placed(0, 2, 0), *marks, begins, listed,
            *placed(1, 1, 0, goroutine=2), *freed(1, 1, goroutine=2), *freed(0, 2)[1:], *made(3, 2, fresh=False), *ends,
        ]  # fmt: skip
        done = set()
        for count in range(len(notes) + 1):
            _, ops, _, report = checked(notes[:count], asked=len(notes))
            assert report.ok or report.empty, f"{count}: {report}"
            done.add(len(ops))
        assert len(done) > 9

    def test_a_free_that_has_let_nothing_go_has_not_begun(self, checked):
        _, ops, _, report = checked([*made(0, 0), *freed(0, 0)[:1], *made(2, 1, goroutine=2)])
        assert report.ok, str(report)
        assert order(ops) == [("new_arena", 0), ("new_arena", 1)]

    def test_the_header_says_how_many_notes_were_kept_and_lost(self, checked):
        head, _, end, _ = checked(made(0, 0), asked=70)
        assert (head["notes"], head["lost"], end["lost"]) == (4, 66, 66)


class TestNotesThatDoNotFit:
    """Whatever is planted into the notes of a sound run, `check` finds it and says where."""

    SOUND = (
        *made(0, 0), *WAITS, *made(2, 1, goroutine=3), *placed(2, 1, 0, goroutine=3), *freed(0, 0, used=0), *GOES_ON,
        *made(3, 0, goroutine=3, fresh=False), *freed(2, 1, goroutine=3, used=16), *placed(1, 2, 0, goroutine=2),
        *placed(1, 2, 16, goroutine=2), *freed(1, 2, goroutine=2, used=32),
    )  # fmt: skip

    def test_a_sound_run_has_none(self, checked):
        report = checked(self.SOUND)[-1]
        assert report.ok, str(report)

    @pytest.mark.parametrize("number", range(len(SOUND)))
    def test_a_note_that_is_missing(self, checked, number):
        notes = [*self.SOUND[:number], *self.SOUND[number + 1 :]]
        report = checked(notes)[-1]
        last_of_its_end = number in self.not_seen_again()
        assert report.ok == last_of_its_end, str(report)

    def not_seen_again(self):
        """The ends of Free after which a goroutine does nothing.

        Nothing that follows depends on them, so nothing can tell them from what the program's end cut off.
        """
        last = {note[0] // 2**16: number for number, note in enumerate(self.SOUND)}
        return {number for number in last.values() if self.SOUND[number][0] % 256 == Kind.FREED}

    def test_an_arena_that_took_more_than_was_seen_says_how_much(self, checked):
        front = [*made(0, 0), *freed(0, 0, used=16)]
        assert self.differs(checked(front)[-1]) == ("front", 0, 16)
        back = [*made(0, 0), by(0, 1, Kind.FREE, 1, chunk(0), (MIB8 - 39) * 2), *freed(0, 0)[1:]]
        assert self.differs(checked(back)[-1]) == ("back", MIB8, MIB8 - 40)

    @staticmethod
    def differs(report):
        (only,) = report.differences
        return only.fact, only.model, only.go

    @pytest.mark.parametrize("number", range(len(SOUND)))
    def test_a_wrong_goroutine(self, checked, number):
        notes = list(self.SOUND)
        kind, *rest = notes[number]
        notes[number] = (kind % 2**16 + (9 << 16), *rest)
        report = checked(notes)[-1]
        lawful = kind % 256 == Kind.ALLOC  # an Arena may be handed to another goroutine
        assert report.ok == lawful, str(report)

    def test_two_notes_of_different_goroutines_in_each_others_place(self, checked):
        unseen = [
            pair for pair in combinations(range(len(self.SOUND)), 2) if not self.is_seen(checked, *pair)
        ]
        assert unseen == []

    def is_seen(self, checked, one, other):
        notes = list(self.SOUND)
        notes[one], notes[other] = notes[other], notes[one]
        if notes[one][0] // 2**16 == notes[other][0] // 2**16 or told_alike(notes) == told_alike(self.SOUND):
            return True
        return not checked(notes)[-1].ok


def told_alike(notes):
    """What makes a run: each goroutine's own notes, and the order in which the two lists were locked.

    Who finds the reuse list empty leaves it so: two in a row may have come in either order.
    """
    own, ready, reuse, looked = {}, [], [], set()
    for note in notes:
        kind, goroutine = note[0] % 256, note[0] // 2**16
        own.setdefault(goroutine, []).append(note)
        last = [each[0] % 256 for each in own[goroutine][-2:-1]]
        if kind == Kind.CHUNK:
            ready.append(note)
        elif kind == Kind.WANT:
            looked.add(note)
        elif kind == Kind.REUSE or (kind == Kind.GOT and last != [Kind.CHUNK]):
            reuse += [looked, note]
            looked = set()
    return own, ready, [*reuse, looked]


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
        assert [(row["op"], row["g"]) for row in ops[1:]] == [("run", 5), ("run", 6)]


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

    def test_a_place_of_another_p_among_the_first_may_be_later_than_the_first_that_had_none(self, tmp_path):
        others = [*made(0, 0), *placed(0, 0, 0), *placed(0, 0, 16)]
        lie, last = [0, 1, 2, 3, 5, 8], [(6, freed(0, 0)[0]), (7, freed(0, 0)[1])]
        notes = notes_of(tmp_path / "n", others, asked=9, last=last, lie=lie)
        assert (notes.count, notes.lost, notes.cut_off) == (4, 5, 0)
        assert [note.at for note in notes] == [0, 1, 2, 3]
        assert [note.at for note in notes.last()] == [5, 6, 7, 8]

    def test_one_that_the_end_cut_off_is_counted(self, tmp_path):
        notes = notes_of(tmp_path / "n", [*made(0, 0), (0, 0)])
        assert (notes.count, notes.lost, notes.cut_off, len(list(notes))) == (5, 1, 1, 4)
