"""Scopes: stretches of a program's work whose objects might live in an arena.

A scope is a task, a region, the life of a goroutine, a request of net/http, an iteration of a benchmark
(`benchmarks.py`) or a call of a function (`under.py`), and counts where the trace holds it whole; those without an end
are left out and counted. Its objects are those that the goroutine which began it allocates until its end, and those of
goroutines that it, or one of these, creates meanwhile.

A request (HTTP/1) needs no annotation. Once a request's head is read, and its body if it has one, the connection's
goroutine creates one that reads ahead; after the handler it blocks as a rule, waiting for that one or for the next
request. Where it did not block before the next request, nobody saw the end. HTTP/2 and gRPC handle each request in a
goroutine of its own, whose life it is; what the connection's goroutine allocates for it, its header above all, is not
in it. (A gRPC server with NumStreamWorkers handles many in one: ask for `under google.golang.org/grpc.(*Server)
.handleStream`. That of the public sources was read, no gRPC server was traced here.)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np

from arenalab.errors import NoSuchError, listed
from arenalab.intake.benchmarks import benchmarks_of
from arenalab.intake.deaths import NEVER
from arenalab.intake.happened import Happened
from arenalab.intake.log import Narrow, TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.under import Shown, shown_by


class Scope(NamedTuple):
    """One stretch of work; moments in ticks. Its end is an interval, because stamps run ahead."""

    kind: str  #: such as "task request", "region build", "goroutine main.worker".
    g: int  #: goroutine that the scope is of.
    begin: int  #: ticks.
    earliest_end: int  #: ticks; it ended in [earliest_end, end].
    end: int  #: ticks.
    #: The last moment at which what its goroutine allocates is its own, where that is not its end.
    until: int = NEVER
    first: int = (
        -1
    )  #: objects at places [first, last) of the heap's log may be its own: threads' own order, where
    last: int = -1  #: stamps that were pulled back lie together; -1: as its moments say.


class Stretch(NamedTuple):
    """From when to when a goroutine works for which scope: places in the heap's log and moments."""

    begin: tuple[int, int]  #: (place, moment).
    end: tuple[int, int]  #: (place, moment).
    scope: int  #: its place in the list of its kind.


UNDER = "under "  #: begins the kind of all calls of a function.
HTTP, GRPC = "http", "grpc"  #: the kinds of a request of net/http, of a call that a gRPC server answers.
READ_AHEAD = "net/http.(*connReader).startBackgroundRead"
SERVE, HANDLER = "net/http.(*conn).serve", "net/http.serverHandler.ServeHTTP"
#: Functions that goroutines with one request each run: HTTP/2 by Go 1.23 to 1.26, by 1.27, by x/net; gRPC of 2018 on.
REQUESTS = {
    HTTP: re.compile(
        r"(net/http\.\(\*http2|(net/http/internal|golang\.org/x/net)/http2\.\(\*)serverConn\)\.runHandler"
    ),
    GRPC: re.compile(r"(.*/)?google\.golang\.org/grpc\.\(\*Server\)\.serveStreams\.func\d+\.\d+"),
}


def request_of(function: str) -> str:
    """Return the kind of request that a goroutine with this function handles; none: ""."""
    return next((kind for kind, pattern in REQUESTS.items() if pattern.fullmatch(function)), "")


AUDIT = "runtime.captureMark"  #: who runs the collections of a trace that was captured with --audit.
AUDITED = "runtime.arenalabEnded"  #: where a request ends in a trace that was captured with --audit.


class Scopes(dict[str, list[Scope]]):
    """Scopes by kind, each list in the order of their ends.

    A kind `under pkg.F` is not listed, as there are as many as functions; it is made when asked for.
    """

    def __init__(self, log: TraceLog) -> None:
        """Begin with none."""
        super().__init__()
        self.log = log
        #: how many of each kind began and have no end that can be seen.
        self.left_out: Counter[str] = Counter()
        self._asked: dict[str, list[Scope]] = {}

    @cached_property
    def shown(self) -> Shown:
        """What the stacks of the trace show."""
        return shown_by(self.log)

    def __missing__(self, kind: str) -> list[Scope]:
        """Return the scopes of a kind that is made when it is asked for.

        Raises:
            NoSuchError: the trace holds none of that kind.

        """
        if kind not in self._asked:
            if not kind.startswith(UNDER):
                raise NoSuchError("scope", kind, f"one of: {listed(self, kind)}{self._more()}")
            self._asked[kind], self.left_out[kind] = self._under(kind)
        return self._asked[kind]

    def _more(self) -> str:
        return f", or {UNDER}F for a function F" if len(self.shown.seen.g) else ""

    def _under(self, kind: str) -> tuple[list[Scope], int]:
        """Return the calls of a function as scopes, and how many have no begin or no end that can be seen."""
        shown, function = self.shown, kind.removeprefix(UNDER)
        if not len(shown.seen.g):
            raise NoSuchError("scope", kind, "a trace with allocation stacks (record it with --stacks)")
        runs, seen = shown.under(function), shown.seen
        if not len(runs.first):
            raise NoSuchError("scope", kind, f"under one of: {listed(shown.names(), function)}")
        if not runs.whole.any():
            raise NoSuchError("scope", kind, "a call that begins and ends in the trace")
        first, last = runs.first[runs.whole], runs.last[runs.whole]
        columns = (seen.g[first], seen.time[first], seen.earliest[last], seen.time[last + 1], seen.time[last])
        found = [Scope(kind, *row) for row in zip(*(each.tolist() for each in columns), strict=True)]
        return sorted(found, key=lambda each: each.end), int(np.logical_not(runs.whole).sum())


