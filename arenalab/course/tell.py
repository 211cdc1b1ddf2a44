"""What the notebooks tell in a line: a recording's counters, the memory that is mapped, measured costs."""

from __future__ import annotations

from collections.abc import Iterable

from arenalab.truth.recording import Recording
from arenalab.units import counted, plainly
from arenalab.world.event import Event
from arenalab.world.gc_events import ObletScanned
from arenalab.world.state import World

BITMAP_WORD_BYTES = 512  #: of a chunk, described by one word on linux/amd64.


def go_changes(recording: Recording, counter: str) -> list[int]:
    """Return by how much real Go's counter changed in each operation of a recording."""
    return [step.seen["d"].get(counter, 0) for step in recording.steps]


def mapped_mib(world: World) -> int:
    """Return how many MiB of chunks have memory."""
    held = (span for span in world.spans if span.mapped)
    return sum(span.npages for span in held) * world.rules.page_size // 2**20


def scanned(events: Iterable[Event]) -> str:
    """Describe how much of its chunks a collection read, told oblet by oblet: bitmap words, and the pacer's work."""
    oblets = [event for event in events if isinstance(event, ObletScanned)]
    whole = max((event.nbytes for event in oblets), default=0)  # a chunk's last oblet may be shorter
    words = sum(event.read_to - event.oblet * whole // BITMAP_WORD_BYTES for event in oblets)
    work = sum(event.scan_work for event in oblets)
    return f"{plainly(words, 'bitmap word')}, work {counted(work, 'byte')}"
