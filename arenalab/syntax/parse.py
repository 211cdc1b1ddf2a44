"""Read a Go type text with the grammar; every trouble comes out as a TypeTextError."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from arenalab.errors import TypeTextError
from arenalab.install import require
from arenalab.syntax.build import TreeBuilder
from arenalab.syntax.tokens import MAX_TEXT, GoLines, spoken
from arenalab.syntax.tree import Declaration, TypeNode

if TYPE_CHECKING:
    from lark import Lark, UnexpectedCharacters, UnexpectedToken

_Start: TypeAlias = Literal["declarations", "expression"]
#: Characters of a text whose tree is kept: programs ask for the same few types again and again.
_SHORT = 200
_GENERICS = "; ArenaLab reads no type parameters: write the instantiated type out"


def parse_declarations(text: str) -> list[Declaration]:
    """Read `type A ...; type B ...`. Raises TypeTextError with line, column and what was expected."""
    return [*_read(text, "declarations")]


def parse_expression(text: str) -> TypeNode:
    """Read one type expression. Raises TypeTextError with line, column and what was expected."""
    made: TypeNode = _read(text, "expression")
    return made


def _read(text: str, start: _Start) -> Any:  # by the start
    if not isinstance(text, str):
        raise TypeTextError(f"a Go type is a text, not {type(text).__name__}", 1, 1)
    if len(text) > MAX_TEXT:
        raise TypeTextError(f"the text has {len(text)} characters, at most {MAX_TEXT} are read", 1, 1)
    return (_parsed if len(text) <= _SHORT else _parse)(text, start)


def _parse(text: str, start: _Start) -> Any:
    parser = _parser()
    from lark import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415  # `import arenalab` stays light

    try:
        return parser.parse(text, start=start)
    except UnexpectedCharacters as error:
        raise _bad_character(error, text) from None
    except UnexpectedToken as error:
        raise _bad_token(error, text) from None


_parsed = lru_cache(maxsize=512)(_parse)  # nobody changes a tree


@lru_cache(maxsize=1)
def _parser() -> Lark:
    """Build the parser, once."""
    require("types", "lark")
    from lark import Lark  # noqa: PLC0415  # an optional library, and a slow one to import

    grammar = resources.files("arenalab.syntax").joinpath("go_types.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        start=["declarations", "expression"],
        postlex=GoLines(),
        transformer=TreeBuilder(),  # lark asks only for methods named as rules
    )


def _bad_character(error: UnexpectedCharacters, text: str) -> TypeTextError:
    """Describe which character no token begins with."""
    letter = text[error.pos_in_stream or 0]  # type: ignore[redundant-expr]
    reason = {
        '"': "string not terminated",
        "`": "string not terminated",
        "/": "comment not terminated",
    }.get(letter, f"invalid character {letter!r}")
    return TypeTextError(reason, error.line, error.column)


def _bad_token(error: UnexpectedToken, text: str) -> TypeTextError:
    """Describe which token cannot stand where it stands."""
    found = error.token
    if found == "/" and text.startswith("/*", found.start_pos or 0):
        return TypeTextError("comment not terminated", found.line or 1, found.column or 1)
    if found.type == "$END" or (found.type == "SEMICOLON" and found == "\n"):
        last_line = text.count("\n") + 1
        line, column = (found.line, found.column) if found.type != "$END" else (None, None)
        shown = "the end of the line" if found.type == "SEMICOLON" else "the end"
        at = (line or last_line, column or len(text) - text.rfind("\n"))
    else:
        shown, at = repr(str(found)), (found.line or 1, found.column or 1)
    expected = set(error.accepts)
    hint = _GENERICS if found.type == "LSQB" or ("RSQB" in expected and found.type == "NAME") else ""
    return TypeTextError(f"unexpected {shown}{hint}", *at, spoken(expected))
