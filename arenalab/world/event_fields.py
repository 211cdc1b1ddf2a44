"""What each field of an event may hold: one description per kind of field, by its declared type and its name.

For events that come from a file; those that a procedure makes are its business. Whether one can happen *now*
is in `event_rules`.
"""

from __future__ import annotations

from typing import Final

from arenalab.codec.kinds import Column, Kind, Several, Texts
from arenalab.world.access_events import Faulted
from arenalab.world.actors import MAIN, MOST_PS
from arenalab.world.event import Event
from arenalab.world.gc_events import TriggerReached
from arenalab.world.op_fields import GO_TYPE, MOST_ID
from arenalab.world.weak_events import WeakHandleCleared, WeakHandleMade

LONGEST_TEXT = 10_000  #: characters.
_AMOUNT: Final = range(
    2**48 + 1
)  #: bytes, pages, words, numbers of things: never more than there are addresses.
_NUMBER: Final = range(MOST_ID + 1)
_ADDRESS: Final = range(2**63)
_WORD: Final = range(2**64)
_COUNTER: Final = range(-(2**62), 2**62)

#: Name of a field -> its range, where that is no amount; (kind, name) where one kind differs from the others.
WITHIN: dict[str | tuple[type[Event], str], range] = {
    **dict.fromkeys(
        ("chunk", "to_chunk", "user_arena", "hold", "homes", "marked", "user_arenas", "pending"), _NUMBER
    ),
    **dict.fromkeys(("owner", "parents", "last_pointerful"), range(-1, MOST_ID + 1)),
    **dict.fromkeys(
        ("addr", "base", "limit", "free_limit", "first", "bases", "free_bases", "free_limits"), _ADDRESS
    ),
    "slot": _ADDRESS,
    "target": range(2**64),  # a program may store any word where a pointer belongs
    **dict.fromkeys(("before", "after", "goal", "trigger", "fault_addr"), _WORD),
    **dict.fromkeys(("value", "values"), range(-(2**63), 2**64)),
    **dict.fromkeys(("heap_live", "heap_scan", "to_heap_scan", "stride"), _COUNTER),
    "object": range(-3, 2**63),
    "goroutine": range(MAIN, 2**31),
    "p": range(MOST_PS),
    "cap": range(-1, 2**63),
    "clears": range(2),
    "needzero": range(2),
    "found": range(2),
    "fault_code": range(3),
    (Faulted, "addr"): _WORD,
    **dict.fromkeys(((WeakHandleMade, "chunk"), (WeakHandleCleared, "chunk")), range(-3, MOST_ID + 1)),
    (WeakHandleCleared, "object"): range(-3, 2**63),
    **dict.fromkeys(("weak", "number", "row"), _NUMBER),
    **dict.fromkeys(("handle", "position", "block"), range(-1, MOST_ID + 1)),
    (TriggerReached, "heap_live"): range(-(2**62), 2**64),
}


def kind_of(event: type[Event], name: str, declared: str) -> Kind:
    """Return what a field of an event may hold, by its declared type and its name."""
    if declared.startswith("tuple["):
        return Several(tuple, None, "a list", one=kind_of(event, name, declared[6:].removesuffix(", ...]")))
    if declared == "int":
        within = WITHIN.get((event, name), WITHIN.get(name, _AMOUNT))
        return Kind(int, within, f"a whole number from {within.start:,} to {within.stop - 1:,}")
    return _PLAIN[declared]


_PLAIN = {
    "bool": Kind(bool, None, "true or false"),
    "str": Kind(str, Texts(0, LONGEST_TEXT), f"a text of at most {LONGEST_TEXT:,} characters"),
    "bytes": Column(bytes, None, "bytes in hexadecimal"),
    "GoType": GO_TYPE["kind"],
}
