"""What a recording of a person's own program says of itself: the end that is missing.

Rule: a count that is absent is not made up: older recordings have fewer.
"""

from __future__ import annotations

from arenalab.truth.items import Item, Step, ValueRun
from arenalab.truth.recording import Recording
from arenalab.units import counted, human
from arenalab.world import ops
from arenalab.world.history import History
from arenalab.world.queries import only_on_heap
from arenalab.world.timeline import END_MISSING

SHOWN = 5  #: arenas that a sentence names.


def missing_end(recording: Recording) -> str:
    """Return a sentence about what is missing of the run's end, "" when nothing is known to be."""
    lost, kept = _whole(recording, "lost"), _whole(recording, "notes") or _values(recording)
    if lost and lost == _whole(recording, "cut_off"):
        return f"{END_MISSING}: the program ended while it wrote {counted(lost, 'note')}"
    if lost:
        share = f"{100 * lost / (lost + kept):.0f} %"
        part = f"{lost:,} of {lost + kept:,} notes ({share})"
        where = f", all after operation {recording.op_count:,}" if recording.op_count else ""
        return f"{END_MISSING}: {part} were not kept{where}; raise --limit"
    unfinished = _whole(recording, "unfinished")
    if undescribed := _whole(recording, "undescribed"):
        values = counted(undescribed, "value")
        after = f", nor {counted(unfinished, 'operation')} after it" if unfinished else ""
        return f"{END_MISSING}: {values} of types that there was no room to describe{after}; raise --limit"
    if unfinished:
        return f"{END_MISSING}: {counted(unfinished, 'operation')} behind one that never ended"
    return ""


def on_the_heap(history: History) -> str:
    """Return a sentence about arenas whose chunks look unused since all their values are too large, "" without any."""
    alone = only_on_heap(history.world)
    if not alone:
        return ""
    named = ", ".join(map(str, alone[:SHOWN])) + (", …" if len(alone) > SHOWN else "")
    most = human(history.rules.user_arena_chunk_max_alloc_bytes)
    said = f"user arena {named} has" if len(alone) == 1 else f"user arenas {named} have"
    return f"{said} nothing in a chunk: every value is over {most}, so all lie on the heap"


def _whole(recording: Recording, key: str) -> int:
    """Return a count that the header or the end row gives, 0 for none."""
    value = recording.header.get(key, recording.end.get(key, 0))
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def _values(recording: Recording) -> int:
    return sum(_values_of(item) for item in recording.items)


def _values_of(item: Item) -> int:
    if isinstance(item, ValueRun):
        return len(item)
    return item.op.n if isinstance(item, Step) and isinstance(item.op, ops.Rep) else 1
