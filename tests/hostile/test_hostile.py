"""Hostile files: every mutant of a sound file is read and can be looked at, or is refused in one clear line.

A few hundred mutants of each reader, always the same, run here; `python -m tests.hostile` tries as many as
one likes. What ever failed is kept in tests/data/hostile and tried again each time.
"""

from pathlib import Path

import pytest

from tests.hostile.limits import MOST_BYTES, used
from tests.hostile.mutants import mutant
from tests.hostile.readers import READERS, Reader

CORPUS = Path(__file__).parent.parent / "data" / "hostile"
#: reader -> mutants tried here: about two seconds each.
QUICK = {"history": 100, "columns": 40, "recording": 20, "scenario": 40, "trace": 60, "answer": 400}
EVERYTHING = 0  #: look at what is read in every explorer.


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Return each reader's sound files, made once."""
    made = {}

    def of(name):
        if name not in made:
            made[name] = READERS[name].seeds(tmp_path_factory.mktemp(name))
        return made[name]

    return of


@pytest.mark.parametrize("name", READERS)
def test_sound_files_are_read_and_shown(name, seeds, tmp_path):
    reader = READERS[name]
    for raw in seeds(name)[:1]:
        path = tmp_path / f"mutant{reader.suffix}"
        path.write_bytes(raw)
        assert reader.use(path, EVERYTHING) == ""


@pytest.mark.parametrize("name", READERS)
def test_mutant_is_read_or_refused_within_its_limits(name, seeds, tmp_path):
    reader, path = READERS[name], tmp_path / f"mutant{READERS[name].suffix}"
    for number in range(QUICK[name]):
        path.write_bytes(mutant(reader.mutate, seeds(name), number))
        fault = used(reader, path, number + 1)
        assert fault == "", f"mutant {number} of {name}: {fault}"


@pytest.mark.parametrize(
    "path", sorted(CORPUS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_file_that_once_failed_does_not_again(path, tmp_path):
    reader = READERS[path.parent.name]
    copy = tmp_path / f"mutant{reader.suffix}"
    copy.write_bytes(path.read_bytes())
    assert used(reader, copy, EVERYTHING) == ""


@pytest.mark.parametrize(
    ("work", "fault"),
    [
        (lambda _: [0] * MOST_BYTES, "MemoryError"),
        (lambda _: any(zero for zero in iter(int, 1)), "TooSlow"),
        (lambda _: {}["missing"], "KeyError"),
    ],
    ids=["memory", "time", "error"],
)
def test_what_breaks_the_limits_is_found(work, fault, tmp_path):
    greedy = Reader("", READERS["answer"].mutate, lambda _: [], lambda path, _: work(path))
    assert used(greedy, tmp_path, 1, seconds=0.2).startswith(fault)
