"""The lines that asked for a recorded program's operations: read with the file, shown where they belong."""

import json

import pytest

from arenalab.errors import RecordingError
from arenalab.truth.check import history_of
from arenalab.truth.recording import load_recording
from arenalab.truth.sites import sites_of
from arenalab.world.sites import MOST_BYTES, Site, Sites
from tests.programs import RECORDINGS

SMALL = RECORDINGS.parent / "programs" / "big_slice_in_use.jsonl"


def changed(tmp_path, header, row=None):
    """Return a small recording with more in its header, and in its first operation."""
    lines = [json.loads(line) for line in SMALL.read_text().splitlines()]
    lines[0] |= header
    next(line for line in lines if "op" in line).update(row or {})
    path = tmp_path / "run.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return load_recording(path)


def test_recording_without_sites_has_none():
    assert sites_of(load_recording(SMALL)) is None


def test_history_knows_the_line_of_each_operation(tmp_path):
    recording = changed(tmp_path, {"sites": [["main.a", "a.go", 3], ["main.b", "b.go", 8]]}, {"site": 1})
    history = history_of(recording)
    assert history.sites.of(0) == Site("b.go", 8, "main.b")
    assert history.sites.of(1) is None
    assert history.sites.of(len(history.ops)) is None
    assert history.sites.folder == tmp_path


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ({"sites": "a.go"}, {}),
        ({"sites": [["main.a", "a.go"]]}, {}),
        ({"sites": [["main.a", "a.go", -1]]}, {}),
        ({"sites": [["main.a", "a.go", True]]}, {}),
        ({"sites": [[1, "a.go", 3]]}, {}),
        ({"sites": [["main.a", "a.go", 3]]}, {"site": 1}),
        ({"sites": [["main.a", "a.go", 3]]}, {"site": -1}),
        ({"sites": [["main.a", "a.go", 3]]}, {"site": "0"}),
    ],
)
def test_sites_that_lie_are_refused_with_the_place(tmp_path, header, row):
    with pytest.raises(RecordingError, match=r"run\.jsonl:\d+: .*(sites|site)"):
        history_of(changed(tmp_path, header, row))


class TestListing:
    def of(self, folder, file="a.go", line=3):
        return Sites([], [], folder).listing(Site(file, line))

    def test_lines_around_the_site_are_shown_and_its_own_is_marked(self, tmp_path):
        (tmp_path / "a.go").write_text("one\ntwo\n\tthree\r\nfour\x0cfour\nfive\nsix\n")
        lines = self.of(tmp_path)
        assert [(line.number, line.text) for line in lines] == [
            (1, "one"), (2, "two"), (3, "    three"), (4, "four\x0cfour"), (5, "five"),
        ]  # fmt: skip
        assert [line.number for line in lines if line.marked] == [3]
        assert [line.number for line in self.of(tmp_path, line=1)] == [1, 2, 3]

    def test_absolute_name_is_taken_as_it_is(self, tmp_path):
        (tmp_path / "a.go").write_text("one\n")
        assert self.of(None, str(tmp_path / "a.go"), 1)
        assert self.of(tmp_path / "other", str(tmp_path / "a.go"), 1)

    @pytest.mark.parametrize("file", ["gone.go", "secret.txt", ".", "", "x\0.go", "folder.go", "large.go"])
    def test_what_is_no_source_at_hand_has_no_listing(self, tmp_path, file):
        (tmp_path / "secret.txt").write_text("one\ntwo\nthree\n")
        (tmp_path / "folder.go").mkdir()
        (tmp_path / "large.go").write_bytes(b"x\n" * (MOST_BYTES // 2 + 1))
        assert self.of(tmp_path, file) == ()

    def test_line_that_the_source_no_longer_has_is_not_shown(self, tmp_path):
        (tmp_path / "a.go").write_text("one\ntwo\n")
        assert self.of(tmp_path, line=9) == ()
        assert self.of(None) == ()


@pytest.mark.parametrize(
    "real", [3, {"heapLive": "9"}, {"heapLive": -1}, {"heapLive": 2**63}, {"heapLive": True}]
)
def test_counters_that_lie_are_refused_with_the_place(tmp_path, real):
    with pytest.raises(
        RecordingError, match=r"run\.jsonl:\d+: real: got .*; expected an object of whole numbers"
    ):
        history_of(changed(tmp_path, {}, {"real": real}))


def test_history_knows_gos_own_counters_at_each_cycle(tmp_path):
    history = history_of(changed(tmp_path, {}, {"real": {"heapLive": 9, "resident": 2**40}}))
    assert {name: column.tolist() for name, column in history.real.items()} == {
        "op": [0], "heapLive": [9], "resident": [2**40],
    }  # fmt: skip
