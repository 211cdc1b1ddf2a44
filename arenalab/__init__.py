"""ArenaLab: Go's user arenas, step by step, as the real runtime runs them.

    import arenalab

    lab = arenalab.Lab(go="1.27", gogc="off")
    a = lab.new_arena()
    p = a.new("struct{ next *int; key string }")
    print(p.events)

`arenalab.ops` are the operations, for programs as data; `arenalab.events` the kinds of events.
Names are loaded when first used, so importing the package needs neither bokeh nor ipywidgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from arenalab.names import no_such_name as _no_such_name

if TYPE_CHECKING:
    from arenalab import events
    from arenalab.advice.trace_run import TraceRun
    from arenalab.course import Exercise, pick_go
    from arenalab.errors import (
        ArenaLabError,
        GoFault,
        GoPanic,
        GoThrow,
        ModelBug,
        RecordingError,
        ScenarioError,
    )
    from arenalab.explore import (
        AddressSpace,
        Advice,
        ChunkMap,
        Cloning,
        Collector,
        Counters,
        DanglingPointer,
        Goroutines,
        HeapBitmap,
        HeapMovie,
        LifeCycle,
        Types,
        WhatIf,
        Workbench,
    )
    from arenalab.go.types import GoType
    from arenalab.go.versions import GO_1_21, go_rules
    from arenalab.lab import Lab, clone
    from arenalab.machine.machine import Machine
    from arenalab.opening import open  # noqa: A004  # as gzip.open
    from arenalab.replay.sweeps import sweep
    from arenalab.replay.trace import Trace
    from arenalab.replay.trace_file import load_trace
    from arenalab.syntax import type_of, types
    from arenalab.truth.check import check, history_of
    from arenalab.truth.recording import Recording, load_recording
    from arenalab.truth.report import Report
    from arenalab.world import ops
    from arenalab.world.event_list import Events
    from arenalab.world.history import History
    from arenalab.world.state import World

#: Public name -> module that defines it.
_HOMES = {
    "AddressSpace": "arenalab.explore",
    "Advice": "arenalab.explore",
    "ArenaLabError": "arenalab.errors",
    "ChunkMap": "arenalab.explore",
    "Cloning": "arenalab.explore",
    "Collector": "arenalab.explore",
    "Counters": "arenalab.explore",
    "DanglingPointer": "arenalab.explore",
    "Events": "arenalab.world.event_list",
    "Exercise": "arenalab.course",
    "GO_1_21": "arenalab.go.versions",
    "GoFault": "arenalab.errors",
    "GoPanic": "arenalab.errors",
    "GoThrow": "arenalab.errors",
    "GoType": "arenalab.go.types",
    "Goroutines": "arenalab.explore",
    "HeapBitmap": "arenalab.explore",
    "HeapMovie": "arenalab.explore",
    "History": "arenalab.world.history",
    "Lab": "arenalab.lab",
    "LifeCycle": "arenalab.explore",
    "Machine": "arenalab.machine.machine",
    "ModelBug": "arenalab.errors",
    "Recording": "arenalab.truth.recording",
    "RecordingError": "arenalab.errors",
    "Report": "arenalab.truth.report",
    "ScenarioError": "arenalab.errors",
    "Trace": "arenalab.replay.trace",
    "TraceRun": "arenalab.advice.trace_run",
    "Types": "arenalab.explore",
    "WhatIf": "arenalab.explore",
    "Workbench": "arenalab.explore",
    "World": "arenalab.world.state",
    "check": "arenalab.truth.check",
    "clone": "arenalab.lab",
    "go_rules": "arenalab.go.versions",
    "history_of": "arenalab.truth.check",
    "load_recording": "arenalab.truth.recording",
    "load_trace": "arenalab.replay.trace_file",
    "open": "arenalab.opening",
    "pick_go": "arenalab.course",
    "sweep": "arenalab.replay.sweeps",
    "type_of": "arenalab.syntax",
    "types": "arenalab.syntax",
}
#: Public name -> module that it is.
_MODULES = {"events": "arenalab.events", "ops": "arenalab.world.ops"}

__all__ = [
    "GO_1_21",
    "AddressSpace",
    "Advice",
    "ArenaLabError",
    "ChunkMap",
    "Cloning",
    "Collector",
    "Counters",
    "DanglingPointer",
    "Events",
    "Exercise",
    "GoFault",
    "GoPanic",
    "GoThrow",
    "GoType",
    "Goroutines",
    "HeapBitmap",
    "HeapMovie",
    "History",
    "Lab",
    "LifeCycle",
    "Machine",
    "ModelBug",
    "Recording",
    "RecordingError",
    "Report",
    "ScenarioError",
    "Trace",
    "TraceRun",
    "Types",
    "WhatIf",
    "Workbench",
    "World",
    "check",
    "clone",
    "events",
    "go_rules",
    "history_of",
    "load_recording",
    "load_trace",
    "open",
    "ops",
    "pick_go",
    "sweep",
    "type_of",
    "types",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first used.

    Raises:
        NoSuchNameError: there is no such name.

    """
    if name in _MODULES:
        value: Any = import_module(_MODULES[name])
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    elif name.startswith("_"):
        raise AttributeError(f"module 'arenalab' has no attribute {name!r}")
    else:
        raise _no_such_name("arenalab", name, __all__, instead=_elsewhere(name))
    globals()[name] = value
    return value


def _elsewhere(name: str) -> str:
    """Return where an operation or a kind of event is that is looked for here, "" for any other name."""
    from arenalab.world.event import EVENTS  # noqa: PLC0415  # for errors alone
    from arenalab.world.ops import OPS  # noqa: PLC0415

    if name in {op.__name__ for op in OPS.values()}:
        return f"an operation: arenalab.ops.{name}"
    return f"a kind of event: arenalab.events.{name}" if name in EVENTS else ""


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return __all__
