"""Report: what a trace says of its scopes, in the order in which a reader asks; one source of text, page and JSON.

First the answer, then what it rests on, then the facts of the trace, then what nobody can see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import chain

import numpy as np

from arenalab.advice.advise import Advice, named
from arenalab.advice.candidates import MOST, Candidate, best_of
from arenalab.advice.escapes import Escapes, escapes_of
from arenalab.advice.regions import Regions, regions_of
from arenalab.advice.simulation import Simulation
from arenalab.advice.trace_run import TraceRun
from arenalab.errors import ArenaLabError, ModelBug, cut
from arenalab.intake.deaths import NEVER
from arenalab.intake.heap_goal import gogc_of, gogc_said
from arenalab.intake.lifetimes import DEAD, ESCAPES, UNDECIDED
from arenalab.intake.scopes import HTTP, UNDER
from arenalab.intake.verdict import FATES, Verdict
from arenalab.units import counted, human, short_time

MOST_TYPES = 12  #: rows of the table of types.
MOST_FUNCTIONS = 3  #: functions among the candidates.
NO_SCOPE = "no request, task, region or goroutine begins and ends in this trace: no scope to judge"
AUDITS = (
    "Captured with --audit: nearly all of its collections are the audit's, so take what escapes from this trace, and "
    "times and costs from one captured without."
)
LITTLE = 0.5  #: share decided below which nothing is concluded.
MORE = "`arenalab trace capture --audit` decides nearly all of them: a collection at the end of each scope."
OF_CALLS = (
    "No audit decides more: it collects at the end of requests, tasks, regions and goroutines, not of calls."
)
MOST_IN_REGIONS = 2_000_000  #: objects whose regions are worked out: they take seconds and memory.
LONGEST = 60  #: characters of a name in a table.
LIMITS = (
    "Undecided: no GC cycle says. More is decided where scopes end with runtime.GC(), with GOGC=1, or in an audit.",
    "Not seen: objects on stacks, writes of pointers, user arenas; the types of slices and strings (?).",
)


@dataclass(frozen=True)
class Table:
    """Rows of text under their heads; the first column is aligned to the left, the others to the right."""

    heads: tuple[str, ...]  #: one for each column.
    rows: tuple[tuple[str, ...], ...]  #: a text for each column.
    shares: tuple[
        tuple[float, ...], ...
    ] = ()  #: of each row: what is dead, undecided, escapes, as parts of 1.

    def lines(self) -> Iterator[str]:
        """Yield it as text."""
        rows = [[cut(cell, LONGEST) for cell in row] for row in (self.heads, *self.rows)]
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for first, *rest in rows:
            numbers = (f"{cell:>{width}}" for cell, width in zip(rest, wide[1:], strict=True))
            yield "  ".join((f"{first:<{wide[0]}}", *numbers))


@dataclass(frozen=True)
class Section:
    """A question, and its answer in lines and a table."""

    title: str  #: the question.
    lines: tuple[str, ...]  #: the answer.
    table: Table | None = None  #: what it rests on.

    def text(self) -> Iterator[str]:
        """Yield it as text."""
        yield self.title
        yield from (f"  {line}" for line in chain(self.lines, self.table.lines() if self.table else ()))


@dataclass(frozen=True)
class Report:
    """What is said of one trace; `its` is the verdict on the kind asked for, or proposed, None without any scope."""

    run: TraceRun  #: the trace.
    its: Verdict | None
    candidates: tuple[Candidate, ...]  #: without a kind asked for, those compared; the one judged among them.
    go: str | None = None  #: whose costs; None: the newest Go that writes the trace's format.
    gogc: int = 100  #: that the forecast is for, in percent.

    @cached_property
    def advice(self) -> Advice | None:
        """What an arena for each scope would cost or save: a forecast."""
        return self.run.advise(self.its.kind, go=self.go, gogc=self.gogc) if self.its else None

    @cached_property
    def escapes(self) -> Escapes | None:
        """Which objects forbid an arena, by type and, with allocation stacks, by line."""
        return escapes_of(self.run, self.its.kind, self.its) if self.its else None

    @cached_property
    def regions(self) -> Regions | None:
        """The scopes as memory regions of design 70257; None for more than MOST_IN_REGIONS objects."""
        few = len(self.run.objects) <= MOST_IN_REGIONS
        return regions_of(self.run, self.its.kind) if self.its and few else None

    @cached_property
    def simulation(self) -> Simulation | str:
        """The scopes performed as arenas, or why that can't be done."""
        try:
            if self.its is None or self.advice is None:
                return NO_SCOPE
            return self.run.simulate(self.its.kind, go=self.advice.table.line)
        except ModelBug:
            raise
        except ArenaLabError as trouble:
            return f"can't be performed: {cut(trouble)}"

    def sections(self) -> Iterator[Section]:
        """Yield what is to be said, the answer first."""
        if self.its and self.advice:
            answer = (*self.advice.verdict, *_answer(self.run, self.its))
            yield Section("Would an arena help?", answer)
            yield Section("What it would cost and save (forecast)", self.advice.details)
            yield Section(f"An arena for each {named(self.its.kind)} (model)", _in_arenas(self.simulation))
            yield Section("What became of the objects (recorded)", (*self.its.summary(),), _types(self.its))
            if self.escapes and (self.escapes.objects or self.escapes.shared_scopes):
                yield Section("What has to stay out of an arena (recorded)", _stripped(self.escapes.lines()))
            if self.regions:
                yield Section("Instead, memory regions (recorded)", _stripped(self.regions.lines()))
        if self.candidates:
            yield Section("Scopes in this trace; --scope KIND judges another", (), _compared(self.candidates))
        yield Section("The trace", (*_trace(self.run),))
        yield Section("Limits", LIMITS if self.its else (NO_SCOPE,))

    def about(self) -> str:
        """Return what was read, and what the words rest on."""
        return f"{self.run.path}: recorded by Go; what says (model) is the model's, (forecast) is forecast"

    def lines(self) -> Iterator[str]:
        """Yield it as text."""
        yield self.about()
        for section in self.sections():
            yield from ("", *section.text())

    def facts(self) -> dict[str, object]:
        """Return the numbers alone."""
        judged: dict[str, object] = {"scopes": [self.its.facts()] if self.its else []}
        if self.advice:
            judged["advice"] = self.advice.facts()
        if self.escapes:
            judged["escapes"] = self.escapes.facts()
        if self.regions:
            judged["regions"] = self.regions.facts()
        if isinstance(self.simulation, Simulation):
            judged["simulation"] = self.simulation.facts()
        compared = [asdict(each) for each in self.candidates]
        return facts_of(self.run) | {"gc": self.run.gc.facts(), "candidates": compared} | judged


