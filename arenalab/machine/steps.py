"""What a procedure is: a generator of events that returns a value to the procedure that called it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from arenalab.world.event import Event

T = TypeVar("T")

#: Yields events, is resumed when each has been applied, returns a T.
Steps = Generator[Event, None, T]
