"""Lines of a scenario's file: where each [[expect]] table and each of its facts stands, for errors that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

Lines = Mapping[str, int]  #: key of a table -> its line in the file; under "" the table's own.

#: A comment or a string, whose brackets and keys mean nothing; strings of several lines first.
_QUOTED = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)
_TABLE = re.compile(r"\s*\[\[\s*expect\s*\]\]")
_PART = re.compile(r"\s*\[\s*expect\s*\.\s*([\w-]+)")  # [expect.arenas.0] goes on with the table
_KEY = re.compile(r"\s*([\w-]+)\s*[.=]")


def expect_lines(text: str) -> list[dict[str, int]]:
    """Return for each [[expect]] table the line of each key, counted from 1; under "" that of the table itself.

    Tables written another way, as `expect = [{...}]`, are not found.
    """
    tables: list[dict[str, int]] = []
    current: dict[str, int] = {}
    for number, line in _outside_values(text):
        if _TABLE.match(line):
            current = {"": number}
            tables.append(current)
        elif part := _PART.match(line):
            current.setdefault(part[1], number)
        elif line.lstrip().startswith("["):
            current = {}
        elif key := _KEY.match(line):
            current.setdefault(key[1], number)
    return tables


def _outside_values(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that begin a key or a table, with their numbers: not those within a value's brackets."""
    depth = 0
    bare = _QUOTED.sub(lambda quoted: '""' + "\n" * quoted[0].count("\n"), text)
    for number, line in enumerate(bare.split("\n"), 1):
        if depth == 0:
            yield number, line
        depth += sum(map(line.count, "[{")) - sum(map(line.count, "]}"))
