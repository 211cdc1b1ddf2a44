"""Expect: what must hold after one operation of a scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from arenalab.errors import NoSuchError
from arenalab.scenarios.facts import FACTS, Complaints
from arenalab.scenarios.lines import Lines
from arenalab.scenarios.moment import Moment
from arenalab.scenarios.turns import Span
from arenalab.scenarios.values import go_of, is_whole, known, refused
from arenalab.world.event import Event
from arenalab.world.history import History

KEYS = ("after", "go", *FACTS)


@dataclass(frozen=True)
class Expect:
    """What must be true after `ops[after]` (−1: before the first)."""

    after: int  #: index of the operation in `ops`, −1 for the start.
    facts: dict[str, Any]  #: name in FACTS -> what is wanted.
    path: str  #: file, for complaints.
    number: int  #: which of the file's expectations it is, from 0.
    go: str = ">=1.21"  #: Go versions that it is expected of.
    lines: Lines = field(default_factory=dict)  #: of the facts in the file; "" has the table's own.

    def where(self, name: str = "") -> str:
        """Return the file, the line and the table of a fact, for complaints."""
        return _where(self.path, self.number, self.lines, name)

    def broken(
        self, history: History, *, unseen: Collection[type[Event]] = (), spans: Sequence[Span] = ()
    ) -> Complaints:
        """Yield a sentence for each fact that does not hold: file and line, what was found, what is expected.

        Kinds of events in `unseen` are not looked for: an engine that solves runs in bulk has one event for many.
        `spans` says which part of the history each row is where rows are turns.
        """
        if spans and self.after >= len(spans):
            yield f"{self.where()} (after = {self.after}): the program has ended before"
            return
        part = spans[self.after] if spans and self.after >= 0 else None
        moment = Moment(history, part.operation if part else self.after, tuple(unseen), part)
        for name, wanted in self.facts.items():
            where = f"{self.where(name)} (after = {self.after})"
            try:
                yield from (f"{where}: {complaint}" for complaint in FACTS[name].broken(moment, wanted))
            except NoSuchError as missing:
                yield f"{where}: {name}: {missing}"


def _where(path: str, number: int, lines: Lines, name: str = "") -> str:
    line = lines.get(name, lines.get(""))
    return f"{path}:{line}: expect[{number}]" if line else f"{path}: expect[{number}]"


def read_expect(data: Mapping[str, Any], nops: int, path: str, number: int, lines: Lines) -> Expect:
    """Check an [[expect]] table and return it; `lines` has those of its keys in the file, as far as they are known.

    Raises:
        ScenarioError: an unknown fact, one of the wrong kind, or about an operation that is not there.

    """
    strange = next((key for key in data if key not in KEYS), "")
    known(data, KEYS, _where(path, number, lines, strange))
    after: Any = data.get("after")
    if not is_whole(after) or not -1 <= after < nops:
        where = _where(path, number, lines, "after")
        expected = f"an index of ops, -1 for the start: up to {nops - 1}"
        raise refused(where, "after", after, expected)
    facts = {name: value for name, value in data.items() if name not in ("after", "go")}
    for name, value in facts.items():
        if not FACTS[name].good(value):
            raise refused(_where(path, number, lines, name), name, value, FACTS[name].kind)
    return Expect(after, facts, path, number, go_of(data, _where(path, number, lines, "go")), lines)
