"""What the events of the scheduler change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.world.event import Event
from arenalab.world.schedule_events import GoroutineScheduled
from arenalab.world.state import World
from arenalab.world.tables import G, P


def _goroutine_scheduled(w: World, e: GoroutineScheduled) -> None:
    w.ps.extend(P() for _ in range(len(w.ps), e.p + 1))
    w.gs.setdefault(e.goroutine, G()).p = e.p
    w.running, w.on_p = e.goroutine, e.p


HANDLERS: dict[type[Event], Callable[[World, Any], None]] = {GoroutineScheduled: _goroutine_scheduled}
