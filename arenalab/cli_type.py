"""`arenalab type EXPR`: a Go type as a table and a drawing of its words, or as JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from arenalab.cli_parser import Parser
from arenalab.errors import ArenaLabError, TypeTextError
from arenalab.go.gcprog import decode
from arenalab.go.types import GoType
from arenalab.go.versions import NEWEST, go_rules
from arenalab.syntax import is_declarations, type_of, types
from arenalab.units import counted, human, noun, plainly
from arenalab.view.type_layout import described_by

ABOUT = """Lay a Go type out as a Go does: size, alignment, offsets, padding, and which words are pointers. TEXT is a
type, or declarations of types as they stand in a Go file: then each declared type is laid out."""
_WORD = 8
_MAX_ROWS = 24  # rows of the tables; the rest is counted
_MAX_BIT_ROWS = 8
_BITS_IN_A_ROW = 64
#: The words of the built-in types that have several, in Go's own names.
_PARTS = {"string": ("str", "len"), "slice": ("array", "len", "cap"), "interface": ("tab", "data")}
_FLAGS = {
    1: "uncommon",
    2: "extra star",
    4: "named",
    8: "regular memory",
    16: "mask on demand",
    32: "direct interface",
}


def main_type(argv: Sequence[str]) -> int:
    """Lay out what is given; return the exit status."""
    options = parser().parse_args(list(argv))
    return run_type(options.expr, as_json=options.json, go=options.go)


def parser() -> Parser:
    """Return what it can be asked for."""
    made = Parser.of("type", ABOUT)
    made.add_argument(
        "expr", metavar="TEXT", help="a type, such as '[4]struct{ p *int; n int }', or declarations of types"
    )
    made.add_argument(
        "--json", action="store_true", help="a JSON object a type, as in a recording's type row"
    )
    made.add_argument(
        "--go", metavar="VERSION", help="which Go lays it out, such as 1.24 (default: the newest)"
    )
    return made


def run_type(expr: str, *, as_json: bool, go: str | None = None) -> int:
    """Print the type (or all types of a declaration text) as a Go lays it out to stdout; return the exit status.

    Status 2, and the reason with line and column on stderr, when the text is refused.
    """
    try:
        rules = go_rules(NEWEST if go is None else go)
        found = types(expr, rules=rules) if is_declarations(expr) else {"": type_of(expr, rules=rules)}
        shown = [json_row(made) if as_json else type_table(made) for made in found.values()]
    except TypeTextError as error:
        print(f"arenalab type: {error}\n{_pointed(expr, error)}", file=sys.stderr)
        return 2
    except ArenaLabError as error:
        print(f"arenalab type: {error}", file=sys.stderr)
        return 2
    print(("\n" if as_json else "\n\n").join(shown))
    return 0


def json_row(made: GoType) -> str:
    """Return the type as one line of JSON, with the keys of a recording's type row."""
    return json.dumps(made.to_row(), separators=(",", ":"), ensure_ascii=False)


