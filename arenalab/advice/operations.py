"""Operations: a kind's scopes as the program that would give each an arena of its own.

NewArena where a scope begins, a New or MakeSlice for each of its objects in the trace's order, Free where it ends; the
program's collections where they were recorded. Goroutines interleave as they did. Values are `advice/values.py`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from arenalab.advice.values import Masks, Values, values_of
from arenalab.asked import as_int, position
from arenalab.errors import ArgumentError
from arenalab.go.rules import GoRules
from arenalab.go.versions import VERSIONS, go_rules
from arenalab.intake.deaths import NEVER
from arenalab.intake.kinds import FORMATS
from arenalab.intake.lifetimes import Cycles
from arenalab.intake.log import Column, Narrow, TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.scopes import Scope, members
from arenalab.intake.verdict import Verdict
from arenalab.narrow import SIGNED, narrow, places_in
from arenalab.replay.trace import CODES, NEW, SINGLE, SLICE, Trace
from arenalab.units import counted

#: What comes first of what has the same stamp: what ends a scope, scopes without length, what begins one, what it does.
LAST_OF_SCOPE, FREED, AT_ONCE, MADE, IN_SCOPE, CYCLE = range(6)


@dataclass(frozen=True)
class Operations:
    """The program as columns. An arena is numbered as its scope in the list of its kind."""

    kind: str  #: of the scopes.
    rules: GoRules  #: that the program is performed under.
    objects: Narrow  #: rows in `Objects`, in the trace's order.
    of: Narrow  #: arena of each.
    values: Values = field(repr=False)  #: what each object is asked for as.
    g: Narrow = field(repr=False)  #: who allocated each.
    owner: Column = field(repr=False)  #: goroutine of each scope.
    #: Places in the one order of all operations: of each object's, each arena's NewArena and Free, each cycle's two.
    place: Narrow = field(repr=False)
    made: Narrow = field(repr=False)  #: of each arena's NewArena.
    freed: Narrow = field(repr=False)  #: of each arena's Free.
    cycles: Narrow = field(repr=False)  #: begin and end in turn.

    def __len__(self) -> int:
        """Return the number of operations."""
        return len(self.place) + 2 * self.arenas + len(self.cycles)

    @property
    def arenas(self) -> int:
        """Return the number of arenas."""
        return len(self.made)

    def numbers(self, scopes: int | slice | Sequence[int]) -> list[int]:
        """Return the numbers of the first so many scopes in the order of their begins, of a slice, or those given.

        Raises:
            ArgumentError: not even one scope is asked for.

        """
        order: list[int] = np.argsort(self.made).tolist()
        if isinstance(scopes, slice):
            return order[scopes]
        number = as_int(scopes)
        if number is not None and number > 0:
            return order[:number]
        if isinstance(scopes, int) or not isinstance(scopes, Iterable):
            raise ArgumentError("scopes", scopes, "how many scopes, at least 1, or their numbers")
        return [position("scopes", each, self.arenas, "the number of a scope") for each in scopes]

    def chosen(self, scopes: Sequence[int] | Narrow) -> Operations:
        """Return the program of some scopes alone, renumbered in the order given, with the same cycles.

        Raises:
            ArgumentError: a scope is named twice.

        """
        numbers = np.asarray(scopes, np.int64).reshape(-1)
        if len(np.unique(numbers)) < len(numbers):
            raise ArgumentError("scopes", list(scopes), "each scope once")
        anew = np.full(self.arenas, -1)
        anew[numbers] = np.arange(len(numbers))
        rows = np.flatnonzero(anew[self.of] >= 0)
        place, made, freed, cycles = _ranked(
            self.place[rows], self.made[numbers], self.freed[numbers], self.cycles
        )
        return replace(
            self, objects=self.objects[rows], of=anew[self.of[rows]], values=self.values.of(rows), g=self.g[rows],
            owner=self.owner[numbers], place=place, made=made, freed=freed, cycles=cycles,
        )  # fmt: skip

    def cut(self, count: int) -> Operations:
        """Return the program with the first so many of its objects, and all its arenas and cycles."""
        rows = slice(count)
        place, made, freed, cycles = _ranked(self.place[rows], self.made, self.freed, self.cycles)
        return replace(
            self, objects=self.objects[rows], of=self.of[rows], values=self.values.of(rows), g=self.g[rows],
            place=place, made=made, freed=freed, cycles=cycles,
        )  # fmt: skip

    def trace(self) -> Trace:
        """Return the program for `replay`: one row for each operation."""
        op, arena = np.full(len(self), NEW, np.uint8), np.zeros(len(self), np.int32)
        kind, n = np.zeros(len(self), np.int32), np.full(len(self), SINGLE, np.int64)
        op[self.place[self.values.cap != SINGLE]] = SLICE
        arena[self.place], kind[self.place], n[self.place] = self.of, self.values.type, self.values.cap
        numbers = np.arange(self.arenas)
        for name, places, who in (
            ("new_arena", self.made, numbers),
            ("free", self.freed, numbers),
            ("mark_begin", self.cycles[0::2], 0),
            ("mark_end", self.cycles[1::2], 0),
        ):
            op[places], arena[places], n[places] = CODES[name], who, 0
        return Trace(self.values.types, op, arena, kind, n)

    def goroutines(self) -> Column:
        """Return who performs each operation; main's goroutine, 1, begins and ends the cycles."""
        who = np.ones(len(self), np.int64)
        who[self.place], who[self.made], who[self.freed] = self.g, self.owner, self.owner
        return np.maximum(who, 1)

    def assumptions(self) -> Iterator[str]:
        """Yield what the trace doesn't tell and this program assumes."""
        types = [each for each in self.values.types[:-2] if each.ptr_bytes]
        if self.values.masked < len(types):
            left = counted(len(types) - self.values.masked, "type")
            yield f"{left} taken to have pointers in every word up to PtrBytes: an upper bound"
        yield "slices and strings taken to fill their slots: their length is not recorded"
        yield "pointer-free types taken to have the largest alignment that their size allows"
        if unresolved := int(self.values.unresolved.sum()):
            yield f"{counted(unresolved, 'object')} of unknown size taken for 1 byte each"


