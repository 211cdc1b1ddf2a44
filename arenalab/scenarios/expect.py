"""Expect: what must hold after one operation of a scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arenalab.errors import NoSuchError, ScenarioError, shown
from arenalab.scenarios.facts import FACTS, Complaints
from arenalab.scenarios.moment import Moment
from arenalab.scenarios.turns import Span
from arenalab.scenarios.values import go_of, is_whole, known
from arenalab.world.event import Event
from arenalab.world.history import History


@dataclass(frozen=True)
class Expect:
    """What must be true after operation `after` (−1: before the first)."""

    after: int
    facts: dict[str, Any]  #: name in FACTS -> what is wanted.
    where: str  #: file and place, for complaints.
    go: str = ">=1.21"  #: Go versions that it is expected of.

    def broken(
        self, history: History, *, unseen: Collection[type[Event]] = (), spans: Sequence[Span] = ()
    ) -> Complaints:
        """Yield a sentence for each fact that does not hold.

        Kinds of events in `unseen` are not asked for: an engine that solves runs at once tells
        them in one event instead of many. `spans` tells which part of the history each row is where rows are turns.
        """
        if spans and self.after >= len(spans):
            yield f"{self.where} (after operation {self.after}): the program has ended before"
            return
        part = spans[self.after] if spans and self.after >= 0 else None
        moment = Moment(history, part.operation if part else self.after, tuple(unseen), part)
        for name, wanted in self.facts.items():
            where = f"{self.where} (after operation {self.after})"
            try:
                yield from (f"{where}: {complaint}" for complaint in FACTS[name].broken(moment, wanted))
            except NoSuchError as missing:
                yield f"{where}: {name}: {missing}"


def read_expect(data: Mapping[str, Any], nops: int, where: str) -> Expect:
    """Check an [[expect]] table and return it.

    Raises:
        ScenarioError: an unknown fact, one of the wrong kind, or about an operation that is not there.

    """
    known(data, ("after", "go", *FACTS), where)
    after: Any = data.get("after")
    if not is_whole(after) or not -1 <= after < nops:
        raise ScenarioError(
            f"{where}: after must be an operation's number, −1 to {nops - 1}, not {shown(after)}"
        )
    facts = {name: value for name, value in data.items() if name not in ("after", "go")}
    for name, value in facts.items():
        if not FACTS[name].good(value):
            raise ScenarioError(f"{where}: {name} must be {FACTS[name].kind}, not {shown(value)}")
    return Expect(after, facts, where, go_of(data, where))
