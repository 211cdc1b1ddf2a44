"""The choices of a what-if: one for each setting of each side."""

from __future__ import annotations

from typing import Any

from arenalab.go.versions import GO, VERSIONS
from arenalab.player.controls import BAR, MORE, Choice, Control, Press
from arenalab.replay.what_if import ARENA, PLAIN
from arenalab.replay.what_if_performed import AT_ONCE
from arenalab.units import MiB, human

HEAP = "heap"
AS_RECORDED = "as recorded"
USUAL = (AS_RECORDED, ARENA)  #: what is chosen where nothing is set.
SIDES = {"left": "A", "right": "B"}
MORE_OF_IT = Press("go_on", "perform more", f"Perform the next {AT_ONCE:,} operations under both settings")
#: Setting -> (what stands before each choice, choices by their words).
CHOICES: dict[str, tuple[str, dict[str, Any]]] = {
    HEAP: ("", {ARENA: ARENA, PLAIN: PLAIN}),
    GO: ("Go ", {version: version for version in VERSIONS}),
    "user_arena_chunk_bytes_max": ("chunks ", {human(n * MiB): n * MiB for n in (1, 2, 4, 8, 16, 64)}),
    "max_alloc_fraction": ("over ", {f"1/{n} chunk": n for n in (1, 2, 4, 8, 16, 64)}),
    "reuse_order": ("reuse ", {"lifo": "lifo", "fifo": "fifo"}),
    "gogc": ("GOGC ", {"off": -1, **{str(n): n for n in (25, 50, 100, 200, 400)}}),
    "build_mode": ("build ", {mode: mode for mode in ("plain", "race", "msan", "asan")}),
}


def _name(side: str, setting: str) -> str:
    return f"{side}.{setting}"


def side_of(name: str) -> str:
    """Return the side of a choice's name."""
    return name.partition(".")[0]


def choices() -> list[Control]:
    """Return a choice for each setting of each side; the two that say what stands on it are in the first row."""
    return [_choice(side, setting) for side in SIDES for setting in CHOICES]


def _choice(side: str, setting: str) -> Choice:
    before, values = CHOICES[setting]
    first = [] if setting == HEAP else [(f"{before}{AS_RECORDED}", AS_RECORDED)]
    options = [*first, *((before + words, value) for words, value in values.items())]
    hint = f"{SIDES[side]}: {before.strip() or 'arenas or plain heap'}"
    return Choice(_name(side, setting), SIDES[side], hint, BAR if setting == HEAP else MORE, options)


def values_of(side: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return the value of each choice of a side."""
    usual = {name: ARENA if name == HEAP else AS_RECORDED for name in CHOICES}
    return {_name(side, name): settings.get(name, value) for name, value in usual.items()}


def settings_of(side: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that the values of a side's choices make."""
    chosen = {name: values[_name(side, name)] for name in CHOICES}
    return {name: value for name, value in chosen.items() if value not in USUAL}
