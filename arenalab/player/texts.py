"""Texts: one text that changes from step to step, kept as changes: a step costs what it changes."""

from __future__ import annotations

from typing import Any


class Texts:
    """One text that changes from step to step.

    A row is [step, kept in front, kept behind, what is between] against the row before, or
    [step, number of an earlier row] where that one's text comes back.
    """

    def __init__(self) -> None:
        """Start before the first step."""
        self.rows: list[list[Any]] = []
        self._last = ""
        self._seen: dict[int, int] = {}  #: hash of a text -> its row

    def take(self, step: int, text: str) -> None:
        """Keep the text that holds from a step on."""
        if self.rows and text == self._last:
            return
        if (earlier := self._seen.setdefault(hash(text), len(self.rows))) < len(self.rows):
            self.rows.append([step, earlier])
            self._last = text
            return
        front = _common(self._last, text)
        behind = _common(self._last[front:][::-1], text[front:][::-1])
        self.rows.append([step, front, behind, text[front : len(text) - behind]])
        self._last = text


def _common(one: str, other: str) -> int:
    """Return how many characters two texts have in common at the front."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one.startswith(other[:middle]) else (low, middle - 1)
    return low
