"""Events: what one call made happen, as a list that can be printed and asked.

Rule: a list like any other; nothing here changes an event or knows a World.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, ClassVar, SupportsIndex, overload

from arenalab.asked import whole
from arenalab.errors import ArgumentError, NoSuchError, listed, meant
from arenalab.names import Named
from arenalab.units import plainly
from arenalab.world.event import EVENTS, Event

MOST_KINDS = 4  #: kinds of event that a repr names.
NOTHING = "nothing happened"


class Events(Named, list[Event]):
    """The events of one call, in order: `print(events)` writes a sentence for each, `events.of(ChunkReadied)` chooses.

    A list: it has a length, can be walked through, indexed (a slice is an `Events`) and added to another.
    """

    __slots__ = ()

    offered: ClassVar[tuple[str, ...]] = ("of", "sentence", "count", "index", "copy")

    def of(self, *kinds: type[Event] | str, chunk: int | None = None, **wanted: Any) -> Events:
        """Return those of some kinds (of any without one), in order.

        >>> import arenalab
        >>> a = arenalab.Lab(gogc="off").new_arena()
        >>> len(a.events.of("ChunkSplitOff")), len(a.events.of(chunk=0)) > 5
        (7, True)

        Args:
            kinds: types of events, such as `arenalab.events.ChunkReadied`, or their names.
            chunk: only what concerns this chunk.
            wanted: only those whose fields have these values, such as `user_arena=0`.

        Raises:
            NoSuchError: no kind of event, or no event here has such a field.

        """
        types = tuple(map(_kind, kinds))
        if chunk is not None:
            chunk = whole("chunk", chunk, "the number of a chunk")
        for name in wanted:
            self._known(name)
        return Events(
            event
            for event in self
            if (not types or isinstance(event, types))
            and (chunk is None or chunk in event.chunks)
            and all(hasattr(event, name) and getattr(event, name) == value for name, value in wanted.items())
        )

    def _known(self, name: str) -> None:
        there = {field.name for event in self for field in fields(event)}
        if there and name not in there:
            raise NoSuchError("of", name, f"a field of one of these events: {listed(sorted(there), name)}")

    def sentence(self) -> str:
        """Return what happened: a sentence for each event, one a line."""
        return "\n".join(event.sentence() for event in self) or NOTHING

    def __str__(self) -> str:
        """Write a sentence for each event, one a line."""
        return self.sentence()

    def __repr__(self) -> str:
        """Describe how many events of which kinds; `print` writes their sentences."""
        if not self:
            return f"<Events: {NOTHING}>"
        counts = Counter(type(event).__name__ for event in self)
        kinds = [f"{count} {name}" if count > 1 else name for name, count in counts.items()]
        more = [f"{len(kinds) - MOST_KINDS} more kinds"] if len(kinds) > MOST_KINDS + 1 else []
        named = kinds[:MOST_KINDS] + more if more else kinds
        return f"<{plainly(len(self), 'event')}: {', '.join(named)}>"

    @overload
    def __getitem__(self, index: SupportsIndex, /) -> Event: ...
    @overload
    def __getitem__(self, index: slice, /) -> Events: ...
    def __getitem__(self, index: Any, /) -> Any:
        """Return an event, or the events of a slice."""
        if isinstance(index, slice):
            return Events(super().__getitem__(index))
        number = whole("index", index, "the number of an event")
        if not -len(self) <= number < len(self):
            raise NoSuchError("index", index, f"one of {plainly(len(self), 'event')}, counted from 0")
        return super().__getitem__(number)

    def __add__(self, more: Iterable[Event]) -> Events:  # type: ignore[override]  # a list's own takes lists alone
        """Return these events and more."""
        if not isinstance(more, Iterable):
            raise ArgumentError("more", more, "events, such as another call returns")
        return Events([*self, *more])


def _kind(given: type[Event] | str) -> type[Event]:
    """Return the kind of event that a caller names, by type or by name."""
    kind = EVENTS.get(given) if isinstance(given, str) else given
    if isinstance(kind, type) and issubclass(kind, Event):
        return kind
    hint = meant(given, EVENTS, " (", ")")
    raise NoSuchError("of", given, f"a kind of event: {listed(sorted(EVENTS), given)}{hint}")
