"""Docstrings as reStructuredText: they are written as plain text with single backticks, and stay so."""

from __future__ import annotations

import re
from collections.abc import Iterator

CODE = re.compile(r"``?([^`]+)``?")
MARKS = re.compile(r"([*|\\]|_(?=\W|$))")
ITEM = re.compile(r"(\* |- |\d+\. )")
INDENT = 4  #: of a code block; a list's continuation is indented less.


def as_rst(lines: list[str]) -> list[str]:
    """Return a docstring's lines as reStructuredText: code in backticks, what is indented as it is, no other mark."""
    return [line for block in _blocks(lines) for line in _block(block)]


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Yield what stands between empty lines."""
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line.rstrip())
        elif block:
            yield block
            block = []


def _block(lines: list[str]) -> Iterator[str]:
    if lines[0].lstrip().startswith(">>>"):
        yield from (*lines, "")
    elif lines[0].startswith(" " * INDENT) and not ITEM.match(lines[0].strip()):
        yield from ("::", "", *lines, "")
    else:
        yield from _text(lines)
        yield ""


def _text(lines: list[str]) -> Iterator[str]:
    """Yield prose; a list that begins in it, with no empty line before, gets one."""
    within = False
    for number, line in enumerate(lines):
        begins, continues = bool(ITEM.match(line)), line.startswith(" ")
        if number and begins != within and not (within and continues):
            yield ""
        within = begins or (within and continues)
        yield _prose(line)


def _prose(line: str) -> str:
    """Return a line whose code is in double backticks, and whose stars, bars and underscores mean nothing."""
    indent = line[: len(line) - len(line.lstrip())]
    text = line[len(indent) :]
    item = ITEM.match(text)
    bullet = item[0] if item else ""
    parts = CODE.split(text[len(bullet) :])
    told = (f"``{part}``" if n % 2 else MARKS.sub(r"\\\1", part) for n, part in enumerate(parts))
    return indent + bullet + "".join(told)
