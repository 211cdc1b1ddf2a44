"""rerun(history): the same operations under the same schedule. A log is a schedule: it says who was next."""

from __future__ import annotations

from collections import deque

from arenalab.errors import ModelBug
from arenalab.machine.machine import Machine
from arenalab.machine.procedures import BY_HAND
from arenalab.machine.process import Process
from arenalab.world.history import History
from arenalab.world.schedule_events import GoroutineScheduled


def rerun(history: History, *, in_bulk: bool = False) -> History:
    """Perform a history's operations again; its log decides who acts, event by event.

    >>> import arenalab
    >>> lab = arenalab.Lab(gogc="off")
    >>> events = lab.new_arena().free()
    >>> rerun(lab.history).world == lab.world
    True

    Args:
        history: what was performed, by a Machine.
        in_bulk: whether that one solved runs of values at once.

    Returns:
        A history with an equal log.

    Raises:
        ModelBug: an actor that the log names has nothing to do, so the log is of no such run.

    """
    again = _Again(
        history, Machine(history.rules, start=history.at(0), in_bulk=in_bulk, cycles=history.cycles)
    )
    for event in range(len(history)):
        again.begin_operations(event)
        again.stop_at_points(event)
        again.step(event)
    again.begin_operations(len(history))
    again.stop_at_points(len(history))
    return again.machine.history


class _Again:
    def __init__(self, history: History, machine: Machine) -> None:
        self.machine, self._history, self._scheduler = machine, history, machine.scheduler
        self._ends = history.log.op_ends().tolist()
        self._begun: dict[int, Process] = {}  #: by operation.
        self._scheduler.waits = False
        self._stops = deque(history.log.stops)
        self._stood = {
            op: event for event, op, _ in history.log.stops
        }  #: operation -> where it stood still last.

    def begin_operations(self, event: int) -> None:
        """Begin the operations that start before an event; those that have none need not be asked to go on."""
        starts = self._history.op_starts
        while len(self._begun) < len(starts) and starts[len(self._begun)] == event:
            op = self._history.ops[len(self._begun)]
            if isinstance(op, BY_HAND):
                self._scheduler.cycle = None
            goroutine = self._history.log.goroutine_of(len(self._begun))
            self._begun[len(self._begun)] = process = self.machine.start(op, goroutine)
            self._forget_ended(process, event)

    def stop_at_points(self, event: int) -> None:
        """Bring the operations that stood still before an event to their points: what is read there, is read now."""
        while self._stops and self._stops[0][0] == event:
            _, op, point = self._stops.popleft()
            process = self._begun[op]
            process.until = point
            if self._scheduler.step(process) is not None:
                raise ModelBug(f"event {event}: operation {op + 1} comes by no point {point!r}")
            process.until = ""

    def step(self, event: int) -> None:
        """Have the actor of an event take its step."""
        op = self._history.log.op_of_event(event)
        process = self._scheduler.cycle if self._history.log.is_beside(event) else self._begun[op]
        scheduled = self._history.events[event]
        if process is not None and isinstance(scheduled, GoroutineScheduled):
            process.p = scheduled.p
        if process is None or self._scheduler.step(process) is None:
            raise ModelBug(f"event {event}: nothing is left to do in operation {op + 1}")
        self._forget_ended(process, event + 1)

    def _forget_ended(self, process: Process, event: int) -> None:
        """Count an operation no more once it has ended; one that stopped after its last event has not."""
        begun = self._scheduler.begun
        if self._ends[process.op] == event > self._stood.get(process.op, -1) and process in begun:
            begun.remove(process)
