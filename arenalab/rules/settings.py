"""Settings: the program's surroundings, and what no Go has but a what-if may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ReuseOrder = Literal["lifo", "fifo"]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What is set when the program starts."""

    gogc: int = 100  #: GOGC in percent; negative is "off".
    start_heap_live: int = 0  #: heapLive before the program's first operation.
    other_root_bytes: int = 0  #: stacks and globals that every cycle scans, an input to the pacer.
    #: Whether the program holds all that the heap holds. Of a recorded one it doesn't: pacing, and what becomes of
    #: large objects, depend on what nobody noted, so the model says nothing of either.
    heap_known: bool = True
    #: In a race build, where both share one range: heap arenas that the heap has reserved before each one that
    #: user arenas reserve, 0 where none is recorded. An input: what else a program allocates is not modelled.
    heap_arenas_between: tuple[int, ...] = ()
    reuse_order: ReuseOrder = "lifo"  #: which end of the reuse list refill takes.