def report_of(run: TraceRun, kind: str | None = None, *, go: str | None = None, gogc: int = 100) -> Report:
    """Return what is to be said of a trace: of one kind of scope, or of the best one that it holds.

    Costs and gains are those with `go` (see `TraceRun.advise`) at `gogc`.

    Raises:
        NoSuchError: the trace holds no scope of the kind asked for.

    """
    if kind is not None:
        return Report(run, run.verdict(kind), (), go, gogc)
    kinds = list(run.scopes())
    judged = kinds[:MOST] + [HTTP] * (HTTP in kinds[MOST:])
    functions = [Candidate.of_function(each) for each in run.functions()[:MOST_FUNCTIONS]]
    candidates = [
        *(Candidate.of(run.verdict(each)) for each in judged),
        *functions,
    ]  # one in memory at a time
    if not candidates:
        return Report(run, None, ())
    best = best_of(candidates)
    candidates.sort(key=lambda each: (each is not best, -each.may_stay))
    return Report(run, run.verdict(best.kind), tuple(candidates), go, gogc)


def facts_of(run: TraceRun) -> dict[str, object]:
    """Return what the trace as a whole says."""
    log, objects = run.log, run.objects
    return {
        "file": log.path,
        "format": f"go 1.{log.version}",
        "events": log.events,
        "cut_off": log.cut,
        "audited": run.audited,
        "gogc": gogc_of(log),
        "seconds": run.seconds or None,
        "cycles": len(run.lifetimes.cycles),
        "allocated": int(np.logical_not(objects.before).sum()),
        "there_before": int(objects.before.sum()),
        "freed": int((objects.end != NEVER).sum()),
        "unresolved": objects.unresolved,
        "lost": int(objects.lost.sum()),
        "stray_frees": objects.strays,
    }


