"""Who acted, in words: the one place where views get them from.

Rules:
1. Where only main's goroutine ever acts, nobody is named; where several act, everybody is. A call is the
   program's: whose it is is said where the program has several goroutines.
2. A line of the program's source is said of each of its operations where it was recorded, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable

from arenalab.codec.records import Stored
from arenalab.view.columns import Column, text_column
from arenalab.world.actors import MAIN, actor_name
from arenalab.world.history import History
from arenalab.world.many_ops import one_by_one
from arenalab.world.of_kind import field_of, stored_places
from arenalab.world.ops import NewArena


def who(history: History, event: int) -> str:
    """Return who did event number `event`: "goroutine 1", "GC worker"; "" where only one acts in the history."""
    return actor_name(history.log.actor_of_event(event)) if history.log.several else ""


def by(history: History, event: int) -> str:
    """Return the same to follow what happened: " by goroutine 1", " by the GC worker", ""."""
    return by_name(who(history, event))


def other(history: History, event: int) -> str:
    """Return who did event number `event` where that is not the program's only goroutine, else ""."""
    log = history.log
    alone = log.actor_of_event(event) == MAIN and not any(actor > MAIN for actor in log.actors)
    return "" if alone else who(history, event)


def performer(history: History, op: int) -> str:
    """Return which goroutine performs operation `op`, or that a finalizer does; "" where the program has only one."""
    log, first = history.log, history.op_starts[op]
    if first < len(history) and log.op_of_event(first) == op:
        return other(history, first)
    return actor_name(log.goroutine_of(op)) if any(actor > MAIN for actor in log.actors) else ""


class Makers:
    """The operations that made user arenas, read once however often it is asked."""

    def __init__(self, history: History) -> None:
        """Start with what nobody has read yet."""
        self.history, self._read = history, 0
        self._of: dict[int, int] = {}

    def of(self, user_arena: int) -> int | None:
        """Return the operation that made a user arena, None for one that was there before the history."""
        if self._read != len(self.history.ops):
            self._read_on()
        return self._of.get(user_arena)

    def _read_on(self) -> None:
        ops = self.history.ops
        if isinstance(ops, Stored) and not self._read:  # nobody makes operations that columns tell of
            arenas = field_of(ops, NewArena, "user_arena", ops.kept).tolist()
            self._of = dict(zip(arenas, stored_places(ops, NewArena).tolist(), strict=True))
            self._read = ops.kept
        for op, asked in one_by_one(ops, self._read):
            if isinstance(asked, NewArena):
                self._of[asked.user_arena] = op
        self._read = len(ops)


def is_told(history: History) -> bool:
    """Return whether it is said of operations who asked for them, or where."""
    return history.sites is not None or any(actor > MAIN for actor in history.actors)


def made(history: History, user_arena: int) -> str:
    """Return who made a user arena and where: "by goroutine 7 at server.go:42", "at server.go:42", ""."""
    op = history.reader(Makers).of(user_arena) if user_arena >= 0 and is_told(history) else None
    return "" if op is None else asked(history, op).strip()


def made_words(words: str) -> str:
    """Return `made` so that it can follow the name of a user arena: ", made by goroutine 7"; "" stays so."""
    return words and f", made {words}"


def made_column(history: History, user_arenas: Iterable[int]) -> Column:
    """Return `made` of each user arena; "" for what is no arena's."""
    return text_column([made(history, number) for number in user_arenas])


def asked(history: History, op: int) -> str:
    """Return who asked for operation `op` and where, to follow the call: " by goroutine 7 at server.go:42", ""."""
    if not is_told(history):
        return ""
    return by_name(performer(history, op)) + at_site(site(history, op))


def site(history: History, op: int) -> str:
    """Return the line of the program that asked for operation `op`: "server.go:42"; "" where none was recorded."""
    found = history.sites and history.sites.of(op)
    return str(found) if found else ""


def at_site(name: str) -> str:
    """Return a line of the program so that it can follow a call: " at server.go:42"; "" stays so."""
    return name and f" at {name}"


def by_name(name: str) -> str:
    """Return a name so that it can follow what happened; "" stays so."""
    return name and f" by {name if name.startswith('goroutine') else f'the {name}'}"
