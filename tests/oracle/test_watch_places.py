"""Where a watched program's notes lie: each P has blocks of its own, and one number orders them all."""

from pathlib import Path

import numpy as np
import pytest

from arenalab.oracle.own.how import How
from arenalab.oracle.own.package import Package, build
from arenalab.oracle.watch import patch
from arenalab.oracle.watch.convert import packed
from arenalab.oracle.watch.notes import Notes
from arenalab.oracle.watch.run import run
from arenalab.truth.check import check
from arenalab.truth.packed_file import write_packed
from arenalab.truth.recording import load_recording

OWN = Path(__file__).parents[1] / "data" / "own"
TWO = How(cwd=OWN, environment={"GOMAXPROCS": "2"})
pytestmark = pytest.mark.go


@pytest.fixture
def left(tmp_path, toolchain):
    """Return a function that runs the server on two Ps and gives the notes it left, and the file that holds them."""

    def run_it(limit, *, requests=3000):
        built = build(toolchain, Package.of("./serves", OWN), tmp_path, patch.watching_runtime)
        ran = run(built, ["-requests", str(requests)], tmp_path / "notes", limit, TWO)
        assert ran.exit == 0
        return Notes.read(tmp_path / "notes")

    return run_it


def followed(notes, folder):
    """The end row of the recording that is made of notes, once the model has performed it."""
    made = packed(notes, program="./serves", exit_code=0)
    with (folder / "recording").open("wb") as file:
        write_packed(made, file)
    report = check(load_recording(folder / "recording"))
    assert report.ok, str(report)
    return made.end


def test_no_two_ps_write_into_one_block(left, tmp_path):
    notes = left(8_000_000)
    assert notes.lost == 0
    header = np.fromfile(tmp_path / "notes", "<u8", 32)
    first, length = 32 + int(header[17]) // 8, int(header[21])
    words = np.fromfile(tmp_path / "notes", "<u8")[first:][: length * int(header[22]) * 6].reshape(
        -1, length, 6
    )
    ps = [set((block[block[:, 0] > 0, 1] // 2**8 % 2**8).tolist()) for block in words]
    assert length > 1
    assert {len(each) for each in ps} == {1}
    assert set.union(*ps) == {0, 1}
    assert followed(notes, tmp_path)["lost"] == 0


@pytest.mark.slow  # the runtime is built again
def test_those_without_a_block_of_their_own_share_one(left, tmp_path, monkeypatch):
    """As if all Ps were beyond those that a note can name."""
    for path in patch.HERE.glob("*.go"):
        text = path.read_text()
        (tmp_path / path.name).write_text(text.replace("watchNoP        = 255", "watchNoP        = 0"))
    monkeypatch.setattr(patch, "HERE", tmp_path)
    notes = left(40_000_000, requests=40_000)
    assert {words[0, 0] // 2**8 % 2**8 for _, words in notes.blocks()} == {0}
    assert (notes.asked, notes.lost) == (notes.count, 0)


def test_one_p_may_have_room_when_another_has_none(left, tmp_path):
    notes = left(400_000)
    end = followed(notes, tmp_path)
    assert notes.count > 3000
    assert end["lost"] == notes.lost == notes.asked - notes.count
    numbers = [note.at for note in notes.last()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] > notes.count
    assert numbers[-1] == notes.asked - 1