def _answer(run: TraceRun, its: Verdict) -> Iterator[str]:
    """Yield what is known before any cost: how much an arena could free, what forbids it, what nobody knows."""
    yield (
        f"An arena for each {named(its.kind)}, which makes {counted(len(its.fate), 'object')} in all: "
        f"{_share(its, DEAD)}, {human(its.bytes(DEAD))}, are dead at its end for sure."
    )
    if its.count(ESCAPES):
        yield f"{_share(its, ESCAPES)} outlive it (escape) and have to stay out of it."
    if its.count(UNDECIDED):
        undecided = its.objects[its.fate == UNDECIDED]
        later = int((run.lifetimes.dead[undecided] != NEVER).sum())
        yield (
            f"{_share(its, UNDECIDED)} are undecided: no collection found them alive after the end; {later:,} of them "
            "one found dead later."
        )
    if its.decided < LITTLE and its.kind.startswith(UNDER):
        yield OF_CALLS
    elif its.decided < LITTLE and not run.audited:
        yield MORE
    if run.audited:
        yield AUDITS


def _stripped(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line.strip() for line in lines)


def _in_arenas(simulation: Simulation | str) -> tuple[str, ...]:
    return (simulation,) if isinstance(simulation, str) else _stripped(simulation.lines())


def _share(its: Verdict, fate: int) -> str:
    total = len(its.fate)
    return f"{its.count(fate):,}" + (f" ({100 * its.count(fate) / total:.1f} %)" if total else "")


def _types(its: Verdict) -> Table:
    """Return the types and what became of their objects, the most frequent first."""
    by = {fate: dict(its.by_type(number)) for fate, number in FATES.items()}
    totals = {name: sum(each.get(name, 0) for each in by.values()) for each in by.values() for name in each}
    names = sorted(totals, key=lambda name: (-totals[name], name))
    order = ("dead in scope", "undecided", "escapes")
    all_of = [its.count(FATES[fate]) for fate in order]
    rows: list[tuple[str | int, ...]] = [("all", len(its.fate), *all_of)]
    rows += [(name, totals[name], *(by[fate].get(name, 0) for fate in order)) for name in names[:MOST_TYPES]]
    if len(names) > MOST_TYPES:
        rest = [sum(by[fate].get(name, 0) for name in names[MOST_TYPES:]) for fate in order]
        rows.append((f"{counted(len(names) - MOST_TYPES, 'more type')}", sum(rest), *rest))
    return _table(("type", "objects", *order), rows)


def _compared(candidates: Sequence[Candidate]) -> Table:
    heads = ("kind", "scopes", "bytes", "objects", "dead in scope", "undecided", "escapes")
    rows = [
        (
            each.kind,
            f"{each.scopes:,}",
            human(each.bytes),
            each.objects,
            each.dead,
            each.undecided,
            each.escapes,
        )
        for each in candidates
    ]
    return _table(heads, rows)


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str | int, ...]]) -> Table:
    """Return a table whose last four columns are objects: all, dead, undecided, escaping."""
    shares = [tuple(int(part) / max(int(row[-4]), 1) for part in row[-3:]) for row in rows]
    told = [tuple(cell if isinstance(cell, str) else f"{cell:,}" for cell in row) for row in rows]
    return Table(heads, tuple(told), tuple(shares))


def _trace(run: TraceRun) -> Iterator[str]:
    facts = facts_of(run)
    lasted = f", {short_time(run.seconds)}" if run.seconds else ""
    gogc = f"; {said}" if (said := gogc_said(gogc_of(run.log))) else ""
    yield f"format {facts['format']}; {counted(run.log.events, 'event')}{lasted}{gogc}"
    if run.log.cut:
        yield run.log.cut
    yield (
        f"{counted(int(str(facts['allocated'])), 'object')} allocated, {facts['there_before']:,} there before, "
        f"{facts['freed']:,} freed, {counted(len(run.lifetimes.cycles), 'GC cycle')}"
    )
    yield (
        f"not resolved: {facts['unresolved']:,}; end unknown: {facts['lost']:,}; "
        f"frees of what was not seen: {facts['stray_frees']:,}"
    )
    yield from run.gc.lines()