def scopes_of(log: TraceLog) -> Scopes:
    """Return all scopes that a trace holds whole."""
    collector = _Collector(log)
    for happened in log.other.of(*HANDLERS):
        HANDLERS[happened.name](collector, happened)
    for begun in collector.begun.values():
        collector.leave_out(begun)
    rows, left = benchmarks_of(log)
    for kind, each in rows.items():
        collector.found[kind] = sorted((Scope(kind, *row) for row in each), key=lambda scope: scope.end)
    collector.found.left_out.update(left)
    return collector.found


class _Collector:
    """What has begun and not ended yet, and what has ended."""

    def __init__(self, log: TraceLog) -> None:
        self.log = log
        self.begun: dict[tuple[object, ...], list[tuple[Happened, str]]] = defaultdict(list)
        self.found = Scopes(log)

    @cached_property
    def audited(self) -> bool:
        """Whether the end of each request was made to be seen."""
        return self.log.says(AUDITED)

    def text(self, each: Happened, argument: int) -> str:
        tables = self.log.tables.get(each.generation)
        return tables.strings.get(each.arguments[argument], "?") if tables else "?"

    def begin(self, key: tuple[object, ...], each: Happened, kind: str) -> None:
        self.begun[key].append((each, kind))

    def end(self, key: tuple[object, ...], each: Happened, g: int | None = None) -> None:
        """End what began last under a key, if the trace holds that."""
        if self.begun.get(key):
            began, kind = self.begun[key].pop()
            who, places = began.g if g is None else g, (began.first, each.last)
            scope = Scope(kind, who, began.time, each.earliest, each.time, NEVER, *places)
            self.found.setdefault(kind, []).append(scope)

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
        if functions and (kind := request_of(functions[-1])):
            self.begin(("request", each.arguments[0]), each, kind)
        if {READ_AHEAD, SERVE}.issubset(self.functions(each, 2)):
            self.leave_out(self.begun[HTTP, each.g])
            self.begin((HTTP, each.g), each, HTTP)

    def goroutine_end(self, each: Happened) -> None:
        self.end(("goroutine", each.g), each, each.g)
        self.end(("request", each.g), each, each.g)
        self.end((HTTP, each.g), each)

    def block(self, each: Happened) -> None:
        if self.begun.get((HTTP, each.g)):
            functions = self.functions(each, 1)
            waits = SERVE in functions and HANDLER not in functions
            if AUDITED in functions if self.audited else waits:
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
    return scopes[kind]


def members(log: TraceLog, objects: Objects, scopes: list[Scope]) -> Narrow:
    """Return for each object which of the scopes it belongs to, -1 for none."""
    of = np.full(len(objects), -1, np.int32)
    order = np.argsort(objects.g, kind="stable")
    goroutines = objects.g[order]
    for g, stretches in stretches_of(log, scopes).items():
        first, last = np.searchsorted(goroutines, [g, g + 1])
        rows = order[first:last]
        born = objects.birth[rows]
        begins, ends, numbers = np.array(
            [(each.begin[0], each.end[0], each.scope) for each in stretches], np.int64
        ).T
        place = np.searchsorted(begins, born, side="right") - 1
        inside = np.logical_and(place >= 0, born < ends[np.maximum(place, 0)])
        of[rows[inside]] = numbers[place[inside]]
    return of


def stretches_of(log: TraceLog, scopes: list[Scope]) -> dict[int, list[Stretch]]:
    """Return each goroutine's stretches in order; of scopes that overlap on one goroutine the first counts."""
    found: dict[int, list[Stretch]] = defaultdict(list)
    placed = sorted(_placed(log, scopes), key=lambda each: (each.begin, -each.end[0], -each.end[1]))
    for each in placed:
        mine = found[scopes[each.scope].g]
        if scopes[each.scope].g >= 0 and not (mine and each.begin[0] < mine[-1].end[0]):
            mine.append(each)
    for event in log.other.of("GoCreate", "GoCreateBlocked"):
        at, child = (event.first, event.time), event.arguments[0]
        inside = _holding(found.get(event.g, []), at)
        if inside and not found.get(child):
            found[child].append(inside._replace(begin=at))
    return {g: stretches for g, stretches in found.items() if stretches}


def _placed(log: TraceLog, scopes: list[Scope]) -> Iterator[Stretch]:
    """Yield the stretch of each scope; where no place is known, its moments say which."""
    rows = [(each.begin, min(each.end, each.until), each.first, each.last) for each in scopes]
    begin, end, first, last = np.array(rows, np.int64).reshape(-1, 4).T
    first = np.where(first < 0, np.searchsorted(log.heap.time, begin, side="left"), first)
    last = np.where(last < 0, np.searchsorted(log.heap.time, end, side="right"), last)
    columns = (each.tolist() for each in (first, begin, last, end))
    for number, (low, begun, high, ended) in enumerate(zip(*columns, strict=True)):
        yield Stretch((low, begun), (high, ended), number)


def _holding(stretches: list[Stretch], at: tuple[int, int]) -> Stretch | None:
    """Return the stretch that holds a place and moment."""
    number = bisect_right(stretches, at, key=lambda each: each.begin) - 1
    if number < 0:
        return None
    (place, moment), (last, end) = at, stretches[number].end
    return stretches[number] if place <= last and moment <= end else None
