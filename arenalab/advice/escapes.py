"""Escapes: which objects forbid an arena, by type and, with allocation stacks, by the line that made them. Recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np

from arenalab.advice.trace_run import TraceRun
from arenalab.intake.lifetimes import ESCAPES, UNDECIDED
from arenalab.intake.log import Column
from arenalab.intake.stacks import Stack, site
from arenalab.intake.verdict import Verdict
from arenalab.units import counted, human

MOST = 8  #: rows that the text names.
Place = tuple[str, str, int, str]  #: function, file, line, caller.


class Site(NamedTuple):
    """Objects of one type that one line made; without stacks, all of the type: then function and file are ""."""

    type: str  #: as Go writes it; "?" where the trace names none.
    function: str  #: with its package, as Go writes it.
    file: str  #: as the trace names it.
    line: int  #: 0 without a stack.
    objects: int  #: that escape their scope for sure.
    bytes: int  #: of their slots.
    of: int  #: objects of this type and line in the scopes, whatever became of them.
    caller: str = ""  #: the program's own line that led there, where the line is the standard library's.

    def text(self) -> str:
        """Return it in words."""
        where = f" at {self.function} ({self.file}:{self.line})" if self.line else ""
        where += f" called by {self.caller}" if self.caller else ""
        return f"{self.objects:,} of {self.of:,} {self.type}{where}, {human(self.bytes)}"


@dataclass(frozen=True)
class Escapes:
    """What of a kind's objects outlives its scope, and what else keeps them from sharing an arena."""

    kind: str  #: of the scopes.
    sites: tuple[Site, ...]  #: those with escapes, the most objects first, then the most bytes.
    objects: int  #: that escape.
    bytes: int  #: of their slots.
    undecided: int  #: objects of which no cycle says whether they do.
    scopes: int  #: in which at least one object escapes.
    shared_scopes: int  #: in which more than one goroutine allocates: an arena may be used by one at a time.
    shared_objects: int  #: that another goroutine allocates than the one which the scope is of.
    by_line: bool  #: whether the trace has allocation stacks.

    def facts(self) -> dict[str, object]:
        """Return the numbers alone."""
        return asdict(self) | {"sites": [each._asdict() for each in self.sites]}

    def lines(self) -> Iterator[str]:
        """Yield it in words."""
        what = f"{counted(self.objects, 'object')} ({human(self.bytes)}) in {counted(self.scopes, 'scope')}"
        known = (
            f"{what} outlive{'s' * (self.objects == 1)} the scope"
            if self.objects
            else "none is known to escape"
        )
        yield f"{self.kind}: {known}; {self.undecided:,} undecided"
        yield from (f"  {each.text()}" for each in self.sites[:MOST])
        if len(self.sites) > MOST:
            yield f"  and {counted(len(self.sites) - MOST, 'more type')}{' and line' * self.by_line}"
        if self.shared_scopes:
            yield (
                f"  in {counted(self.shared_scopes, 'scope')} other goroutines allocate, too "
                f"({counted(self.shared_objects, 'object')}): one arena can't serve two at once"
            )


def escapes_of(run: TraceRun, kind: str, its: Verdict | None = None) -> Escapes:
    """Return which objects of a kind's scopes outlive them, by type and line; `its` is the kind's verdict, if known.

    Raises:
        NoSuchError: the trace holds none of that kind.

    """
    its, objects = its or run.verdict(kind), run.objects
    escape = its.fate == ESCAPES
    owner = np.array([each.g for each in run.found[kind]], np.int64)
    other = objects.g[its.objects] != owner[its.of]
    sites = tuple(_sites(run, its.objects, its.size, escape))
    return Escapes(
        kind, sites, int(escape.sum()), int(its.size[escape].sum()), its.count(UNDECIDED),
        len(np.unique(its.of[escape])), len(np.unique(its.of[other])), int(other.sum()), len(objects.stacks) > 1,
    )  # fmt: skip


def _sites(run: TraceRun, rows: Column, size: Column, escape: Column) -> list[Site]:
    """Return the rows with escapes, the most objects first."""
    objects, places, root = run.objects, dict[Place, int](), goroot(run.objects.stacks)
    of_stack = np.array([places.setdefault(_place(stack, root), len(places)) for stack in objects.stacks])
    key = of_stack[objects.stack[rows]] * len(objects.types) + objects.type[rows]
    count = len(places) * len(objects.types)
    there, gone = np.bincount(key, minlength=count), np.bincount(key[escape], minlength=count)
    nbytes, named = np.bincount(key[escape], size[escape], count), list(places)
    found = []
    for each in np.flatnonzero(gone).tolist():
        place, kind = divmod(each, len(objects.types))
        function, file, line, caller = named[place]
        counts = int(gone[each]), int(nbytes[each]), int(there[each])
        found.append(Site(objects.types[kind].name, function, file, line, *counts, caller))
    return sorted(found, key=lambda each: (-each.objects, -each.bytes, each))


def _place(stack: Stack, root: str) -> Place:
    """Return the line that allocated, and the program's own line that led there where it is none of the program's."""
    made = site(stack)
    if made is None:
        return "", "", 0, ""
    own = next((each for each in stack if root and not each.file.startswith(root)), made)
    caller = (
        f"{own.function} ({own.file}:{own.line})" if made.file.startswith(root) and own is not made else ""
    )
    return made.function, made.file, made.line, caller


def goroot(stacks: list[Stack]) -> str:
    """Return how the standard library's files begin, "" where the program was built with -trimpath."""
    files = (each.file for stack in stacks for each in stack if each.function.startswith("runtime."))
    return next((file.partition("runtime/")[0] for file in files if "/runtime/" in file), "")
