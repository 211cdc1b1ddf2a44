"""Widths of words are those of the widest font that pictures name; what fits is whole, what doesn't is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arenalab.draw.lettering import fitted, middle_cut, text_width, wrapped
from arenalab.draw.room import Room

#: Words and, as DejaVu Sans, DejaVu Sans Bold and DejaVu Sans Mono have them at 10 points, their widths (measured
#: by FreeType).
MEASURED = (
    ("low end: objects with pointers, growing up →", 224.0, 253.8, 264.9),
    ("a scan of oblet 0 reads from word 0 to the end", 232.8, 262.7, 276.9),
    ("8.01 KiB free", 64.5, 73.3, 78.3),
    ("MAP_PRIVATE|MAP_ANON @ 0x40c000000000", 230.8, 255.9, 222.8),
    ("arena.Clone(*struct{ next *int; key string })", 220.4, 249.9, 270.9),
    ("WWWWW", 49.4, 55.2, 30.1),
    ("iiiii", 13.9, 17.1, 30.1),
)


@pytest.mark.parametrize(("words", "plain", "bold", "mono"), MEASURED)
def test_widths_are_those_of_the_font(words, plain, bold, mono):
    for true, guess in (
        (plain, text_width(words, 10)),
        (bold, text_width(words, 10, bold=True)),
        (mono, text_width(words, 10, mono=True)),
    ):
        assert 0.92 * true <= guess <= 1.08 * true


@given(st.text(), st.floats(0, 400))
def test_lines_fit_and_lose_no_word(words, width):
    lines = wrapped(words, width, 10)
    assert all(text_width(line, 10) <= width or len(line) <= 1 for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(words.splitlines()).replace(" ", "")


@given(st.text(st.characters(codec="ascii"), min_size=4), st.integers(0, 300))
def test_as_much_as_fits_is_kept(words, width):
    shown = fitted(words, width, 10)
    if shown not in {"", words}:
        kept = len(shown) - 1
        assert text_width(words[: kept + 1] + "…", 10) > width


@pytest.mark.parametrize("width", range(280, 1001, 40))
def test_columns_fill_the_room_and_leave_the_gaps(width):
    room = Room(width)
    columns = room.columns(3, 10)
    assert columns[0][0] == room.left
    assert columns[-1][0] + columns[-1][1] == pytest.approx(room.right)
    assert all(b[0] - a[0] - a[1] == pytest.approx(10) for a, b in pairwise(columns))
    assert (room.wide, room.narrow) == (width >= 920, width < 560)


@given(st.text(st.characters(codec="ascii"), min_size=12), st.integers(60, 300))
def test_words_cut_in_their_middle_keep_both_ends_and_fit(words, width):
    shown = middle_cut(words, width, 10)
    assert text_width(shown, 10) <= width
    if shown != words:
        head, tail = shown.split("…")
        assert words.startswith(head)
        assert words.endswith(tail)
        assert len(head) >= len(tail)
        assert text_width(f"{head}…{tail}", 10) > width - 2 * 10
