"""An item of the inventory: a program, what is asked of its run, and choices of which one is right."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from arenalab.errors import ScenarioError, shown
from arenalab.go.rules import BuildMode, GoRules
from arenalab.go.versions import NEWEST, go_rules
from arenalab.machine.machine import Machine
from arenalab.world.history import History
from arenalab.world.ops import Op


@dataclass(frozen=True)
class Choice:
    """An answer to choose: its key, its words, and of a wrong one where people were seen to believe it."""

    key: str
    text: str
    seen: str = ""  #: where: a thread, a page, a blog; "" of an answer that is right in each version.
    right_in: tuple[str, ...] = ()  #: versions of Go in which this distractor is right.


@dataclass(frozen=True)
class Item:
    """A question of the inventory."""

    name: str
    topic: str
    text: str  #: Go code stands in a block of its own.
    program: Sequence[Op]
    read: Callable[[History], str]  #: the run -> the key of the right choice.
    choices: tuple[Choice, ...]
    why: str  #: the rule behind it, in a sentence.
    build_mode: BuildMode = "plain"
    settings: dict[str, Any] = field(default_factory=lambda: {"gogc": -1})

    def rules(self, go: str = NEWEST) -> GoRules:
        """Return the rules that its program runs under."""
        return replace(go_rules(go, build_mode=self.build_mode), **self.settings)

    def run(self, go: str = NEWEST) -> History:
        """Return the run of its program under a version of Go."""
        return _run(self, go)

    def right(self, go: str = NEWEST) -> str:
        """Return the key of the choice that is right in a version of Go, as the model computes it.

        Raises:
            ScenarioError: the run's answer is none of the choices.

        """
        key = self.read(self.run(go))
        if key not in self.keys:
            raise ScenarioError(
                f"item {shown(self.name)}: the run says {shown(key)}; choices: {', '.join(self.keys)}"
            )
        return key

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the keys of its choices, in the order in which they are offered."""
        return tuple(choice.key for choice in self.choices)

    def __hash__(self) -> int:
        """Hash by name: there is one of each."""
        return hash(self.name)


@cache
def _run(item: Item, go: str) -> History:
    return Machine(item.rules(go)).run(item.program)
