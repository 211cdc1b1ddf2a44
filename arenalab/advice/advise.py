"""Advice: would an arena for each scope of a kind pay? An interval, what it rests on, and what else would help.

From the facts of a trace (`scope_facts.py`), a table of costs (`costs.py`) and a forecast from both (`forecast.py`).
Whoever disagrees finds every number that it comes of: in `facts()`, or by another table, Go or GOGC.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from arenalab.advice.costs import CostTable
from arenalab.advice.forecast import ERROR, Forecast, Setting, forecast, in_arenas
from arenalab.advice.scope_facts import ScopeFacts
from arenalab.asked import whole
from arenalab.errors import ArgumentError
from arenalab.intake.scopes import HTTP, UNDER
from arenalab.units import counted, human

Interval = tuple[float, float]
HIGHEST_GOGC = 100_000
LEAST_GOGC, MOST_GOGC = 1, 1600  #: between which the GOGC of equal memory is looked for.
WORTH = 0.005  #: share of the processor time from which an alternative is named.
MOST_NAMED = 3  #: types that a line names.
BUSY = 0.5  #: share of objects undecided and without a sample from which nothing is concluded.
CHUNKS, CHUNK = 1000, 8 * 2**20  #: what a forecast is of, at least; bytes.
MOST_SCOPES = 10_000_000
YES, NO, OPEN = "yes", "no", "not clear"


class Pool(NamedTuple):
    """One type whose values might come from a sync.Pool; a value's own clearing is not in it."""

    type: str  #: as Go writes it.
    objects: int  #: of that type in the scopes.
    gain: float  #: share of the processor time.


