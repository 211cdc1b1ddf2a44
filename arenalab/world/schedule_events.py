"""Events of the scheduler: which goroutine runs on which P from here on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from arenalab.world.event import Event


@dataclass(slots=True)
class GoroutineScheduled(Event):
    """A goroutine of the program runs from here on, with its P's mcache; there is none while main alone runs on P 0."""

    goroutine: int
    p: int
    go: ClassVar[str] = "execute, proc.go"

    def sentence(self) -> str:
        return f"goroutine {self.goroutine} runs on P {self.p}"
