"""Moment: what an expectation of a scenario is checked against: one operation, and the Worlds around it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from arenalab.scenarios.turns import Span
from arenalab.world.event import Event
from arenalab.world.history import History
from arenalab.world.state import World


@dataclass(frozen=True)
class Moment:
    """One operation of a history: what was before, what happened, what is after."""

    history: History
    op: int
    unseen: tuple[type[Event], ...] = ()
    part: Span | None = None  #: the part of it that a turn is; None for all of it.

    @cached_property
    def world(self) -> World:
        """The World where it pauses; else when it is done, and with it the one that it came in between."""
        history, op = self.history, self.op
        if self.part:
            return history.at(self.part.end)
        if op < 0:
            return history.at(0)
        paused = history.log.op_end(op) > self._following
        return history.at(self._following if paused else int(history.log.settled()[op]))

    @property
    def _following(self) -> int:
        """How many events had happened when the next operation began."""
        starts = self.history.op_starts
        return starts[self.op + 1] if self.op + 1 < len(starts) else len(self.history)

    @cached_property
    def before(self) -> World:
        """The World before it."""
        if self.part:
            return self.history.at(self.part.start)
        return self.history.at(self.history.op_starts[self.op] if self.op >= 0 else 0)

    @cached_property
    def events(self) -> list[Event]:
        """What it did before it ended, or paused for the next one."""
        if self.part:
            return self.history.events[self.part.start : self.part.end]
        own = self.history.log.numbers_of(self.op) if self.op >= 0 else ()
        paused = self.op >= 0 and self.history.log.op_end(self.op) > self._following
        return [self.history.events[event] for event in own if not paused or event < self._following]
