"""Events of the scheduler: which goroutine runs on which P from here on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.world.event import Event


@dataclass(slots=True, repr=False)
class GoroutineScheduled(Event):
    """A goroutine of the program runs from here on, with its P's mcache; there is none while main alone runs on P 0."""

    goroutine: int  #: as Go numbers them, from 1 for main's.
    p: int  #: its processor, from 0.
    go: ClassVar[str] = "execute, proc.go"

    def sentence(self) -> str:
        return f"goroutine {self.goroutine} runs on P {self.p}"
