"""Chapter 16's questions against sums made by hand, and what a scenario says of two versions."""

import pytest
from hypothesis import given

from arenalab.course import question
from arenalab.course.changes import shown_by
from arenalab.errors import ScenarioError
from arenalab.go.versions import VERSIONS
from arenalab.world.ops import New
from tests.course.asking import questions
from tests.examples import examples

some = examples(15)


def room(version):
    return 8 * 2**20 if version == "1.21" else 8 * 2**20 - 2**17 - 48


def words(asked, version):
    made = [op.type for op in asked.program if isinstance(op, New)]
    tail = 0 if version == "1.21" else made[-1].size - made[-1].ptr_bytes
    return (sum(it.size for it in made) - tail - 1) // 512 + 1


def chunks(asked, version):
    filling = asked.program[1]
    return -(-filling.n // (room(version) // filling.type.size))


def bits(asked, version):
    words, minor = asked.program[1].type.ptr_bytes // 8, int(version[2:])
    if words <= (128 if minor >= 27 else 16_384):
        return "finds a mask in the type's descriptor"
    return "builds a mask at first use" if minor >= 24 else "runs a GC program"


@some
@given(asked=questions("which-versions"))
def test_versions_are_those_in_which_the_sums_say_so(asked):
    of = bits if isinstance(asked.program[1], New) else chunks
    here = of(asked, asked.rules.version)
    assert str(here) in asked.text
    assert asked.value == {f"Go {version}" for version in VERSIONS if of(asked, version) == here}


@some
@given(asked=questions("chunks-by-version"))
def test_chunks_are_as_many_as_the_room_of_that_go_makes_them(asked):
    assert asked.value == chunks(asked, asked.rules.version)


@some
@given(asked=questions("words-by-version"))
def test_words_read_end_with_the_value_or_with_its_pointer(asked):
    assert asked.value == words(asked, asked.rules.version)


def test_a_wrong_number_is_told_in_which_go_it_would_be_right():
    asked = next(it for it in map(made_of, range(99)) if chunks(it, "1.21") != it.value)
    told = asked.meant(asked.run, chunks(asked, "1.21"))
    assert told == "So it is in Go 1.21."
    assert asked.meant(asked.run, 99) == ""


def made_of(seed):
    return question("chunks-by-version", seed, "1.27")


# what a scenario says of two versions


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("alloc-four-quarters-need-one-chunk-or-two", "1.21", "1.27", "7 expectations of Go 1.27 not met in Go 1.21"),
        ("alloc-four-quarters-need-one-chunk-or-two", "1.22", "1.27", "the same in Go 1.22 and Go 1.27"),
        ("weak-pointer-gives-a-live-object", "1.21", "1.27", "about Go >=1.24, so not about Go 1.21"),
        ("bits-mask-on-demand-is-built-once", "1.26", "1.27", "1 expectation of Go 1.27 not met in Go 1.26"),
    ],
)  # fmt: skip
def test_a_scenario_tells_two_versions_apart_or_does_not(name, before, after, said):
    assert shown_by(name, before, after) == f"{name}: {said}"


def test_an_unknown_scenario_is_refused():
    with pytest.raises(ScenarioError, match="unknown scenario 'nothing'"):
        shown_by("nothing", "1.21", "1.27")
