"""The Clone explorer: a source, its copy, and what both lead to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from arenalab.asked import position
from arenalab.draw.cloning import MEANINGS, cloning_scene
from arenalab.draw.scene import WIDTH, Scene
from arenalab.errors import ArgumentError
from arenalab.explore.cloned import AS_MADE, KINDS, cloned
from arenalab.explore.shell import Explorer
from arenalab.explore.stepper import Place
from arenalab.player.controls import BAR, Choice, Control, Number, Press
from arenalab.view import cloning as seen
from arenalab.view.largest import Largest
from arenalab.view.reading import reading


class Cloning(Explorer):
    """What `arena.Clone` copies out of an arena, and what it leaves there.

    It shows the run's latest Clone as it is now; name an object to ask what Clone would do instead.
    Look for: pointers of the copy that still lead into a chunk, also after Free; a slice cut at its len.
    """

    object = traitlets.Int(
        None, allow_none=True, help="object to clone now; None shows the run's latest Clone"
    )
    kind = traitlets.Enum([AS_MADE, *KINDS], AS_MADE, help="as what the object is declared")
    length = traitlets.Int(None, allow_none=True, help="len of the slice or string; None is all of it")
    name = "Clone"
    meanings = MEANINGS

    def more_controls(self) -> list[Control]:
        """Return the choice of what is cloned."""
        made = max(len(self.history.world.ledger) - 1, 0)
        return [
            Number(
                "object",
                "clone object",
                "Object to clone now; empty is the run's latest Clone",
                BAR,
                high=made,
            ),
            Choice("kind", "as", "Declared as", BAR, [AS_MADE, *KINDS]),
            Number("length", "len", "Its len; empty is all of it", high=2**31),
            Press("latest", "latest Clone", "The run's latest Clone"),
        ]

    def presses(self) -> dict[str, Callable[[], None]]:
        """Return what shows the latest Clone again."""
        return {"latest": lambda: self.set_trait("object", None)}

    def view_of(self, place: Place) -> seen.Cloning:
        """Return what was or would be copied."""
        moment = reading(self.history, place.cursor, place.op)
        found = cloned(self.history, moment, self.object, self.kind, self.length)
        return seen.cloning(
            found.world,
            moment,
            *found[1:4],
            asked=found.asked,
            focus=self.chunk,
            by=found.by,
            largest=self.history.reader(Largest).words(),
        )

    def draw(self, view: seen.Cloning, width: int = WIDTH) -> Scene:
        """Draw source, copy and what they lead to."""
        return cloning_scene(view, width)

    @traitlets.validate("object")
    def _there(self, proposal: dict[str, Any]) -> int | None:
        number = proposal["value"]
        made = len(self.history.world.ledger)
        return None if number is None else position("object", number, made, "the number of an object")

    @traitlets.validate("length")
    def _not_negative(self, proposal: dict[str, Any]) -> int | None:
        length: int | None = proposal["value"]
        if length is not None and length < 0:
            raise ArgumentError("length", length, "a whole number of 0 or more, or None for all of it")
        return length

    @traitlets.observe("object", "kind", "length")
    def _chosen(self, _: Any) -> None:
        self.render()
