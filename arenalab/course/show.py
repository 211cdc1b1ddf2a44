"""What "Show me" opens, where the chunk map is not the picture that tells most."""

from __future__ import annotations

from arenalab.explore.address_space import AddressSpace
from arenalab.explore.collector import Collector
from arenalab.explore.counters import Counters
from arenalab.explore.goroutines import Goroutines
from arenalab.explore.heap_bitmap import HeapBitmap
from arenalab.explore.life_cycle import LifeCycle
from arenalab.explore.shell import Explorer
from arenalab.world.history import History


def life_cycle(run: History, moment: int) -> Explorer:
    """Open the life cycle: which list, and since when."""
    return LifeCycle(run, cursor=moment)


def collector(run: History, moment: int) -> Explorer:
    """Open the collector: what is marked, and why."""
    return Collector(run, cursor=moment)


def bitmap(run: History, moment: int) -> Explorer:
    """Open the heap bitmap of chunk 0, where its scan ends."""
    opened = HeapBitmap(run, cursor=moment, chunk=0)
    opened.fit = "scan stop"
    return opened


def counters(run: History, moment: int) -> Explorer:
    """Return the counters explorer at a moment."""
    return Counters(run, cursor=moment)


def address_space(run: History, moment: int) -> Explorer:
    """Open the address space: where there is memory, and how much of it is used."""
    return AddressSpace(run, cursor=moment)


def goroutines(run: History, moment: int) -> Explorer:
    """Open the goroutines: who did what, and between whose steps."""
    return Goroutines(run, cursor=moment)
