"""What a recording can't tell is left out from there on, and said: values of types without room for a description."""

import json
from itertools import chain

import pytest

from arenalab.oracle.cli import told
from arenalab.oracle.watch.convert import convert
from arenalab.oracle.watch.notes import Kind
from arenalab.oracle.watch.run import Watched
from arenalab.truth.check import check
from arenalab.truth.recording import load_recording
from arenalab.truth.unsaid import missing_end
from tests.oracle.notes_by_hand import POINTERS, by, chunk, freed, made, notes_of, placed

UNKNOWN = POINTERS + 0x1000


def of_a_type_that_nobody_described(handle, number, offset):
    return [by(handle, 1, Kind.ALLOC, 0, chunk(number, offset), UNKNOWN)]


@pytest.fixture
def recording(tmp_path):
    """Return a function that makes a recording of notes."""

    def make(*notes):
        rows = list(convert(notes_of(tmp_path / "n", [*chain(*notes)]), program="by hand", exit_code=0))
        path = tmp_path / "a.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return rows, load_recording(path)

    return make


class TestATypeThatNobodyDescribed:
    NOTES = (
        made(0, 0), placed(0, 0, 0), of_a_type_that_nobody_described(0, 0, 16), placed(0, 0, 64), freed(0, 0, used=80),
    )  # fmt: skip

    def test_its_value_ends_the_recording(self, recording):
        rows, made_of_it = recording(*self.NOTES)
        assert [row["op"] for row in rows if "op" in row] == ["new_arena", "new"]
        assert {key: rows[-1][key] for key in ("undescribed", "unfinished", "lost")} == {
            "undescribed": 1, "unfinished": 2, "lost": 0,
        }  # fmt: skip
        assert check(made_of_it).ok

    def test_with_a_chunk_of_its_own_nothing_of_it_is_told(self, recording):
        refill = [by(0, 1, Kind.WANT), (Kind.CHUNK | 1 << 16, 0, chunk(1)), by(0, 1, Kind.GOT, 0, chunk(1))]
        more = [*refill, *of_a_type_that_nobody_described(0, 1, 0), *placed(0, 1, 64)]
        rows, made_of_it = recording(made(0, 0), placed(0, 0, 0), more)
        assert [row["op"] for row in rows if "op" in row] == ["new_arena", "new"]
        assert check(made_of_it).ok

    def test_it_is_said_where_the_recording_is_read(self, recording):
        _, made_of_it = recording(*self.NOTES)
        said = missing_end(made_of_it)
        assert "1 value of types that there was no room to describe, nor 2 operations after it" in said
        assert "raise --limit" in said

    def test_it_is_said_once_it_is_written(self):
        said = told(Watched(0, 1.0, 9, 0, 2, 8, unfinished=2, undescribed=1))
        assert (
            "2 operations at the end left out, 1 value had a type too much to describe: raise --limit" in said
        )


class TestANoteThatTheEndCutOff:
    def test_is_not_said_to_want_more_room(self, recording):
        _, made_of_it = recording(made(0, 0), placed(0, 0, 0), [(0, 0)])
        assert (
            missing_end(made_of_it)
            == "the end of the run is missing: the program ended while it wrote 1 note"
        )
        assert check(made_of_it).ok
        said = told(Watched(-9, 1.0, 9, 3, 2, 8, cut_off=1))
        assert "1 note cut off by its end; 2 notes did not fit" in said
        assert "did not fit" not in told(Watched(-9, 1.0, 9, 1, 2, 8, cut_off=1))
