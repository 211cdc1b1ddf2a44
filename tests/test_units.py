"""Numbers as people write them: one is no plural."""

import pytest

from arenalab.units import counted, elided, humans, noun, plainly


@pytest.mark.parametrize(
    ("count", "told", "plain"),
    [
        (0, "0 bytes", "0 bytes"),
        (1, "1 byte", "1 byte"),
        (2, "2 bytes", "2 bytes"),
        (4096, "4,096 bytes", "4096 bytes"),
    ],
)
def test_one_is_told_without_an_s(count, told, plain):
    assert (counted(count, "byte"), plainly(count, "byte")) == (told, plain)


def test_plural_of_its_own_takes_its_verb_along():
    assert counted(1, "value is", "values are") == "1 value is"
    assert counted(1000, "value is", "values are") == "1,000 values are"
    assert (noun(1, "is", "are"), noun(2, "is", "are")) == ("is", "are")


def test_two_amounts_that_differ_are_told_apart():
    assert humans(979_456, 979_464) == ("979456 bytes", "979464 bytes")
    assert humans(979_456, 979_456) == ("956.5 KiB", "956.5 KiB")
    assert humans(0, 8 << 20) == ("0 B", "8 MiB")


@pytest.mark.parametrize("length", [10, 72, 73, 500])
def test_long_text_keeps_both_ends(length):
    text = f"struct{{{'x' * (length - 8)}}}"
    told = elided(text)
    assert len(told) <= 72
    assert (told == text) == (length <= 72)
    assert (told[:7], told[-1]) == ("struct{", "}")
