"""What a file of notes tells: the order of several Ps' notes, types, who called, the counters of a cycle."""

from arenalab.oracle.watch.descriptions import CALL
from arenalab.oracle.watch.notes import CYCLE, Kind
from tests.oracle.notes_by_hand import (
    PAIR,
    POINTERS,
    all_rows_of,
    description,
    freed,
    made,
    notes_of,
    placed,
    rows_of,
    typed,
)


class TestSeveralPs:
    """Each writes into blocks of its own; a note's number says where it stands among all."""

    NOTES = (
        *made(0, 0),
        *made(1, 1, goroutine=2),
        *placed(0, 0, 0),
        *placed(1, 1, 0, goroutine=2),
        *freed(1, 1, goroutine=2),
    )

    def test_notes_are_read_in_the_order_of_their_numbers(self, tmp_path):
        whole = notes_of(tmp_path / "whole", self.NOTES)
        lie = [at for mine in (2, 1) for at, note in enumerate(self.NOTES) if note[0] >> 16 == mine]
        apart = notes_of(tmp_path / "apart", [self.NOTES[at] for at in lie], lie=lie)
        assert list(apart) == list(whole)
        assert [note.at for note in apart.since(7)] == list(range(7, len(self.NOTES)))
        for kind in (Kind.ARENA, Kind.ALLOC, Kind.FREE):
            for mine, other in zip(apart.columns(kind), whole.columns(kind), strict=True):
                assert mine.tolist() == other.tolist()

    def test_one_that_the_end_cut_off_leaves_the_others_in_their_places(self, tmp_path):
        notes = notes_of(tmp_path / "n", [*self.NOTES[:2], (0, 0), *self.NOTES[3:]])
        assert (notes.count, notes.cut_off, notes.lost) == (len(self.NOTES), 1, 1)
        assert [note.at for note in notes] == [at for at in range(len(self.NOTES)) if at != 2]
        assert notes.columns(Kind.ALLOC)[0].tolist() == [8, 9]


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
        assert [row["type"] for row in rows if row.get("op") == "run"] == [[0, 1]]

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
        assert [row["op"] for row in ops] == ["new_arena", "run", "free"]
        assert [row.get("site") for row in ops] == [None, [0, 0, 1], 0]
        assert ops[-1]["finalizer"]


class TestCountersOfACycle:
    def test_they_are_told_where_it_ended(self, tmp_path):
        phases = [(Kind.PHASE, 0, phase) for phase in (1, 2, 0)]
        counters = [(Kind.CYCLE, number, *(10 * number + at for at in range(3))) for number in CYCLE]
        _, ops, _ = rows_of(tmp_path / "n", [*phases, *counters])
        assert ops[-1]["real"]["numgc"] == 11
        assert ops[-1]["real"]["resident"] == 42
