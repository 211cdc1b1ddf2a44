"""Recorded: what explorers of a program's own trace share. They show a TraceRun, no History: no model is in it."""

from __future__ import annotations

from pathlib import Path

from arenalab.advice.trace_run import TraceRun
from arenalab.asked import instance
from arenalab.explore.pictured import Pictured
from arenalab.intake.scopes import of_kind
from arenalab.opening import open_trace

TraceSource = TraceRun | str | Path


def run_of(given: TraceSource) -> TraceRun:
    """Return the run that was given, read from its file where a path was.

    Raises:
        ArgumentError: neither a TraceRun nor a path.
        ScenarioError: a file of another kind; the text says who reads it.
        TraceError: the file is no trace, damaged, cut off, or holds no allocations.

    """
    if isinstance(given, str | Path):
        return open_trace(given)
    return instance("trace", given, TraceRun, "a TraceRun or the path of an execution trace")


def there_is(run: TraceRun, kind: str) -> str:
    """Return a kind of scopes that a trace holds, or "" for none.

    Raises:
        NoSuchError: it holds none of that kind.

    """
    if kind:
        of_kind(run.found, kind)
    return kind


class Recorded(Pictured):
    """Shows a trace."""

    def __init__(self, trace: TraceSource) -> None:
        """Read the trace."""
        self.run = run_of(trace)
        super().__init__()
