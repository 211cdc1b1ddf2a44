"""How a program's error stands in a history, and back: `GoError` ⇄ event."""

from __future__ import annotations

from arenalab.errors import GoError, GoFault, GoPanic, GoThrow, SanitizerReport, Signal
from arenalab.world.access_events import Faulted
from arenalab.world.end_events import Panicked, Threw
from arenalab.world.event import Event

NO_SIGNAL = Signal(0, 0)
NOT_ALLOWED = 2  #: SEGV_ACCERR: the memory is there and protected.


def event_of(error: GoError) -> Event:
    """Return the event that tells a program's error."""
    fault = error.signal or NO_SIGNAL
    if isinstance(error, GoPanic):
        return Panicked(error.text, error.why, error.go_type, *fault)
    if isinstance(error, GoThrow):
        return Threw(error.text, error.why, error.before, *fault)
    tool = error.tool if isinstance(error, SanitizerReport) else ""
    return Faulted(error.text, error.why, fault.addr, tool)


def error_of(event: Event) -> GoError | None:
    """Return the error that an event tells, None when it tells none."""
    if isinstance(event, Faulted):
        signal = Signal(NOT_ALLOWED, event.addr)
        if event.tool:
            return SanitizerReport(event.text, event.why, tool=event.tool, signal=signal)
        return GoFault(event.text, event.why, signal=signal)
    if not isinstance(event, Panicked | Threw):
        return None
    fault = Signal(event.fault_code, event.fault_addr) if event.fault_code else None
    if isinstance(event, Panicked):
        return GoPanic(event.text, event.why, go_type=event.go_type, signal=fault)
    return GoThrow(event.text, event.why, before=event.before, signal=fault)
