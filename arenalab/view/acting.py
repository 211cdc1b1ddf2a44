"""Who acted, in words: the one place where views get them from.

Law of this file: where only main's goroutine ever acts, nobody is named; where several act, everybody is. A call is the
program's: whose it is is said where the program has several goroutines.
"""

from __future__ import annotations

from arenalab.view.columns import Column, listing
from arenalab.world.actors import MAIN, actor_name
from arenalab.world.history import History

BY = ("by", "swept_by")  #: columns that name who did something.


def who(history: History, event: int) -> str:
    """Return who did event number `event`: "goroutine 1", "GC worker"; "" where only one acts in the history."""
    return actor_name(history.log.actor_of_event(event)) if history.log.several else ""


def by(history: History, event: int) -> str:
    """Return the same to follow what happened: " by goroutine 1", " by the GC worker", ""."""
    return by_name(who(history, event))


def other(history: History, event: int) -> str:
    """Return who did event number `event` where that is not the program's only goroutine, else ""."""
    log = history.log
    alone = log.actor_of_event(event) == MAIN and not any(actor > MAIN for actor in history.actors)
    return "" if alone else who(history, event)


def performer(history: History, op: int) -> str:
    """Return which goroutine performs operation `op`, "" where the program has only one, or it made no event."""
    first = history.op_starts[op]
    own = first < len(history) and history.log.op_of_event(first) == op
    return other(history, first) if own else ""


def by_name(name: str) -> str:
    """Return a name so that it can follow what happened; "" stays so."""
    return name and f" by {name if name.startswith('goroutine') else f'the {name}'}"


def told(columns: dict[str, Column]) -> str:
    """Write columns as a table, without those that say by whom where they are empty: where only one acts."""
    return listing({name: column for name, column in columns.items() if name not in BY or any(column)})
