"""In a race build user arenas and the heap share one range: where a heap arena begins is read, not guessed."""

import json

from arenalab.truth.check import check
from arenalab.truth.follow import rules_of
from arenalab.truth.recording import load_recording
from tests.programs import RECORDINGS

#: 40 arenas of 2 MiB, kept from reuse by 24 MiB of the heap beside each; recorded with --race.
GROWS = RECORDINGS.parent / "programs/race_heap_between.jsonl"


def moved(tmp_path, change):
    """A copy in which each address of a chunk is another."""
    rows = [json.loads(line) for line in GROWS.read_text().splitlines()]
    for row in rows:
        if "base" in row:
            row["base"] = hex(change(int(row["base"], 16)))
    path = tmp_path / "moved.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return load_recording(path)


def test_heap_arenas_of_the_ordinary_heap_lie_between_those_of_user_arenas():
    recording = load_recording(GROWS)
    rules = rules_of(recording)
    first = rules.heap_hint + rules.heap_arena_bytes
    assert recording.heap_arenas == [first, first + 6 * 2**26, first + 13 * 2**26]
    assert rules.heap_arenas_between == (0, 5, 6)
    report = check(recording)
    assert report.ok
    assert report.facts > 400


def test_addresses_that_no_heap_arena_can_have_are_differences(tmp_path):
    for change in (lambda base: base + 2**20, lambda base: base - 2**30, lambda base: base % 2**26):
        recording = moved(tmp_path, change)
        assert rules_of(recording).heap_arenas_between == ()
        assert check(recording).different > 0
