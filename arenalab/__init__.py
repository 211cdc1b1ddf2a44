"""ArenaLab: Go's user arenas, step by step, as the real runtime runs them.

    import arenalab
    from arenalab.world.ops import NewArena, New, Free

    machine = arenalab.Machine()
    machine.do(NewArena(0))
    for event in machine.do(New(0, arenalab.type_of("struct{ next *int; key string }"))):
        print(event.sentence())

Names are loaded when first used, so importing the package needs neither bokeh nor ipywidgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from arenalab.errors import (
        ArenaLabError,
        GoFault,
        GoPanic,
        GoThrow,
        ModelBug,
        RecordingError,
        ScenarioError,
    )
    from arenalab.explore import ChunkMap
    from arenalab.go.types import GoType
    from arenalab.go.versions import GO_1_21, go_rules
    from arenalab.lab import Lab
    from arenalab.machine.machine import Machine
    from arenalab.replay.sweeps import sweep
    from arenalab.replay.trace import Trace
    from arenalab.replay.trace_file import load_trace
    from arenalab.syntax import type_of, types
    from arenalab.truth.check import check, history_of
    from arenalab.truth.recording import Recording, load_recording
    from arenalab.truth.report import Report
    from arenalab.world.history import History
    from arenalab.world.state import World

#: Public name -> module that defines it.
_HOMES = {
    "ArenaLabError": "arenalab.errors",
    "ChunkMap": "arenalab.explore",
    "GO_1_21": "arenalab.go.versions",
    "GoFault": "arenalab.errors",
    "GoPanic": "arenalab.errors",
    "GoThrow": "arenalab.errors",
    "GoType": "arenalab.go.types",
    "History": "arenalab.world.history",
    "Lab": "arenalab.lab",
    "Machine": "arenalab.machine.machine",
    "ModelBug": "arenalab.errors",
    "Recording": "arenalab.truth.recording",
    "RecordingError": "arenalab.errors",
    "Report": "arenalab.truth.report",
    "ScenarioError": "arenalab.errors",
    "Trace": "arenalab.replay.trace",
    "World": "arenalab.world.state",
    "check": "arenalab.truth.check",
    "go_rules": "arenalab.go.versions",
    "history_of": "arenalab.truth.check",
    "load_recording": "arenalab.truth.recording",
    "load_trace": "arenalab.replay.trace_file",
    "sweep": "arenalab.replay.sweeps",
    "type_of": "arenalab.syntax",
    "types": "arenalab.syntax",
}

__all__ = [
    "GO_1_21",
    "ArenaLabError",
    "ChunkMap",
    "GoFault",
    "GoPanic",
    "GoThrow",
    "GoType",
    "History",
    "Lab",
    "Machine",
    "ModelBug",
    "Recording",
    "RecordingError",
    "Report",
    "ScenarioError",
    "Trace",
    "World",
    "check",
    "go_rules",
    "history_of",
    "load_recording",
    "load_trace",
    "sweep",
    "type_of",
    "types",
]


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first used."""
    if name not in _HOMES:
        msg = f"module 'arenalab' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
