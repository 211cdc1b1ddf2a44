"""Scopes: stretches of a program's work whose objects might live in an arena.

A scope is a task, a region, the life of a goroutine or a request of net/http, and counts where the trace holds it
whole; those without an end are left out and counted. Its objects are those that the goroutine which began it allocates
until its end, and those of goroutines that it, or one of these, creates meanwhile.

A request (HTTP/1) needs no annotation. Once a request's head is read, and its body if it has one, the connection's
goroutine creates one that reads ahead; after the handler it blocks as a rule, waiting for that one or for the next
request. Where it did not block before the next request, nobody saw the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np

from arenalab.errors import NoSuchError, listed
from arenalab.intake.log import Column, Happened, TraceLog
from arenalab.intake.objects import Objects


class Scope(NamedTuple):
    """One stretch of work; moments in ticks. Its end is an interval, because stamps run ahead."""

    kind: str  #: such as "task request", "region build", "goroutine main.worker".
    g: int
    begin: int
    earliest_end: int
    end: int


class Stretch(NamedTuple):
    """From when to when a goroutine works for which scope."""

    begin: int
    end: int
    scope: int


HTTP = "http"  #: the kind of a request of net/http.
READ_AHEAD = "net/http.(*connReader).startBackgroundRead"
SERVE, HANDLER = "net/http.(*conn).serve", "net/http.serverHandler.ServeHTTP"


class Scopes(dict[str, list[Scope]]):
    """Scopes by kind, each list in the order of their ends."""

    def __init__(self) -> None:
        """Begin with none."""
        super().__init__()
        self.left_out: Counter[str] = (
            Counter()
        )  #: how many of each kind began and have no end that can be seen.


def scopes_of(log: TraceLog) -> Scopes:
    """Return all scopes that a trace holds whole."""
    collector = _Collector(log)
    for each in log.other:
        if handler := HANDLERS.get(each.name):
            handler(collector, each)
    for begun in collector.begun.values():
        collector.leave_out(begun)
    return collector.found


class _Collector:
    """What has begun and not ended yet, and what has ended."""

    def __init__(self, log: TraceLog) -> None:
        self.log = log
        self.begun: dict[tuple[object, ...], list[tuple[Happened, str]]] = defaultdict(list)
        self.found = Scopes()

    def text(self, each: Happened, argument: int) -> str:
        tables = self.log.tables.get(each.generation)
        return tables.strings.get(each.arguments[argument], "?") if tables else "?"

    def begin(self, key: tuple[object, ...], each: Happened, kind: str) -> None:
        self.begun[key].append((each, kind))

    def end(self, key: tuple[object, ...], each: Happened, g: int | None = None) -> None:
        """End what began last under a key, if the trace holds that."""
        if self.begun.get(key):
            began, kind = self.begun[key].pop()
            self.found.setdefault(kind, []).append(
                Scope(kind, began.g if g is None else g, began.time, each.earliest, each.time)
            )

    def leave_out(self, begun: list[tuple[Happened, str]]) -> None:
        self.found.left_out.update(kind for _, kind in begun)
        begun.clear()

    def task_begin(self, each: Happened) -> None:
        self.begin(("task", each.arguments[0]), each, f"task {self.text(each, 2)}")

    def task_end(self, each: Happened) -> None:
        self.end(("task", each.arguments[0]), each)

    def region_begin(self, each: Happened) -> None:
        self.begin(("region", each.g, self.text(each, 1)), each, f"region {self.text(each, 1)}")

    def region_end(self, each: Happened) -> None:
        self.end(("region", each.g, self.text(each, 1)), each)

    def functions(self, each: Happened, argument: int) -> tuple[str, ...]:
        tables = self.log.tables.get(each.generation)
        return tables.functions(each.arguments[argument]) if tables else ()

    def goroutine_begin(self, each: Happened) -> None:
        functions = self.functions(each, 1)
        self.begin(("goroutine", each.arguments[0]), each, f"goroutine {functions[-1] if functions else '?'}")
        if {READ_AHEAD, SERVE}.issubset(self.functions(each, 2)):
            self.leave_out(self.begun[HTTP, each.g])
            self.begin((HTTP, each.g), each, HTTP)

    def goroutine_end(self, each: Happened) -> None:
        self.end(("goroutine", each.g), each, each.g)
        self.end((HTTP, each.g), each)

    def block(self, each: Happened) -> None:
        if self.begun.get((HTTP, each.g)):
            functions = self.functions(each, 1)
            if SERVE in functions and HANDLER not in functions:
                self.end((HTTP, each.g), each)


HANDLERS = {
    "UserTaskBegin": _Collector.task_begin,
    "UserTaskEnd": _Collector.task_end,
    "UserRegionBegin": _Collector.region_begin,
    "UserRegionEnd": _Collector.region_end,
    "GoCreate": _Collector.goroutine_begin,
    "GoCreateBlocked": _Collector.goroutine_begin,
    "GoDestroy": _Collector.goroutine_end,
    "GoBlock": _Collector.block,
}


def of_kind(scopes: Scopes, kind: str) -> list[Scope]:
    """Return the scopes of a kind.

    Raises:
        NoSuchError: the trace holds none of that kind.

    """
    if kind not in scopes:
        raise NoSuchError("scope", kind, f"one of: {listed(scopes, kind)}")
    return scopes[kind]


def members(log: TraceLog, objects: Objects, scopes: list[Scope]) -> Column:
    """Return for each object which of the scopes it belongs to, -1 for none."""
    born = log.heap.time[objects.birth]
    of = np.full(len(objects), -1)
    order = np.argsort(objects.g, kind="stable")
    goroutines = objects.g[order]
    for g, stretches in stretches_of(log, scopes).items():
        first, last = np.searchsorted(goroutines, [g, g + 1])
        rows = order[first:last]
        begins, ends, numbers = np.array(stretches, np.int64).T
        place = np.searchsorted(begins, born[rows], side="right") - 1
        inside = np.logical_and(place >= 0, born[rows] <= ends[np.maximum(place, 0)])
        of[rows[inside]] = numbers[place[inside]]
    return of


def stretches_of(log: TraceLog, scopes: list[Scope]) -> dict[int, list[Stretch]]:
    """Return each goroutine's stretches in order; of scopes that overlap on one goroutine the first counts."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    for number, each in sorted(enumerate(scopes), key=lambda pair: (pair[1].begin, -pair[1].end)):
        if each.g >= 0 and not (found[each.g] and each.begin < found[each.g][-1].end):
            found[each.g].append(Stretch(each.begin, each.end, number))
    for event in log.other:
        if event.name in ("GoCreate", "GoCreateBlocked"):
            inside, child = _holding(found.get(event.g, []), event.time), event.arguments[0]
            if inside and not found.get(child):
                found[child].append(inside._replace(begin=event.time))
    return {g: stretches for g, stretches in found.items() if stretches}


def _holding(stretches: list[Stretch], time: int) -> Stretch | None:
    """Return the stretch that holds a moment."""
    place = bisect_right(stretches, time, key=lambda each: each.begin) - 1
    return stretches[place] if place >= 0 and time <= stretches[place].end else None
