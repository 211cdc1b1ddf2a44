"""Finding: what an explorer does to get somewhere: find, play up to a breakpoint, follow a goroutine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import traitlets

from arenalab.asked import one_of
from arenalab.explore.controls import THIS_CHUNK, Controls
from arenalab.explore.stepper import EVERYBODY, Place, Stepper
from arenalab.explore.traited import Traited
from arenalab.world.actors import actor_name
from arenalab.world.event import Event
from arenalab.world.history import History


class Finding(Traited):
    """The part of an `Explorer` that looks for moments."""

    who = traitlets.Int(
        EVERYBODY, help="whose moments one steps to: a goroutine's, below 0 the runtime's own; 0 is everybody"
    )

    name: ClassVar[str]
    history: History
    stepper: Stepper
    controls: Controls
    breakpoints: set[str]
    error: Any
    cursor: Any
    shown: Any
    go: Callable[[Place | None], None]
    render: Callable[[], None]

    @property
    def place(self) -> Place:
        """Where we stand."""
        raise NotImplementedError

    def find(self, *, forwards: bool = True) -> None:
        """Move to the nearest moment of what is chosen in "find"."""
        found = self.stepper.find(self.place, self._wanted(), forwards=forwards)
        if found is None:
            what = self.controls.target.value
            self.error = f"{what}: no {'later' if forwards else 'earlier'} moment of this run"
        self.go(found)

    def go_playing(self, place: Place) -> None:
        """Move to a place as the player does: stop at the first breakpoint on the way there, or where nothing follows.

        Where somebody is followed, their next moment is the place.
        """
        if self.who and (place := self.stepper.step(self.place)) == self.place:
            self.controls.play.playing = False
        events = self.history.events[self.cursor : place.cursor]
        wanted = [self._wanted(target) for target in sorted(self.breakpoints)]
        for number, event in enumerate(events if wanted else ()):
            if any(want(event) for want in wanted):
                self.controls.play.playing = False
                self.go(Place(self.cursor + number + 1))
                return
        self.go(place)

    def _wanted(self, target: str | None = None) -> Callable[[Event], bool]:
        target, chunk = target or self.controls.target.value, self.shown.focus
        if target == THIS_CHUNK:
            return lambda event: chunk in event.chunks
        return lambda event: type(event).__name__ == target

    @property
    def heading(self) -> str:
        """The explorer's name, and who is followed."""
        return f"{self.name}, following {actor_name(self.who)}" if self.who else self.name

    @traitlets.validate("who")
    def _acts(self, proposal: dict[str, Any]) -> int:
        who: int = proposal["value"]
        if who:
            one_of("who", who, self.history.actors, "somebody who acts in this history, or 0 for everybody")
        return who

    @traitlets.observe("who")
    def _follow(self, _: Any) -> None:
        self.stepper.who = self.who
        self.render()
