"""History: a timeline with its stories, its readers and its file.

Rule: a History made by clicks, by a bulk replay or from a file answers alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

from arenalab.asked import Called, checks_calls, one_of, path_of, position
from arenalab.names import Named
from arenalab.units import plainly
from arenalab.world.actors import actor_name
from arenalab.world.event import EVENTS, Event
from arenalab.world.history_certify import certify
from arenalab.world.history_columns import TEXT, is_columns, load_columns, save_columns
from arenalab.world.history_file import load_history, save_history
from arenalab.world.timeline import Timeline


class Moment(NamedTuple):
    """One line of a story: the event, where it stands, whose it is."""

    at: int  #: number of the event.
    op: int  #: number of the operation that it belongs to, from 1; 0 for none.
    event: Event  #: what happened.
    actor: int  #: who did it.
    alone: bool  #: whether nobody else acts in the history.

    def __repr__(self) -> str:
        """Write it as a line of a story."""
        return f"<Moment {' '.join(str(self).split())}>"

    def __str__(self) -> str:
        """Write the line as a person reads it; who acts is named where several do."""
        who = "" if self.alone else f"{actor_name(self.actor)}: "
        return f"{self.at:>6}  op {self.op:<5} {who}{self.event.sentence()}"


@checks_calls
class History(Named, Timeline, metaclass=Called):
    """All operations and events of one program, and the World after any of them."""

    offered: ClassVar[tuple[str, ...]] = (
        *(
            "actor_of",
            "actors",
            "after_op",
            "at",
            "certify",
            "events",
            "events_of",
            "load",
            "moments",
            "op_end",
            "op_of",
        ),
        *("op_of_row", "ops", "real", "remarks", "rules", "save", "story", "walk", "world"),
    )

    def story(
        self, *, chunk: int | None = None, user_arena: int | None = None, kind: str = ""
    ) -> list[Moment]:
        """Return the moments that concern a chunk, a user arena or a kind of event, in order.

        Raises:
            NoSuchError: the history has no such chunk, arena or kind.

        """
        if chunk is not None:
            chunk = position("chunk", chunk, len(self.world.spans), "the number of a chunk")
        if user_arena is not None:
            user_arena = one_of("user_arena", user_arena, self.world.user_arenas, "a user arena")
        if kind:
            one_of("kind", kind, EVENTS, "a kind of event")
        return [m for m in self.moments() if _concerns(m.event, chunk, user_arena, kind)]

    def backwards(self, chunk: int) -> Iterator[Moment]:
        """Walk through the moments that concern a chunk, latest first."""
        log = self.log
        for at in range(len(self.events) - 1, -1, -1):
            event = self.events[at]
            if chunk in event.chunks:
                yield Moment(at, log.op_of_event(at) + 1, event, log.actor_of_event(at), not log.several)

    def save(self, path: str | Path) -> None:
        """Write the history to a file, which `History.load` opens: as columns, as JSON lines under a name in .jsonl.

        Raises:
            HistoryError: the file can't be written.

        """
        as_text = path_of("path", path).suffix in TEXT
        if as_text:
            save_history(self, path)
        else:
            save_columns(self, path, History)

    @staticmethod
    def load(path: str | Path) -> History:
        """Open the history in a file. Of one in columns nothing is read before somebody looks.

        Raises:
            HistoryError: not a history, cut off, or a row that makes no sense.

        """
        return (load_columns if is_columns(path_of("path", path)) else load_history)(path, History)

    def certify(self) -> None:
        """Compare every event with what must be so for it to happen, as a small file's are when it is opened.

        Raises:
            HistoryError: one could not have happened; names the file and the event.

        """
        certify(self)

    def moments(self) -> Iterator[Moment]:
        """Walk through all events with their numbers, operations and actors."""
        ops, actors = (self.log.column(name).tolist() for name in ("op", "actor"))
        alone = not self.log.several
        for number, event in enumerate(self.events):
            yield Moment(number, ops[number] + 1, event, actors[number], alone)

    def __repr__(self) -> str:
        """Return its length in words."""
        return f"<History: {plainly(len(self.ops), 'operation')}, {plainly(len(self.events), 'event')}>"


def _concerns(event: Event, chunk: int | None, user_arena: int | None, kind: str) -> bool:
    return (
        (chunk is None or chunk in event.chunks)
        and (user_arena is None or getattr(event, "user_arena", None) == user_arena)
        and (not kind or type(event).__name__ == kind)
    )
