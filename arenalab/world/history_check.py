"""A history from a file is checked row by row as a made one is: what could not have happened is refused.

Rule: nothing is written; `History.record` applies what has passed.
"""

from __future__ import annotations

from dataclasses import fields

from arenalab.errors import ModelBug, ScenarioError
from arenalab.units import counted
from arenalab.world import end_events as end
from arenalab.world import op_fields as may_be
from arenalab.world import ops
from arenalab.world.access_events import Faulted
from arenalab.world.asked import MOST_VALUES
from arenalab.world.event import Event
from arenalab.world.event_rules import CONDITIONS, STAYS
from arenalab.world.invariants import check
from arenalab.world.life_cycle import ABSENT, ACTIVE, TRANSITIONS, moves, states_of
from arenalab.world.ops import Op
from arenalab.world.run_events import ArenaRun
from arenalab.world.timeline import Timeline

_MOVING = {ArenaRun, *(kind for _, kind in TRANSITIONS)}
_DEATHS = (end.Panicked, end.Threw, Faulted)
_MADE = tuple(it["kind"] for it in (may_be.MADE_ARENA, may_be.ANY_ARENA))
_OBJECTS = tuple(it["kind"] for it in (may_be.OBJECT, may_be.OBJECT_OR_NIL, may_be.OBJECT_OR_PLACE))
_NEW = may_be.NEW_ARENA["kind"]
_NEW_WEAK, _MADE_WEAK = may_be.NEW_WEAK["kind"], may_be.MADE_WEAK["kind"]


class HistoryCheck:
    """Looks at each operation and event of a history before it is taken, and at the whole once it is read."""

    def __init__(self, history: Timeline) -> None:
        """Begin where a history is now."""
        self.history = history
        self._states = dict(enumerate(states_of(history.world)))  #: chunk -> the list that it is on.
        self._coming: set[int] = (
            set()
        )  #: arenas that operations have made since the last event: one of a run comes.

    def event(self, event: Event) -> None:
        """Hold an event against the World in which it is to happen.

        Raises:
            ScenarioError: it can't; the text says what is not so.

        """
        world, kind = self.history.world, type(event)
        self._coming.clear()
        for condition in CONDITIONS[kind]:
            if not condition(world, event):
                raise ScenarioError(f"not so: {condition.__doc__}")
        if kind in _MOVING:
            self._move(event)
        elif kind in STAYS:
            self._stay(event)
        elif kind is end.ArenaEmptied:
            active = world.user_arenas[event.user_arena].active  # type: ignore[attr-defined]  # an ArenaEmptied
            if active is not None and self._states[active] == ACTIVE:
                raise ScenarioError(f"chunk {active} is still active")

    def _move(self, event: Event) -> None:
        for chunk, kind in moves(event):
            state = self._states.get(chunk, ABSENT)
            after = TRANSITIONS.get((state, kind))
            if after is None:
                raise ScenarioError(f"chunk {chunk} is {state}")
            self._states[chunk] = after

    def _stay(self, event: Event) -> None:
        for chunk in event.chunks:
            if self._states[chunk] not in STAYS[type(event)]:
                raise ScenarioError(f"chunk {chunk} is {self._states[chunk]}")

    def op(self, op: Op) -> None:
        """Hold an operation against the World in which it begins: what it names must be there.

        Raises:
            ScenarioError: it names an arena or an object that was not made, or makes an arena again.

        """
        world = self.history.world
        if world.died:
            raise ScenarioError("the program has died")
        for field in fields(op):
            value, kind = getattr(op, field.name), field.metadata["kind"]
            if kind in _MADE and value >= 0 and not self._is_made(value):
                raise ScenarioError(f"there is no user arena {value}")
            if kind is _NEW:
                if self._is_made(value):
                    raise ScenarioError(f"user arena {value} exists already")
                self._coming.add(value)
            if kind in (_NEW_WEAK, _MADE_WEAK) and (value in world.weak_pointers) is (kind is _NEW_WEAK):
                there = "exists already" if kind is _NEW_WEAK else "is not made yet"
                raise ScenarioError(f"weak pointer {value} {there}")
            if kind in _OBJECTS and value >= world.ledger.count:
                raise ScenarioError(f"object {value} is not made yet")

    def _is_made(self, user_arena: int) -> bool:
        return user_arena in self._coming or user_arena in self.history.world.user_arenas

    def end(self) -> None:
        """Look at the whole.

        Raises:
            ScenarioError: a law of the World is broken, or a repetition made fewer values than it says.

        """
        try:
            check(self.history.world)
        except ModelBug as broken:
            raise ScenarioError(f"what it ends in breaks a law: {broken}") from None
        for number, op in enumerate(self.history.ops):
            if isinstance(op, ops.Rep):
                self._check_rep(number, op.n)

    def _check_rep(self, number: int, count: int) -> None:
        """A repetition makes its values, unless the program dies in it or the file ends in the midst of it."""
        history = self.history
        made = history.world.ledger.count - history.log.op_rows[number]
        dies = any(isinstance(event, _DEATHS) for event in history.events_of(number + 1))
        most = made + MOST_VALUES if number == len(history.ops) - 1 else made
        if count > most and not dies:
            raise ScenarioError(
                f"operation {number + 1} asks for {counted(count, 'value')}, and made {counted(made, 'value')}"
            )
