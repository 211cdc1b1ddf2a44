"""Starts: states in the middle of a program's life, so that a search reaches past what takes many moves to get to."""

from __future__ import annotations

from arenalab.search.moves import FREE, GC, HOLD, LINK, NEW, NEW_ARENA, POINTERFUL, Move

_HALF = Move(NEW, 0, 1)
_FULL = (Move(NEW_ARENA), _HALF, _HALF, _HALF)  #: an arena with a full chunk and an active one.

#: Name -> moves that any bounds allow whose collector runs whole.
STARTS: dict[str, tuple[Move, ...]] = {
    "begin": (),
    "full": _FULL,  # a chunk that goes to quarantine when it is freed
    "held": (*_FULL[:2], Move(HOLD), _HALF, _HALF),  # and a pointer into it
    "freed": (*_FULL, Move(FREE)),  # one chunk in quarantine, one on reuse
    "recycled": (*_FULL, Move(FREE), Move(GC), *_FULL),  # it was recycled: full again in its second life
    # Two arenas, one of which points into the other's full chunk; these bounds need links.
    "linked": (
        Move(NEW_ARENA), _HALF, Move(NEW_ARENA), Move(NEW, 1, POINTERFUL), Move(LINK, 1, 0), _HALF, _HALF,
    ),
}  # fmt: skip
