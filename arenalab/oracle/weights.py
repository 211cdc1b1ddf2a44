"""How often a random program makes each move, by what it is to make common."""

from __future__ import annotations

from typing import Literal

from arenalab.go.mirror import within
from arenalab.world.ops import MakeWeak

Profile = Literal["mix", "fill", "gc", "small", "chunks"]
PROFILES: tuple[Profile, ...] = ("mix", "fill", "gc", "small", "chunks")

_WEIGHTS: dict[str, dict[Profile, int]] = {
    "new": {"mix": 30, "fill": 8, "gc": 22, "small": 60, "chunks": 6},
    "slice": {"mix": 18, "fill": 14, "gc": 14, "small": 14, "chunks": 24},
    "rep": {"mix": 8, "fill": 6, "gc": 6, "small": 2, "chunks": 3},
    "fill": {"mix": 3, "fill": 16, "gc": 4, "small": 0, "chunks": 10},
    "quarter": {"mix": 2, "fill": 8, "gc": 2, "small": 0, "chunks": 14},
    "boundary": {"mix": 4, "fill": 6, "gc": 2, "small": 6, "chunks": 1},
    "tail": {"mix": 3, "fill": 6, "gc": 1, "small": 5, "chunks": 1},
    "empty": {"mix": 2, "fill": 2, "gc": 1, "small": 3, "chunks": 1},
    "new_arena": {"mix": 8, "fill": 6, "gc": 10, "small": 5, "chunks": 9},
    "free": {"mix": 6, "fill": 5, "gc": 8, "small": 4, "chunks": 7},
    "drop": {"mix": 2, "fill": 2, "gc": 4, "small": 2, "chunks": 3},
    "hold": {"mix": 4, "fill": 3, "gc": 6, "small": 3, "chunks": 3},
    "unhold": {"mix": 3, "fill": 2, "gc": 4, "small": 3, "chunks": 2},
    "link": {"mix": 4, "fill": 2, "gc": 6, "small": 3, "chunks": 2},
    "collect": {"mix": 4, "fill": 4, "gc": 10, "small": 1, "chunks": 5},
    "mark": {"mix": 3, "fill": 3, "gc": 9, "small": 1, "chunks": 6},
    "finish": {"mix": 3, "fill": 2, "gc": 8, "small": 1, "chunks": 5},
}
#: Those that Go has since some version only.
_WEAKLY: dict[str, dict[Profile, int]] = {
    "weak": {"mix": 5, "fill": 3, "gc": 10, "small": 3, "chunks": 4},
    "value": {"mix": 5, "fill": 3, "gc": 14, "small": 2, "chunks": 6},
}


def weights_of(profile: Profile, go: str) -> dict[str, int]:
    """Return move -> weight, of those that a profile makes and a Go can be asked for."""
    table = _WEIGHTS | (_WEAKLY if within(go, MakeWeak.since) else {})
    return {name: weight[profile] for name, weight in table.items() if weight[profile]}
