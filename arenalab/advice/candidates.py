"""Candidates: the kinds of scope in a trace for which an arena might be made, and the one to judge first."""

from __future__ import annotations

from dataclasses import dataclass

from arenalab.intake.functions import Function
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED
from arenalab.intake.scopes import HTTP, UNDER
from arenalab.intake.verdict import Verdict

MOST = 8  #: kinds that are judged where none is asked for.
MANY = 10  #: scopes from which on a kind says something about the next one.
#: Where a program has a place to make an arena and one to free it: asked in this order.
PLACES = (HTTP, "task ", "region ", UNDER, "goroutine ")
ENOUGH = 0.5  #: share of the bytes that the best kind covers; with so much, the better place decides.


@dataclass(frozen=True)
class Candidate:
    """A kind of scope, and what became of its objects; bytes are those of their slots."""

    kind: str  #: such as "http" or "task request".
    scopes: int  #: how many.
    objects: int  #: allocated in them.
    bytes: int  #: of those.
    dead: int  #: bytes known dead by the scope's end.
    escapes: int  #: bytes known to outlive it.
    undecided: int  #: bytes of which neither is known.
    may_stay: int  #: bytes of the objects that are not known to escape.

    @classmethod
    def of(cls, its: Verdict) -> Candidate:
        """Return a kind of which the verdict is known."""
        dead, escapes, undecided = map(its.count, (DEAD, ESCAPES, UNDECIDED))
        total = int(its.size.sum())
        return cls(
            its.kind, its.scopes, len(its.fate), total, dead, escapes, undecided, total - its.bytes(ESCAPES)
        )

    @classmethod
    def of_function(cls, its: Function) -> Candidate:
        """Return the calls of a function; the bytes of what escapes are put down as a share of all."""
        stays = its.bytes * (its.objects - its.escapes) // max(its.objects, 1)
        return cls(its.kind, its.calls, its.objects, its.bytes, its.dead, its.escapes, its.undecided, stays)

    @property
    def place(self) -> int:
        """How good a place the program has for an arena; the smaller the better."""
        return next((n for n, each in enumerate(PLACES) if self.kind.startswith(each)), len(PLACES))


def best_of(candidates: list[Candidate]) -> Candidate:
    """Return the one to judge first: of those with many scopes and much that may stay, that with the best place."""
    many = [each for each in candidates if each.scopes >= MANY] or candidates
    most = max(each.may_stay for each in many)
    able = [each for each in many if each.may_stay >= ENOUGH * most]
    return min(able, key=lambda each: (each.place, -each.may_stay))