def operations_of(
    log: TraceLog,
    objects: Objects,
    cycles: Cycles,
    scopes: list[Scope],
    *,
    go: str | None = None,
    masks: Masks | None = None,
    its: Verdict | None = None,
) -> Operations:
    """Return the program that gives each of some scopes an arena, for a Go: without `go` the newest of the format.

    `its` is their verdict, if known: it knows whose each object is.

    Raises:
        ScenarioError: no such Go is modelled.

    """
    of, rows = (its.of, its.objects) if its else _members(log, objects, scopes)
    rules = replace(go_rules(go or newest_of(log.version)), gogc=-1, heap_known=False)
    begin, end = np.array([(each.begin, each.end) for each in scopes], np.int64).reshape(-1, 2).T
    place, made, freed, collected = _order(log.heap.time[objects.birth[rows]], of, begin, end, cycles)
    return Operations(
        scopes[0].kind if scopes else "", rules, rows, of, values_of(objects, rows, masks),
        narrow(objects.g[rows], SIGNED),
        np.array([each.g for each in scopes], np.int64), place, made, freed, collected,
    )  # fmt: skip


def _members(log: TraceLog, objects: Objects, scopes: list[Scope]) -> tuple[Narrow, Narrow]:
    """Return which scope each object of one belongs to, and its row."""
    of = members(log, objects, scopes)
    rows = narrow(np.flatnonzero(of >= 0), SIGNED)
    return of[rows], rows


def newest_of(version: int) -> str:
    """Return the newest modelled Go that writes a trace of format go 1.`version`."""
    following = min((each for each in FORMATS if each > version), default=version + 1000)
    minors = (int(each.partition(".")[2]) for each in VERSIONS)
    return f"1.{max(each for each in minors if version <= each < following)}"


def _order(born: Column, of: Narrow, begin: Column, end: Column, cycles: Cycles) -> tuple[Narrow, ...]:
    """Return the place, among all operations, of each object, NewArena, Free, and begin and end of a cycle."""
    steps, at_once = CYCLE + 1, begin == end
    collected = np.maximum.accumulate(np.stack((cycles.begin, cycles.latest_end), axis=1).reshape(-1))
    start = min(int(each.min(initial=NEVER)) for each in (born, begin, collected))
    at_end = np.where(at_once, AT_ONCE, LAST_OF_SCOPE).astype(np.int8)
    turn = np.where(born == end[of], at_end[of], np.int8(IN_SCOPE))
    places = _ranked(
        narrow((born - start) * steps + turn, SIGNED),
        (begin - start) * steps + np.where(at_once, AT_ONCE, MADE),
        (end - start) * steps + np.where(at_once, AT_ONCE, FREED),
        (collected - start) * steps + CYCLE,
    )
    _in_turn(places, of, at_once)
    return places


def _in_turn(places: tuple[Narrow, ...], of: Narrow, at_once: NDArray[np.bool_]) -> None:
    """Bring scopes without length into a row: of each its NewArena, its objects, its Free; they shared one place."""
    mine = np.flatnonzero(at_once[of]), np.flatnonzero(at_once), np.flatnonzero(at_once)
    scope = np.concatenate((of[mine[0]], mine[1], mine[2]))
    step = np.repeat((1, 0, 2), [len(each) for each in mine])
    taken = np.concatenate([column[rows] for column, rows in zip(places, mine, strict=False)])
    turn = np.lexsort((taken, step, places[1][scope]))
    taken[turn] = np.sort(taken)
    for column, rows, now in zip(
        places, mine, np.split(taken, np.cumsum([len(m) for m in mine])[:-1]), strict=False
    ):
        column[rows] = now


def _ranked(*moments: Narrow) -> tuple[Narrow, ...]:
    """Return for each moment of each column its place among all of them; equal ones keep their order."""
    together = narrow(np.concatenate(moments), SIGNED)
    place = places_in(np.argsort(together, kind="stable"))
    ends = np.cumsum([len(each) for each in moments])
    return tuple(np.split(place, ends[:-1]))
