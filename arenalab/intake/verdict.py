"""What became of a scope's objects by its end: dead in scope, escapes, undecided. Never a guess, always the share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED, Lifetimes
from arenalab.intake.log import Column, Narrow, TraceLog
from arenalab.intake.objects import Objects
from arenalab.intake.scopes import Scope, Scopes, members, of_kind
from arenalab.narrow import HALF, narrow
from arenalab.units import counted, human

FATES = {"dead in scope": DEAD, "escapes": ESCAPES, "undecided": UNDECIDED}
MOST_TYPES = 5  #: types that a line names.


@dataclass(frozen=True)
class Verdict:
    """The objects of all scopes of a kind; all arrays have one row for each object."""

    kind: str  #: of the scopes.
    scopes: int  #: how many there are.
    objects: Narrow  #: rows in `Objects`.
    of: Narrow  #: which scope each belongs to.
    fate: NDArray[np.int8]  #: DEAD, ESCAPES or UNDECIDED, of `lifetimes`.
    size: Narrow  #: bytes of its slot.
    type: Narrow = field(repr=False)  #: place of its type's name in `names`.
    names: list[str] = field(repr=False)  #: of types, each once.
    open_at_once: int  #: the most scopes that were under way at one moment.
    left_out: int  #: scopes of the kind that began and have no end that can be seen.

    def per_scope(self) -> tuple[Column, Column]:
        """Return how many objects each scope has and how many bytes their slots have, both in ascending order."""
        counts = np.bincount(self.of, minlength=self.scopes)
        return np.sort(counts), np.sort(np.bincount(self.of, self.size, self.scopes).astype(np.int64))

    @property
    def types(self) -> list[str]:
        """The name of each object's type; of very many objects a long list, which `by_type` needs not."""
        return [self.names[each] for each in self.type.tolist()]

    def count(self, fate: int) -> int:
        """Return how many objects have a fate."""
        return int((self.fate == fate).sum())

    def bytes(self, fate: int) -> int:
        """Return how many bytes the slots of objects with a fate have, at most: tiny objects share theirs."""
        return int(self.size[self.fate == fate].sum())

    @property
    def decided(self) -> float:
        """The share of the objects of which it is known what became; 1 without any."""
        return 1 - self.count(UNDECIDED) / len(self.fate) if len(self.fate) else 1.0

    def by_type(self, fate: int | None = None) -> list[tuple[str, int]]:
        """Return the types of the objects, with a fate or all, and how many there are, the most frequent first."""
        counts = np.bincount(
            self.type if fate is None else self.type[self.fate == fate], minlength=len(self.names)
        )
        found = Counter[str]()
        for place in np.flatnonzero(counts).tolist():
            found[self.names[place]] += int(counts[place])
        return found.most_common()

    def facts(self) -> dict[str, object]:
        """Return the numbers alone."""
        fates = {
            name: {"objects": self.count(fate), "bytes": self.bytes(fate), "types": dict(self.by_type(fate))}
            for name, fate in FATES.items()
        }
        counts, sizes = self.per_scope()
        about = {
            "kind": self.kind,
            "scopes": self.scopes,
            "open_at_once": self.open_at_once,
            "decided": self.decided,
        }
        middle = self.scopes // 2
        each = {"objects": int(counts[middle]), "bytes": int(sizes[middle])}
        most = {"objects": int(counts[-1]), "bytes": int(sizes[-1])}
        return about | {"median": each, "largest": most} | fates

    def lines(self) -> Iterator[str]:
        """Yield the verdict in words."""
        yield from self.summary()
        total = len(self.fate)
        for name, fate in FATES.items():
            count = self.count(fate)
            kinds = ", ".join(f"{number:,} {kind}" for kind, number in self.by_type(fate)[:MOST_TYPES])
            share = f" ({100 * count / total:.1f} %)" if total else ""
            yield f"  {name}: {count:,}{share}{f': {kinds}' if kinds else ''}"

    def summary(self) -> Iterator[str]:
        """Yield how many scopes and objects there are, and how much of them is decided."""
        total = len(self.fate)
        yield (
            f"{self.kind}: {counted(self.scopes, 'scope')}, {counted(total, 'object')}, "
            f"{human(int(self.size.sum()))}; {100 * self.decided:.1f} % decided"
        )
        counts, sizes = self.per_scope()
        middle = self.scopes // 2
        yield (
            f"  a scope: {counted(int(counts[middle]), 'object')}, {human(int(sizes[middle]))} (median); "
            f"at most {counts[-1]:,}, {human(int(sizes[-1]))}; at most {self.open_at_once:,} open at once"
        )
        if self.left_out:
            yield f"  left out: {self.left_out:,} that began and have no end that can be seen"


def verdict(log: TraceLog, objects: Objects, lifetimes: Lifetimes, scopes: Scopes, kind: str) -> Verdict:
    """Return what became of the objects of all scopes of a kind.

    Raises:
        NoSuchError: the trace holds none of that kind.

    """
    mine = of_kind(scopes, kind)
    of = members(log, objects, mine)
    rows = narrow(np.flatnonzero(of >= 0), HALF)
    of = of[rows]
    earliest, latest = np.array([(each.earliest_end, each.end) for each in mine], np.int64)[of].T
    fate = lifetimes.verdicts(rows, earliest, latest)
    return Verdict(
        kind, len(mine), rows, of, fate, objects.size[rows], objects.type[rows],
        [each.name for each in objects.types], open_at_once(mine), scopes.left_out[kind],
    )  # fmt: skip


def open_at_once(scopes: list[Scope]) -> int:
    """Return the most scopes that were under way at one moment; one that begins as another ends takes its place."""
    turns = sorted([(each.begin, 1) for each in scopes] + [(each.end, -1) for each in scopes])
    return max(accumulate(step for _, step in turns))