@dataclass(frozen=True)
class Advice:
    """What is to be said of one kind of scope, for one Go and GOGC. A gain is a share of processor time."""

    facts_of_trace: ScopeFacts = field(repr=False)  #: what the trace recorded.
    table: CostTable = field(repr=False)  #: the costs that it is judged by.
    setting: Setting  #: the GOGC, and how many scopes the forecast is of.
    forecast: Forecast  #: the two forms.
    gain: Interval  #: of processor time, at equal GOGC.
    gain_at_equal_memory: Interval  #: beside a heap whose GOGC gives it the memory that the arenas take.
    equal_gogc: int  #: that GOGC.

    @property
    def gogc(self) -> int:
        """The GOGC at which both forms are compared."""
        return self.setting.gogc

    @property
    def kind(self) -> str:
        """The kind of scope."""
        return self.facts_of_trace.kind

    @property
    def answer(self) -> str:
        """YES, NO or OPEN, at equal GOGC."""
        low, high = self.gain
        return YES if low > 0 else NO if high <= 0 else OPEN

    @property
    def unsampled(self) -> float:
        """The share of the scopes' objects of which the trace says nothing: undecided, and in no sample."""
        its = self.facts_of_trace.within
        unknown = np.where(its.gone + its.kept + its.escapes > 0, 0, its.undecided)
        return float(unknown.sum() / max(its.count.sum(), 1))

    @cached_property
    def pools(self) -> tuple[Pool, ...]:
        """The types that a sync.Pool would save most with, those that it would cost left out."""
        its, table, form = self.facts_of_trace.within, self.table, self.forecast
        allocated = its.sum(its.slot) + self.facts_of_trace.outside.sum(self.facts_of_trace.outside.slot)
        marking = form.heap.marking / max(allocated, 1) * self.facts_of_trace.scopes / self.setting.scopes
        each = table.heap_value(its.slot, its.pointers > 0) + marking * its.slot - table.one("pool")
        each = np.where(its.elements == 0, each, 0.0) * in_arenas(its)
        each = each * self.setting.scopes / self.facts_of_trace.scopes
        named = dict[str, list[float]]()
        for name, count, gain in zip(its.types, its.count.tolist(), each.tolist(), strict=True):
            both = named.setdefault(name, [0, 0.0])
            both[0], both[1] = both[0] + count, both[1] + gain
        found = [Pool(name, int(n), gain / max(form.total, 1)) for name, (n, gain) in named.items()]
        return tuple(sorted((p for p in found if p.gain > 0 and p.type != "?"), key=lambda p: -p.gain))

    def larger_gogc(self) -> Iterator[tuple[int, float, float]]:
        """Yield twice and four times the GOGC, what share of the time it would save, and the peak memory (bytes)."""
        for gogc in (2 * self.gogc, 4 * self.gogc):
            heap = forecast(self.facts_of_trace, self.table, replace(self.setting, gogc=gogc)).heap
            yield gogc, (self.forecast.heap.ns - heap.ns) / max(self.forecast.total, 1), heap.peak

    def facts(self) -> dict[str, object]:
        """Return the numbers alone; times in ns of the processor for `forecast_scopes` scopes, memory in bytes."""
        its = self.facts_of_trace
        return {
            "kind": its.kind, "answer": self.answer, "go": self.table.go, "costs": self.table.where(),
            "gogc": self.gogc, "scopes": its.scopes, "forecast_scopes": self.setting.scopes, "gain": list(self.gain),
            "gain_at_equal_memory": list(self.gain_at_equal_memory), "gogc_of_equal_memory": self.equal_gogc,
            "heap": asdict(self.forecast.heap), "arenas": asdict(self.forecast.arena), "own_work": self.forecast.rest,
            "gc_share": its.gc / max(its.gc + its.program, 1e-9), "unsampled": self.unsampled,
            "escapes": dict(_escaping(its)), "pools": [each._asdict() for each in self.pools],
            "larger_gogc": [dict(zip(("gogc", "gain", "peak"), each, strict=True)) for each in self.larger_gogc()],
        }  # fmt: skip

    @property
    def verdict(self) -> tuple[str, ...]:
        """The answer alone, in words: at equal GOGC, and at equal memory."""
        return (*_verdict(self),)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What it comes of."""
        return (*_reasons(self),)

    @property
    def details(self) -> tuple[str, ...]:
        """What it comes of, what else would help, and what it rests on."""
        return (*self.reasons, *_alternatives(self), *_rests_on(self))

    def lines(self) -> Iterator[str]:
        """Yield all of it in words."""
        yield from self.verdict
        yield from (f"  {each}" for each in self.details)


def advise(facts: ScopeFacts, table: CostTable, gogc: int = 100) -> Advice:
    """Return what an arena for each scope would cost or save, with a table's Go and machine.

    Raises:
        ArgumentError: `gogc` is no number from 1 to 100,000.

    """
    if not 1 <= whole("gogc", gogc, "a percentage") <= HIGHEST_GOGC:
        raise ArgumentError("gogc", gogc, f"1 to {HIGHEST_GOGC:,} percent")
    often = _often(facts)
    both = [forecast(facts, table, Setting(gogc, often, share)) for share in (1.0, 0.0)]
    equal = _equal_memory(facts, table, both[0].arena.peak, often)
    there = [_beside(facts, table, each, Setting(equal, often)) for each in both]
    return Advice(facts, table, Setting(gogc, often), both[0], _gain(both), _gain(there), equal)


def _often(facts: ScopeFacts) -> int:
    """Return so many scopes that their objects fill CHUNKS chunks: how the program begins no longer counts."""
    each = facts.within.sum(facts.within.asked) / facts.scopes
    return int(min(max(facts.scopes, CHUNKS * CHUNK / max(each, 1)), MOST_SCOPES))


def _gain(of: list[Forecast]) -> Interval:
    """Return the widest interval of the gains; no form can save more than what the heap costs."""
    ends = [-change / max(each.total, 1) for each in of for change in each.change_within()]
    most = max(each.heap.ns / max(each.total, 1) for each in of)
    return min(ends), min(max(ends), most)


def _equal_memory(facts: ScopeFacts, table: CostTable, peak: float, scopes: int) -> int:
    """Return the GOGC at which the heap form takes so many bytes at most, as near as it comes."""
    low, high = LEAST_GOGC, MOST_GOGC
    while low < high:
        middle = (low + high) // 2
        if forecast(facts, table, Setting(middle, scopes)).heap.peak < peak:
            low = middle + 1
        else:
            high = middle
    return low


def _beside(facts: ScopeFacts, table: CostTable, given: Forecast, setting: Setting) -> Forecast:
    """Return a forecast with the heap form of another setting."""
    return replace(given, heap=forecast(facts, table, setting).heap)


def _escaping(its: ScopeFacts) -> list[tuple[str, int]]:
    """Return the types of which objects escape, and how many do."""
    found = dict[str, int]()
    for name, count in zip(its.within.types, its.within.escapes.tolist(), strict=True):
        found[name] = found.get(name, 0) + count
    return sorted(((name, count) for name, count in found.items() if count), key=lambda pair: -pair[1])


def named(kind: str) -> str:
    """Write a kind of scope as one thing of it: "http request", "call of main.f"."""
    if kind == HTTP:
        return "http request"
    return f"call of {kind.removeprefix(UNDER)}" if kind.startswith(UNDER) else kind


def between(interval: Interval) -> str:
    """Write a gain or a loss: "saves 3 to 8 %", "costs 1 to 4 % more", "takes between 1 % more and 2 % less"."""
    low, high = interval
    if low > 0:
        return f"saves {_number(low)} to {_percent(high)} of the processor time"
    if high <= 0:
        return f"costs {_number(-high)} to {_percent(-low)} more processor time"
    return f"takes between {_percent(-low)} more and {_percent(high)} less processor time"


def _percent(share: float) -> str:
    return f"{_number(share)} %"


def _number(share: float) -> str:
    """Write a share in percent with two digits that count."""
    return f"{100 * share:,.0f}" if abs(share) >= 0.0995 else f"{100 * share:.2g}"


def _verdict(of: Advice) -> Iterator[str]:
    """Yield the answer."""
    where = f"with {of.table.go.replace('go', 'Go ')} at GOGC={of.gogc}"
    yield f"{of.answer.capitalize()}: an arena for each {named(of.kind)} {between(of.gain)}, {where}."
    if of.unsampled > BUSY:
        yield (
            f"Of {_percent(of.unsampled)} of the objects the trace does not tell whether they outlive their scope; "
            "collect more often while tracing (GOGC=10)."
        )
    yield (f"At equal memory (the heap with GOGC={of.equal_gogc}) it {between(of.gain_at_equal_memory)}.")


def _reasons(of: Advice) -> Iterator[str]:
    """Yield the bill, for a scope each."""
    its, heap, arena = of.facts_of_trace, of.forecast.heap, of.forecast.arena
    n = of.setting.scopes
    placed = in_arenas(its.within).sum() / its.scopes
    yield (
        f"each has {placed:,.1f} objects in its arena: on the heap {_us(heap.values / n)} to allocate them, "
        f"{_us(heap.marking / n)} of collecting"
    )
    yield (
        f"in an arena {_us(arena.values / n)} to allocate, {_us(arena.arenas / n)} NewArena and Free, "
        f"{_us(arena.chunks / n)} of chunks, {_us(arena.marking / n)} of collecting"
    )
    yield (
        f"a cycle every {_every(n, heap.cycles)} on the heap, every {_every(n, arena.cycles)} with arenas; memory at "
        f"most: {human(int(heap.peak))}, {human(int(arena.peak))}"
    )
    share = its.gc / max(its.gc + its.program, 1e-9)
    yield (
        f"nothing can save more than {_percent(heap.ns / max(of.forecast.total, 1))}, what allocating and collecting "
        f"cost (collecting took {_percent(share)} in the trace)"
    )
    if escaping := _escaping(its):
        named = ", ".join(f"{count:,} {name}" for name, count in escaping[:MOST_NAMED])
        yield f"has to stay out of the arena, or be copied out of it: {named}"


def _every(scopes: int, cycles: float) -> str:
    return counted(round(scopes / cycles), "scope") if cycles else f"more than {counted(scopes, 'scope')}"


def _us(ns: float) -> str:
    return f"{ns / 1000:,.3g} µs"


def _alternatives(of: Advice) -> Iterator[str]:
    """Yield what else would save something on the same objects."""
    pools = [each for each in of.pools if each.gain >= WORTH][:MOST_NAMED]
    told = ", ".join(f"{each.type} ({_percent(each.gain)})" for each in pools)
    yield f"instead, a sync.Pool: {f'saves with {told}' if told else 'saves with no type worth it'}"
    for gogc, gain, peak in of.larger_gogc():
        yield f"instead, GOGC={gogc}: saves {_percent(gain)}, memory at most {human(int(peak))}"


def _rests_on(of: Advice) -> Iterator[str]:
    """Yield what a reader must know to disagree."""
    its = of.facts_of_trace
    known = its.within.gone + its.within.kept
    yield (
        f"rests on {counted(its.scopes, 'scope')}, {counted(its.cycles, 'cycle')}; "
        f"{counted(int(known.sum()), 'object')} seen just after their scope's end; "
        f"of {_percent(of.unsampled)} nothing is known"
    )
    yield f"costs: {of.table.where()}; either form's taken to be off by {100 * ERROR:.0f} % at most"
    yield (
        "shares are of the time that the trace shows; taken on a busy machine it shows too much, and they are too small"
    )
