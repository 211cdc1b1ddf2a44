"""The public modules, by what a reader looks for: each gets a page of the reference, and its docstrings are tested.

A name is public where its module is listed here and it begins with no underscore. What else there is in the package
is the inside: it may change without a word.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from types import ModuleType
from typing import Any

#: Heading -> (what it is for, modules). A module is in one group.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Start here": (
        "A program for the model, and whatever holds a run.",
        (
            "arenalab.lab.lab",
            "arenalab.lab.program",
            "arenalab.lab.collector",
            "arenalab.lab.explorers",
            "arenalab.lab.arena",
            "arenalab.lab.values",
            "arenalab.lab.place",
            "arenalab.lab.memory",
            "arenalab.lab.kept",
            "arenalab.lab.goroutine",
            "arenalab.machine.machine",
            "arenalab.machine.rerun",
            "arenalab.opening",
            "arenalab.opening.opened",
            "arenalab.opening.open_file",
            "arenalab.errors",
            "arenalab.units",
        ),
    ),
    "What a program does, and what happens": (
        "Operations are what a program asks for, events are what the runtime does for it, a history holds both.",
        (
            "arenalab.world.ops",
            "arenalab.world.event",
            "arenalab.world.event_list",
            "arenalab.world.events",
            "arenalab.world.chunk_events",
            "arenalab.world.run_events",
            "arenalab.world.end_events",
            "arenalab.world.gc_events",
            "arenalab.world.access_events",
            "arenalab.world.weak_events",
            "arenalab.world.schedule_events",
            "arenalab.world.actors",
            "arenalab.world.schedule",
            "arenalab.world.history",
            "arenalab.world.timeline",
            "arenalab.world.log",
        ),
    ),
    "What there is": (
        "A World is everything the model knows at one moment. Read it freely; events write it.",
        (
            "arenalab.world.state",
            "arenalab.world.tables",
            "arenalab.world.columns",
            "arenalab.world.heap_bits",
            "arenalab.world.scan_limits",
            "arenalab.world.slots",
            "arenalab.world.weak",
            "arenalab.world.touch",
            "arenalab.world.queries",
            "arenalab.world.invariants",
        ),
    ),
    "Go's types and rules": (
        "How a type is laid out, and every number that differs by version, platform, build or setting.",
        (
            "arenalab.syntax",
            "arenalab.go.types",
            "arenalab.go.type_layout",
            "arenalab.go.mask",
            "arenalab.go.gcprog",
            "arenalab.go.layout",
            "arenalab.go.heapbits",
            "arenalab.go.sizeclasses",
            "arenalab.go.pacing",
            "arenalab.go.rules",
            "arenalab.go.versions",
            "arenalab.go.mirror",
            "arenalab.rules.platform",
            "arenalab.rules.version",
            "arenalab.rules.build",
            "arenalab.rules.settings",
            "arenalab.rules.chunk_layout",
        ),
    ),
    "Files": (
        "Readers and writers; the formats have pages of their own.",
        (
            "arenalab.truth.recording",
            "arenalab.truth.check",
            "arenalab.truth.report",
            "arenalab.truth.cases",
            "arenalab.scenarios",
            "arenalab.scenarios.read",
            "arenalab.scenarios.run",
            "arenalab.scenarios.expect",
            "arenalab.scenarios.facts",
            "arenalab.world.history_columns",
            "arenalab.scenarios.litmus",
            "arenalab.world.history_file",
            "arenalab.replay.trace_file",
        ),
    ),
    "Many operations, two settings": (
        "Traces of a million operations, sweeps of settings, one program twice.",
        (
            "arenalab.replay.trace",
            "arenalab.replay.workloads",
            "arenalab.replay.replay",
            "arenalab.replay.runs",
            "arenalab.replay.measures",
            "arenalab.replay.stream",
            "arenalab.replay.sweeps",
            "arenalab.replay.what_if",
            "arenalab.replay.what_if_run",
            "arenalab.replay.plain_heap",
        ),
    ),
    "Every small program": (
        "The bounded search of `arenalab explore`, and the workers on which it and others work in pieces.",
        (
            "arenalab.search.bounds",
            "arenalab.search.search",
            "arenalab.search.moves",
            "arenalab.search.properties",
            "arenalab.pools",
            "arenalab.workers",
        ),
    ),
    "Views": (
        "What a picture shows, as columns of equal length with a `text()`: a pure function of a history and a moment.",
        (
            "arenalab.view.columns",
            "arenalab.view.reading",
            "arenalab.view.chunk_map",
            "arenalab.view.chunk_inside",
            "arenalab.view.chunk_index",
            "arenalab.view.chunk_state",
            "arenalab.view.chunk_story",
            "arenalab.view.heap_bitmap",
            "arenalab.view.pointer_bits",
            "arenalab.view.bit_store",
            "arenalab.view.life_cycle",
            "arenalab.view.lives",
            "arenalab.view.lanes",
            "arenalab.view.address_space",
            "arenalab.view.collector",
            "arenalab.view.cycles",
            "arenalab.view.reachability",
            "arenalab.view.dangling",
            "arenalab.view.cloning",
            "arenalab.view.counters",
            "arenalab.view.counter_series",
            "arenalab.view.goroutines",
            "arenalab.view.type_layout",
            "arenalab.view.what_if",
            "arenalab.view.heap_movie",
            "arenalab.view.scope_points",
            "arenalab.view.usage",
            "arenalab.view.usage_who",
            "arenalab.view.usage_words",
            "arenalab.view.whose",
            "arenalab.view.outcome",
            "arenalab.view.listing",
            "arenalab.view.search",
            "arenalab.view.calls",
            "arenalab.view.explained",
            "arenalab.view.go_source",
        ),
    ),
    "Explorers": (
        "Controls around pictures, for a notebook; `save_html` writes any of them as a page.",
        (
            "arenalab.explore.shell",
            "arenalab.explore.played",
            "arenalab.explore.pictured",
            "arenalab.explore.finding",
            "arenalab.explore.charted",
            "arenalab.explore.chunk_map",
            "arenalab.explore.heap_bitmap",
            "arenalab.explore.life_cycle",
            "arenalab.explore.address_space",
            "arenalab.explore.collector",
            "arenalab.explore.dangling",
            "arenalab.explore.cloning",
            "arenalab.explore.counters",
            "arenalab.explore.goroutines",
            "arenalab.explore.types",
            "arenalab.explore.what_if",
            "arenalab.explore.heap_movie",
            "arenalab.explore.advice",
            "arenalab.explore.workbench",
        ),
    ),
    "Course": (
        "Exercises in which the reader predicts and the model judges, and what an author makes them of.",
        (
            "arenalab.course",
            "arenalab.course.question",
            "arenalab.course.moments",
            "arenalab.course.family",
            "arenalab.course.answers",
            "arenalab.course.exercise",
            "arenalab.course.construct",
            "arenalab.course.construct.build",
            "arenalab.course.construct.performed",
            "arenalab.course.go_picker",
            "arenalab.course.overview",
            "arenalab.course.progress",
            "arenalab.course.registry",
            "arenalab.course.draws",
            "arenalab.course.show",
            "arenalab.course.tell",
            "arenalab.course.chart",
        ),
    ),
    "Execution traces": (
        "An ordinary program's trace, recorded by Go itself, with no model in it.",
        (
            "arenalab.intake.batches",
            "arenalab.intake.events",
            "arenalab.intake.log",
            "arenalab.intake.objects",
            "arenalab.intake.lifetimes",
            "arenalab.intake.scopes",
            "arenalab.intake.verdict",
            "arenalab.intake.stacks",
            "arenalab.intake.tables",
            "arenalab.intake.happened",
            "arenalab.intake.gc_share",
            "arenalab.intake.heap_goal",
            "arenalab.intake.functions",
            "arenalab.intake.benchmarks",
            "arenalab.intake.image",
            "arenalab.intake.masks",
        ),
    ),
    "Would an arena help": (
        "A trace's scopes performed in the model, what arenas cost and gain, and a verdict.",
        (
            "arenalab.advice.trace_run",
            "arenalab.advice.candidates",
            "arenalab.advice.advise",
            "arenalab.advice.forecast",
            "arenalab.advice.costs",
            "arenalab.advice.simulation",
            "arenalab.advice.placement",
            "arenalab.advice.escapes",
            "arenalab.advice.regions",
            "arenalab.advice.report",
            "arenalab.advice.scope_facts",
            "arenalab.advice.columns",
            "arenalab.advice.values",
            "arenalab.advice.operations",
        ),
    ),
}
#: Modules whose names come from elsewhere: a table of them, each with its home.
WINDOWS = ("arenalab", "arenalab.explore", "arenalab.course")


def modules() -> list[str]:
    """Return the public modules in the order of the reference."""
    return [name for _, names in GROUPS.values() for name in names]


def names_of(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Yield (name, object) of the public functions and classes that a module defines itself."""
    for name, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == module.__name__
        if not name.startswith("_") and own and (inspect.isclass(thing) or inspect.isroutine(thing)):
            yield name, thing


def window_of(module: str) -> Iterator[tuple[str, str, Any]]:
    """Yield (name, module that defines it, object) of a module that only shows what others define."""
    shown = import_module(module)
    for name in shown.__all__:
        thing = getattr(shown, name)
        home = getattr(thing, "__module__", None)
        yield name, home if isinstance(home, str) else "", thing