def type_table(made: GoType) -> str:
    """Return the type as text: its numbers, its fields, its words with their bits, its GC program."""
    sections = [_numbers(made), _fields(made), _words(made), _bits(made), _program(made)]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _numbers(made: GoType) -> list[str]:
    flags = ", ".join(name for bit, name in _FLAGS.items() if made.tflag // bit % 2)
    prefix = "none: the collector does not scan it"
    if made.ptr_bytes:
        prefix = f"{plainly(made.ptr_bytes, 'byte')} = {counted(made.mask.n, 'word')}"
        prefix += f", {made.mask.ones:,} of them {noun(made.mask.ones, 'a pointer', 'pointers')}"
    return [
        made.expr,
        f"  size            {plainly(made.size, 'byte')}{_in_words(made.size)}",
        f"  align           {made.align} (as a field {made.field_align})",
        f"  kind            {made.kind} (kind byte {made.rawkind})",
        f"  pointer prefix  {prefix}",
        f"  described by    {described_by(made)}",
        f"  flags           {flags or 'none'}",
    ]


def _in_words(size: int) -> str:
    return f" ({human(size)})" if size >= 1024 else ""


def _fields(made: GoType) -> list[str]:
    """Return the fields of a struct with the padding between them; an array's element."""
    if made.array is not None and made.elem is not None:
        length, elem_bytes = made.array
        return [f"  {counted(length, 'element')} of {plainly(elem_bytes, 'byte')}: {made.elem.expr}"]
    if not made.fields:
        return []
    rows = [("offset", "size", "field", "type")]
    end = 0
    for field in made.fields:
        rows += [(str(end), str(field.offset - end), "", "(padding)")] if field.offset > end else []
        name = field.name if not field.embedded else f"{field.name} (embedded)"
        rows.append((str(field.offset), str(field.type.size), name, field.type.expr))
        end = field.offset + field.type.size
    rows += [(str(end), str(made.size - end), "", "(padding)")] if made.size > end else []
    width = max(len(row[2]) for row in rows)
    return _cut_short(
        [f"  {offset:>8} {size:>8}  {name:<{width}}  {expr}" for offset, size, name, expr in rows], "fields"
    )


class _Leaf(NamedTuple):
    """A part of a value that has no parts of its own."""

    offset: int
    path: str
    type: GoType


def _leaves(made: GoType, offset: int = 0, path: str = "") -> Iterator[_Leaf]:
    """Yield the parts of a value in order of address; zero-size parts are left out."""
    if made.fields is not None:
        for field in made.fields:
            yield from _leaves(field.type, offset + field.offset, f"{path}.{field.name}")
    elif made.elem is not None and made.length is not None:
        for i in range(made.length if made.elem.size else 0):
            yield from _leaves(made.elem, offset + i * made.elem.size, f"{path}[{i}]")
    elif made.size:
        yield _Leaf(offset, path.removeprefix(".") or made.expr, made)


def _words(made: GoType) -> list[str]:
    """Return one line for each of the first words: its bit and what stands in it."""
    shown = min(-(-made.size // _WORD), _MAX_ROWS)
    inside: list[list[str]] = [[] for _ in range(shown)]
    for leaf in islice(_leaves(made), shown * _WORD):
        for index, name in _words_of(leaf):
            if index < shown:
                inside[index].append(name)
    bits = made.mask.bits(0, shown).tolist()
    bits += [0] * (shown - len(bits))
    lines = ["      word   offset  bit"] if shown else []
    for i, (bit, names) in enumerate(zip(bits, inside, strict=True)):
        lines.append(f"  {i:>8} {i * _WORD:>8}   {'■' if bit else '·'}  {', '.join(names) or '(padding)'}")
    more = -(-made.size // _WORD) - shown
    return [*lines, f"  ... {counted(more, 'more word')}"] if more else lines


def _words_of(leaf: _Leaf) -> Iterator[tuple[int, str]]:
    """Yield (word, name) for each word that the leaf touches."""
    first = leaf.offset // _WORD
    names = _PARTS.get(leaf.type.kind)
    if names is not None:
        for i, name in enumerate(names):
            yield first + i, f"{leaf.path} {name}"
    else:
        for index in range(first, -(-(leaf.offset + leaf.type.size) // _WORD)):
            yield index, leaf.path


def _bits(made: GoType) -> list[str]:
    """Return the first bits of the mask, 64 to a line as in the heap bitmap's words."""
    if not made.mask.n:
        return []
    rows = min(-(-made.mask.n // _BITS_IN_A_ROW), _MAX_BIT_ROWS)
    lines = [f"  pointer bits, {_BITS_IN_A_ROW} words of memory to a line, lowest address first:"]
    for row in range(rows):
        bits = made.mask.bits(row * _BITS_IN_A_ROW, (row + 1) * _BITS_IN_A_ROW).tolist()
        lines.append(f"  {row:>8}  {''.join('■' if bit else '·' for bit in bits)}")
    left = made.mask.n - rows * _BITS_IN_A_ROW
    return [*lines, f"  ... {counted(left, 'more bit')}"] if left > 0 else lines


def _program(made: GoType) -> list[str]:
    """Return the GC program's bytes and what they say."""
    if made.gcprog is None:
        return []
    steps = [f"    {step}" for step in decode(made.gcprog)]
    shown = made.gcprog[:48].hex(" ") + (" ..." if len(made.gcprog) > 48 else "")
    return [
        f"  GC program, {plainly(len(made.gcprog), 'byte')}: {shown}",
        *_cut_short(steps, "steps"),
        "    stop",
    ]


def _cut_short(lines: list[str], what: str) -> list[str]:
    left = len(lines) - _MAX_ROWS
    return lines if left <= 0 else [*lines[:_MAX_ROWS], f"  ... {left:,} more {what}"]


def _pointed(text: str, error: TypeTextError) -> str:
    """Return the line of the text where the error is, and a mark under its column."""
    lines = text.split("\n")
    line = lines[error.line - 1] if error.line <= len(lines) else ""
    start = max(error.column - 60, 0)
    before = re.sub(r"[^\t]", " ", line[start : error.column - 1])
    return f"    {line[start : start + 100]}\n    {before}^"
