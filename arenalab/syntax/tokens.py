"""Between the lexer and the parser: Go's automatic semicolons, comments, and caps on hostile text."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from arenalab.errors import TypeTextError

if TYPE_CHECKING:
    from lark import Token

#: Longest type text that is read, in characters.
MAX_TEXT = 200_000
MAX_BRACKETS = 400
_COMMENTS = ("LINE_COMMENT", "BLOCK_COMMENT")
_ENDS_A_LINE = ("NAME", "INT", "FLOAT", "STRING", "RPAR", "RSQB", "RBRACE")
_OPENING, _CLOSING = ("LPAR", "LSQB", "LBRACE"), ("RPAR", "RSQB", "RBRACE")

#: What a reader calls the parser's terminals; the rest are shown as they are written.
SPOKEN = {
    "NAME": "a name", "INT": "a number", "FLOAT": "a number", "STRING": "a string", "SEMICOLON": "';'",
    "LSQB": "'['", "RSQB": "']'", "LPAR": "'('", "RPAR": "')'", "LBRACE": "'{'", "RBRACE": "'}'",
    "STAR": "'*'", "ARROW": "'<-'", "DOTS": "'...'", "COMMA": "','", "EQUAL": "'='", "DOT": "'.'",
    "VBAR": "'|'", "TILDE": "'~'", "PLUS": "'+'", "MINUS": "'-'", "SLASH": "'/'", "PERCENT": "'%'",
    "SHL": "'<<'", "SHR": "'>>'", "$END": "the end", "TYPE": "'type'", "STRUCT": "'struct'", "MAP": "'map'",
    "INTERFACE": "'interface'", "FUNC": "'func'", "CHAN": "'chan'", "PACKAGE": "'package'",
    "IMPORT": "'import'",
}  # fmt: skip
_TYPE_STARTS = frozenset(
    ("NAME", "STAR", "LSQB", "MAP", "CHAN", "ARROW", "FUNC", "INTERFACE", "STRUCT", "LPAR")
)


def spoken(terminals: set[str]) -> tuple[str, ...]:
    """Return what the parser would have taken, for a reader: ten terminals are 'a type'."""
    missing = _TYPE_STARTS - {"LPAR"} - terminals
    rest = terminals if missing else terminals - _TYPE_STARTS
    words = {SPOKEN.get(terminal, terminal) for terminal in rest}
    return (*(() if missing else ("a type",)), *sorted(words))


class GoLines:
    """Put a semicolon where a line ends after a name, a literal or a closing bracket.

    Go: "Semicolons" in the language specification. A lark postlexer: `process` filters the tokens.
    """

    always_accept: ClassVar = ("NEWLINE", *_COMMENTS, "KEYWORD", "SEMICOLON")

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Yield the tokens the grammar knows, semicolons put in."""
        last: Token | None = None
        depth = 0
        for token in stream:
            if token.type in _COMMENTS or token.type == "NEWLINE":
                if "\n" in token and last is not None and last.type in _ENDS_A_LINE:
                    last = _semicolon(last)
                    yield last
                continue
            depth = _check(token, depth)
            last = token
            yield token
        if last is not None and last.type in _ENDS_A_LINE:
            yield _semicolon(last)


def _semicolon(last: Token) -> Token:
    """Return the semicolon that Go puts after the last token of a line."""
    made = last.update("SEMICOLON", "\n")
    made.line, made.column = last.end_line, last.end_column
    return made


def _check(token: Token, depth: int) -> int:
    """Refuse keywords and letters that cannot stand in a type; return the bracket depth after `token`."""
    line, column = token.line or 1, token.column or 1
    if token.type == "KEYWORD":
        raise TypeTextError(f"unexpected keyword {token}", line, column, ("a type",))
    if token.type == "NAME" and not token.isascii():
        for letter in token:
            if letter != "_" and unicodedata.category(letter)[0] != "L" and not letter.isdecimal():
                raise TypeTextError(f"invalid character {letter!r} in a name", line, column)
    depth += (token.type in _OPENING) - (token.type in _CLOSING)
    if depth > MAX_BRACKETS:
        raise TypeTextError(f"brackets are nested more than {MAX_BRACKETS} deep", line, column)
    return depth
