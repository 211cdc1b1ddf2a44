"""Lettering: how wide words are, and what of them fits.

Rule: widths are those of DejaVu Sans, the widest of the fonts that pictures name, so that
what fits here fits with every reader; digits of all of them are equally wide.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

#: Hundredths of the font size -> characters so wide; what is not named takes `OTHER`.
_BY_WIDTH = {
    28: "'ijl", 30: "IJ", 32: " ,.·", 34: "/:;\\|", 36: "f-", 40: "()[]t!", 42: "r", 46: '"',
    50: "*_`▸◂–", 53: "sz?", 55: "c", 58: "LFk", 60: "vxyP", 62: "TYaoe", 64: "ESbdghnpqu$0123456789{}µ",
    69: "KAVBRXZ", 73: "CU", 77: "HNDG", 79: "&OQ", 84: "w#+<=>^~−→←↑↓×", 86: "M", 95: "%m", 100: "W@⋯…",
}  # fmt: skip
_WIDTHS = {letter: share / 100 for share, letters in _BY_WIDTH.items() for letter in letters}
OTHER = 1.0
MONO = 0.602  #: of the font size: a character of the monospaced font.
BOLD = 1.14  #: a bold word, by the same one plain.
GAP = 6.0  #: points between two labels.
FEWEST = 3  #: characters that a cut word must keep to be worth showing.


@lru_cache(maxsize=8192)
def text_width(words: str, size: float = 12, *, mono: bool = False, bold: bool = False) -> float:
    """Return how many points words take at a font size; to a few in a hundred, as a browser would measure them."""
    if mono:
        return len(words) * MONO * size
    return sum(_WIDTHS.get(letter, OTHER) for letter in words) * size * (BOLD if bold else 1)


def first_fitting(tries: Iterable[str], width: float, size: float = 12, *, bold: bool = False) -> str:
    """Return the first of some words that fits a width in points, where none does the last of them."""
    words = ""
    for words in tries:
        if text_width(words, size, bold=bold) <= width:
            break
    return words


def fitted(words: str, width: float, size: float = 12, *, mono: bool = False, bold: bool = False) -> str:
    """Cut words to what fits a width in points; "" when not even three characters do."""
    if text_width(words, size, mono=mono, bold=bold) <= width:
        return words
    low, high = 0, len(words)  # so many characters and an ellipsis fit; so many don't
    while high - low > 1:
        middle = (low + high) // 2
        fits = text_width(f"{words[:middle]}…", size, mono=mono, bold=bold) <= width
        low, high = (middle, high) if fits else (low, middle)
    return f"{words[:low]}…" if low >= FEWEST else ""


def middle_cut(words: str, width: float, size: float = 12, *, bold: bool = False) -> str:
    """Cut words in their middle to what fits a width in points: of a sentence, what it is about and where it ends."""
    if text_width(words, size, bold=bold) <= width:
        return words
    low, high = 0, len(words)  # so many characters around the cut fit; so many don't
    while high - low > 1:
        middle = (low + high) // 2
        fits = text_width(_around(words, middle), size, bold=bold) <= width
        low, high = (middle, high) if fits else (low, middle)
    return _around(words, low) if low > FEWEST else ""


def _around(words: str, kept: int) -> str:
    """Return the first and the last characters of words, more of the first, with an ellipsis between."""
    behind = kept * 2 // 5
    return f"{words[: kept - behind]}…{words[len(words) - behind :]}"


def wrapped(
    words: str, width: float, size: float = 12, *, mono: bool = False, bold: bool = False
) -> list[str]:
    """Break words into lines that fit a width in points, at spaces where there are any."""
    lines = []
    for part in words.splitlines():
        line = ""
        for word in part.split(" "):
            longer = f"{line} {word}" if line else word
            if text_width(longer, size, mono=mono, bold=bold) <= width:
                line = longer
                continue
            lines += [line] if line else []
            *full, line = _pieces(word, width, size, mono=mono, bold=bold)
            lines += full
        lines.append(line)
    return lines


def _pieces(word: str, width: float, size: float, *, mono: bool, bold: bool) -> list[str]:
    """Break one word that is longer than a line; each piece has a character at least."""
    pieces, piece = [], ""
    for letter in word:
        if piece and text_width(piece + letter, size, mono=mono, bold=bold) > width:
            pieces.append(piece)
            piece = ""
        piece += letter
    return [*pieces, piece]


def apart(
    labels: Iterable[tuple[float, str]], ends: tuple[float, float], size: float
) -> list[tuple[float, str]]:
    """Place labels of an axis: moved to stay between its ends, left out where they would touch an earlier one.

    Args:
        labels: (middle, words) of each, those that matter most first.
        ends: where the first may begin and the last may end.
        size: of the font.

    Returns:
        (left edge, words) of those that are kept.

    """
    kept: list[tuple[float, float, str]] = []
    for middle, words in labels:
        width = text_width(words, size)
        left = max(min(middle - width / 2, ends[1] - width), ends[0])
        if all(left + width + GAP <= other or left >= right + GAP for other, right, _ in kept):
            kept.append((left, left + width, words))
    return [(left, words) for left, _, words in kept]
