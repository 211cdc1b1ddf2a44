"""Finding: how an explorer gets somewhere: find, breakpoints, following a goroutine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import traitlets

from arenalab.asked import instance, one_of
from arenalab.explore.stepper import EVERYBODY, Place, Stepper
from arenalab.explore.traited import Traited
from arenalab.view.chunk_events import ChunkEvents
from arenalab.view.columns import Column
from arenalab.view.kind_column import KindColumn
from arenalab.view.search import Found, search, search_among
from arenalab.world.actors import actor_name
from arenalab.world.event import EVENTS
from arenalab.world.history import History

THIS_CHUNK = "events of this chunk"
MOST_TYPES = 50  #: types that are offered to be found.


class Finding(Traited):
    """The part of an `Explorer` that looks for moments."""

    who = traitlets.Int(
        EVERYBODY, help="whose moments one steps to: a goroutine's, below 0 the runtime's own; 0 is everybody"
    )

    name: ClassVar[str]
    history: History
    stepper: Stepper
    error: Any
    shown: Any
    chunk: Any
    go: Callable[[Place | None], None]
    render: Callable[[], None]
    _breakpoints: dict[str, int | None]  #: text -> how often it holds, None where nobody counted

    @property
    def place(self) -> Place:
        """Return where in the run it is."""
        raise NotImplementedError

    def find(self, text: str | None = None, *, forwards: bool = True) -> None:
        """Move to the nearest later or earlier place of what a text says.

        Args:
            text: part of a sentence or a call, a type, an address "0x…", "op 12", "event 345", the name of a kind of
                event such as "ChunkSwept", or "events of this chunk"; None is what was looked for last.
            forwards: whether it is looked for later than now.

        """
        if text is not None:
            instance(
                "text",
                text,
                str,
                'a text, such as "chunk 3" or "op 12", or None for what was looked for last',
            )
        self.sought = text or self.sought
        found = self._found(self.sought, self.place, forwards=forwards)
        if not found:
            self.error = found.trouble
        self.go(Place(found.cursor, found.op) if found else None)

    sought = THIS_CHUNK  #: what was looked for last.

    def _found(self, text: str, place: Place, *, forwards: bool = True, until: int | None = None) -> Found:
        its: dict[str, Any] = {"forwards": forwards, "who": self.who, "until": until}
        if text == THIS_CHUNK:
            return search_among(self.history, self._of_chunk(), text, place.cursor, **its)
        return search(self.history, text, place.cursor, place.op, **its)

    def _of_chunk(self) -> Column:
        """Return the events that concern the chunk in focus."""
        return self.history.reader(ChunkEvents).of(self.shown.focus if self.chunk is None else self.chunk)

    def finds(self) -> list[str]:
        """Return what is offered to be found: each kind of event that the history has, and types."""
        kinds = sorted(kind.__name__ for kind in self.history.reader(KindColumn).there())
        return [THIS_CHUNK, *kinds, *(go_type.expr for go_type in self.history.world.types[:MOST_TYPES])]

    # what playing stops at

    @property
    def breakpoints(self) -> tuple[str, ...]:
        """What playing stops at, in the words of `find`."""
        return tuple(self._breakpoints)

    def stop_at(self, text: str, on: bool = True) -> None:
        """Let playing stop at what a text says, or no longer."""
        if on:
            self._breakpoints[text] = self._count(text)
        else:
            self._breakpoints.pop(text, None)
        self.render()

    def _count(self, text: str) -> int | None:
        """Return how often a breakpoint holds, None where that would take writing all sentences."""
        if text == THIS_CHUNK:
            return len(self._of_chunk())
        kind = EVENTS.get(text)
        return (
            None if kind is None else len(self.history.reader(KindColumn).of((kind,), 0, len(self.history)))
        )

    def first_stop(self, since: int, until: int) -> int | None:
        """Return the first cursor after `since`, up to `until`, at which a breakpoint holds."""
        found = [self._found(text, Place(since), until=until) for text in self._breakpoints]
        return min((each.cursor for each in found if each), default=None)

    # following

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
