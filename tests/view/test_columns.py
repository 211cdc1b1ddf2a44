"""Views refuse unequal columns, compare by value and tell themselves."""

import numpy as np
import pytest

from arenalab.view.chunk_inside import ChunkBlocks
from arenalab.view.columns import TEXT_ROWS, brief, text_column


def blocks(rows):
    words = text_column(["free"] * rows)
    return ChunkBlocks(np.arange(rows), np.arange(rows), np.arange(rows) + 1, words, words)


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="columns of different lengths"):
        ChunkBlocks(np.arange(2), np.arange(3), np.arange(2), text_column(["a"] * 2), text_column(["a"] * 2))


def test_views_compare_by_their_columns():
    assert blocks(3) == blocks(3)
    assert blocks(3) != blocks(4)
    assert len(blocks(3)) == 3


def test_long_view_is_cut_and_counted():
    lines = blocks(TEXT_ROWS + 5).text().splitlines()
    assert len(lines) == 1 + TEXT_ROWS + 1
    assert lines[-1] == "… 5 more"
    assert "…" not in blocks(TEXT_ROWS).text()


def test_brief_keeps_what_fits():
    assert brief("x" * 120) == "x" * 120
    assert brief("x" * 121) == "x" * 119 + "…"
