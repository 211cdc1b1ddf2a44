"""Statements: a program's text cut into statements and loops, each with its line.

A statement ends at the end of its line or at a semicolon, outside brackets: so a struct type may have several lines.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from arenalab.errors import ScenarioError, shown

LONGEST_TEXT, LONGEST_STATEMENT = 10_000, 1_000  #: characters.
DEEPEST = 3  #: loops that may stand in one another.
BRACKETS = {"(": ")", "[": "]", "{": "}"}
NUMBER = r"(?:0x[0-9a-fA-F]{1,16}|\d[\d_]{0,24}(?: ?<< ?\d{1,2})?)"
LOOPS = tuple(
    re.compile(form.format(n=rf"(?P<n>{NUMBER})"))
    for form in (r"for range {n}", r"for \w+ := range {n}", r"for (\w+) := 0; \1 < {n}; \1\+\+")
)
LOOP = "for range 4 { … }"  #: how a loop is written, for errors.


class Statement(NamedTuple):
    """One statement: its line, counted from 1, and its text."""

    line: int
    text: str


class Loop(NamedTuple):
    """Statements that are performed several times."""

    line: int
    times: int
    body: tuple[Statement | Loop, ...]


def statements(text: str) -> tuple[Statement | Loop, ...]:
    """Cut a program's text into statements.

    Raises:
        ScenarioError: a bracket or a loop that can't be read; names its line.

    """
    if len(text) > LONGEST_TEXT:
        raise ScenarioError(f"{len(text):,} characters; a program here has at most {LONGEST_TEXT:,}")
    return _Reader(text.replace("\r\n", "\n")).block()


def number(text: str) -> int:
    """Return a number as Go writes it: 4096, 4_096, 0x1000, 1<<12."""
    base, _, shift = text.replace("_", "").replace(" ", "").partition("<<")
    return int(base, 16 if base.startswith("0x") else 10) * 2 ** int(shift or 0)


class _Reader:
    """Reads a text from its start; `line` is the one that it has come to."""

    def __init__(self, text: str) -> None:
        self.text = re.sub(r"//[^\n]*", "", text)
        self.at, self.line = 0, 1

    def block(self, opened: int = 0, depth: int = 0) -> tuple[Statement | Loop, ...]:
        """Read up to the end of the text, or up to the brace that closes the loop which line `opened` began."""
        found: list[Statement | Loop] = []
        while True:
            line, piece, end = self._piece()
            if end == "{":
                found.append(self._loop(line, piece, depth + 1))
                continue
            if piece:
                found.append(Statement(line, piece))
            if end == "}" and not opened:
                raise ScenarioError(f"line {self.line}: a }} that no loop has opened")
            if end == "" and opened:
                raise ScenarioError(f"line {opened}: the loop has no }} at its end")
            if end in ("", "}"):
                return tuple(found)

    def _loop(self, line: int, head: str, depth: int) -> Loop:
        loop = next(filter(None, (form.fullmatch(head) for form in LOOPS)), None)
        if loop is None:
            raise ScenarioError(f"line {line}: {shown(head)} is no loop; expected one such as {LOOP}")
        if depth > DEEPEST:
            raise ScenarioError(f"line {line}: more than {DEEPEST} loops in one another")
        body = self.block(line, depth)
        if not body:
            raise ScenarioError(f"line {line}: the loop has no statement in it")
        return Loop(line, number(loop["n"]), body)

    def _piece(self) -> tuple[int, str, str]:
        """Return the next statement, or the head of a loop, with its line and the character that ends it."""
        while self._here() in " \t\n;" and self._here():
            self._step()
        line, start, stack = self.line, self.at, list[str]()
        head = re.match(r"for\b", self.text[self.at : self.at + 4]) is not None
        while self._here():
            sign = self._here()
            if not stack and sign in ("{\n" if head else ";\n}"):
                break
            self._nest(sign, stack)
            self._step()
        if stack:
            raise ScenarioError(f"line {line}: a {stack[-1]} is missing")
        piece, end = re.sub(r"[^\S\n]+", " ", self.text[start : self.at]).strip(), self._here()
        if head and end != "{":
            raise ScenarioError(f"line {line}: a loop opens its {{ in its first line, such as {LOOP}")
        if len(piece) > LONGEST_STATEMENT:
            raise ScenarioError(f"line {line}: a statement of more than {LONGEST_STATEMENT:,} characters")
        if end:
            self._step()
        return line, piece, end

    def _nest(self, sign: str, stack: list[str]) -> None:
        if sign in BRACKETS:
            stack.append(BRACKETS[sign])
        elif sign in BRACKETS.values() and (not stack or stack.pop() != sign):
            raise ScenarioError(f"line {self.line}: a {sign} without its other half")

    def _here(self) -> str:
        return self.text[self.at : self.at + 1]

    def _step(self) -> None:
        self.line += self._here() == "\n"
        self.at += 1
