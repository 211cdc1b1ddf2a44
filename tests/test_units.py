"""Numbers as people write them: one is no plural."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.units import counted, elided, humans, noun, plainly, short_time


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


def test_times_are_written_short():
    told = [short_time(each) for each in (0, 7.36e-6, 2e-5, 0.001, 0.9999, 0.5, 3.0, 1234.5, -0.02)]
    assert told == ["0 s", "7.36 µs", "20 µs", "1 ms", "1 s", "500 ms", "3 s", "1,234 s", "-20 ms"]


@given(st.floats(1e-9, 1e9))
def test_time_written_short_is_that_time_and_has_no_exponent(seconds):
    number, unit = short_time(seconds).split()
    units = {"s": 1, "ms": 1e-3, "µs": 1e-6, "ns": 1e-9}
    assert float(number.replace(",", "")) * units[unit] == pytest.approx(seconds, rel=0.0051)
