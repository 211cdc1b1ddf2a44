"""The law of what is told: one byte is not "1 bytes"."""

import ast
import re
from itertools import pairwise
from pathlib import Path

from tests.laws import modules, nodes

TELLING = ("view/", "draw/", "explore/", "player/", "course/", "world/", "oracle/cli", "oracle/fuzz", "cli")
COUNTED = (
    "arena bit byte case chunk collection cycle difference element event fact finalizer goroutine handle line object "
    "oblet operation page pointer program root row span step time type"
)
PLURAL = re.compile(rf" ([a-z-]+ )?({'|'.join(COUNTED.split())}|value|word)s\b")


def one_is_no_plural(root: Path) -> list[str]:
    """A number that may be 1 and what it counts come from `counted` or `plainly`; "1 bytes" is none."""
    return [
        f"{name}:{told.lineno}: {ast.unparse(number)} {text.value.split('.')[0]!r}; units.counted knows 1"
        for name, tree in modules(root)
        if name.startswith(TELLING)
        for told in nodes(tree, ast.JoinedStr)
        for number, text in pairwise(told.values)
        if isinstance(number, ast.FormattedValue) and isinstance(text, ast.Constant)
        if PLURAL.match(text.value) and not _never_one(number)
    ]


def _never_one(number: ast.FormattedValue) -> bool:
    """Return whether it is a constant or taken from one, written in hex or with decimals."""
    source = number.value.value if isinstance(number.value, ast.Subscript) else number.value
    return (number.format_spec is not None and ast.unparse(number.format_spec) not in {"f','", "f''"}) or (
        isinstance(source, ast.Name) and source.id.isupper()
    )
