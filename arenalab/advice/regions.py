"""Memory regions: the parameters of design 70257's cost model, from a trace, each with its certainty.

The design (golang/proposal, design/70257-memory-regions.md) gives a goroutine a region for the time of a call. What the
call allocates lies in it and goes with it, but for what fades: what became reachable from elsewhere. Its cost model has
seven parameters, of which it says that they can't be estimated directly. A trace tells them as far as this:

- OR, BR: the share of all objects and bytes that would lie in a region: what the scope's own goroutine allocates, since
  a region is not handed on to those it creates, and nothing above 2 KiB. Exact, by the bytes asked for.
- OF, BF: the share of these that fades. What outlives its scope has faded; what was reachable from elsewhere for a
  while and was dead at the end has, too, and nobody saw it. So these are lower bounds.
- BS: the share of a region's bytes that a cycle scans without their having faded: at least what survived a cycle
  while its scope was open; at most what was there when one began.
- PF: pointers in a byte of what fades: by the types' masks, or at most one in each word up to PtrBytes.
- CR: what marking and sweeping an object of a region costs beside another: no trace tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from arenalab.advice.operations import Operations
from arenalab.advice.trace_run import TraceRun
from arenalab.advice.values import values_of
from arenalab.intake.lifetimes import ESCAPES

LARGEST = 2048  #: bytes; the design leaves larger objects to the general heap.
CR = 1.05  #: what the design assumes.


class Parameter(NamedTuple):
    """One parameter: it lies between `low` and `high`; `high` is None where nothing bounds it."""

    name: str  #: as the design has it, such as "OR".
    low: float  #: at least.
    high: float | None  #: at most.
    what: str  #: a sentence that says what it is.

    def text(self) -> str:
        """Return it as a formula has it."""
        if self.high is None:
            return f"{self.name} >= {self.low:.3g}"
        same = f"{self.low:.3g}" == f"{self.high:.3g}"
        return f"{self.name} {self.low:.3g}" if same else f"{self.name} {self.low:.3g} to {self.high:.3g}"


@dataclass(frozen=True)
class Regions:
    """A kind's scopes as regions."""

    kind: str  #: of the scopes.
    parameters: tuple[Parameter, ...]  #: OR, BR, OF, BF, BS, PF, CR.

    def __getitem__(self, name: str) -> Parameter:
        """Return a parameter by its name."""
        return next(each for each in self.parameters if each.name == name)

    def facts(self) -> dict[str, object]:
        """Return the numbers alone: [low, high] of each."""
        return {"kind": self.kind} | {each.name: [each.low, each.high] for each in self.parameters}

    def lines(self) -> Iterator[str]:
        """Yield them in words."""
        told = ", ".join(each.text() for each in self.parameters)
        yield f"{self.kind} as memory regions (design 70257): {told}"
        yield from (f"  {each.name}: {each.what}" for each in self.parameters)


def regions_of(run: TraceRun, kind: str) -> Regions:
    """Return what the design's cost model asks of a kind's scopes.

    Raises:
        NoSuchError: the trace holds none of that kind.

    """
    program, objects = run.operations(kind), run.objects
    nbytes = program.values.nbytes
    fresh = np.logical_not(objects.before)
    count_of_all = int(fresh.sum())
    fresh[program.objects] = False
    outside = np.flatnonzero(fresh)
    inside = np.logical_and(program.g == program.owner[program.of], nbytes <= LARGEST)
    all_bytes = int(nbytes.sum()) + int(values_of(objects, outside).nbytes.sum())
    fades, least, most = _fates(run, program, kind)
    fades, least, most = (np.logical_and(inside, each) for each in (fades, least, most))
    count, total = int(inside.sum()), int(nbytes[inside].sum())
    low, high = (_share(nbytes[each].sum(), total) for each in (least, most))
    shares = (
        Parameter("OR", *_exact(count, count_of_all), "share of objects in a region; exact"),
        Parameter(
            "BR", *_exact(total, all_bytes), "share of bytes in a region; exact, by the bytes asked for"
        ),
        Parameter("OF", _share(fades.sum(), count), None, "share of those objects that fades; a lower bound"),
        Parameter(
            "BF", _share(nbytes[fades].sum(), total), None, "share of those bytes that fades; a lower bound"
        ),
        Parameter("BS", low, high, "share of those bytes that a cycle scans while the region is open"),
        _density(program, fades if fades.any() else inside, of_faded=bool(fades.any())),
        Parameter(
            "CR", CR, CR, "cost of marking such an object beside another: not in a trace, the design's"
        ),
    )
    return Regions(kind, shares)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else 0.0


def _exact(part: float, whole: float) -> tuple[float, float]:
    return _share(part, whole), _share(part, whole)


def _fates(run: TraceRun, program: Operations, kind: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which objects fade for sure, and which others a cycle scans in the region, for sure and at most."""
    rows, lifetimes = program.objects, run.lifetimes
    ends = np.array([(each.earliest_end, each.end) for each in run.found[kind]], np.int64).reshape(-1, 2)
    earliest, latest = ends[program.of].T
    fades = lifetimes.verdicts(rows, earliest, latest) == ESCAPES
    born = run.log.heap.time[run.objects.birth[rows]]
    survived = np.logical_and(lifetimes.alive[rows] > born, np.logical_not(fades))
    begins = np.append(lifetimes.cycles.begin, latest.max(initial=0) + 1)
    first = born - run.log.heap.wide("ahead", run.objects.birth[rows])
    there = begins[np.searchsorted(lifetimes.cycles.begin, first)] <= latest
    return fades, survived, np.logical_and(there, np.logical_not(fades))


def _density(program: Operations, chosen: np.ndarray, *, of_faded: bool) -> Parameter:
    """Return the pointers in a byte of some objects."""
    values = program.values
    ones = np.array([each.mask.ones for each in values.types] or [0], np.int64)[values.type]
    pointers = int((ones * np.maximum(values.cap, 1))[chosen].sum())
    most = _share(pointers, int(values.nbytes[chosen].sum()))
    types = len([each for each in values.types[:-2] if each.ptr_bytes])
    what = (
        "pointers in a byte of what fades"
        if of_faded
        else "pointers in a byte of any object, as none is seen to fade"
    )
    if values.masked >= types:
        return Parameter("PF", most, most, what)
    return Parameter("PF", 0.0, most, f"{what}; at most, by PtrBytes")
