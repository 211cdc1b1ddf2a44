"""Numbers as people write them: one is no plural."""

import pytest

from arenalab.units import counted, noun, plainly


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
