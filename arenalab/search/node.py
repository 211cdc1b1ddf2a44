"""Node: a state of the search: a World, what its globals were set to, and how it came there.

Rule: an operation is the machine's procedure, its events applied one by one. What a `Machine` does besides
(keep a history, let others overtake) nobody asks for here; a test compares both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from arenalab.errors import GoError, ModelBug, ScenarioError
from arenalab.machine.ends import event_of
from arenalab.machine.machine import Machine
from arenalab.machine.procedures import Procedures
from arenalab.search.bounds import Bounds
from arenalab.search.key import Held, key
from arenalab.search.moves import FREE, HOLD, Move, moves, op_of
from arenalab.world.apply import apply, apply_all
from arenalab.world.end_events import PointerHeld
from arenalab.world.event import Event
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.touch import Outcome

Path = tuple[Move, ...]
MOST_EVENTS = 2**20  #: of one operation.


class Node:
    """A state that a path of moves leads to."""

    __slots__ = ("bounds", "bug", "found", "freed", "held", "procedures", "recycled", "world")

    def __init__(self, bounds: Bounds) -> None:
        """Begin at the start of a program."""
        machine = Machine(bounds.rules, cycles="asked")
        self.bounds, self.procedures = bounds, machine.procedures
        self.world: World = machine.world
        self.held: Held = {}
        self.freed: set[int] = set()  #: arenas that the program itself freed.
        self.found: dict[int, Outcome] | None = None  #: what held pointers find, once somebody asked.
        self.bug = ""  #: what a certificate of the model refused, "" for nothing.
        self.recycled = False  #: whether some chunk holds, or held, objects of two lives.

    def key(self) -> int:
        """Return the state's digest."""
        return key(self.world, self.held)

    def moves(self) -> Iterator[Move]:
        """Yield what may come next."""
        return moves(self.world, self.bounds)

    def after(self, move: Move) -> Node | None:
        """Return the state after a move, None where it makes no sense here; this node stays as it is."""
        twin = Node.__new__(Node)
        twin.bounds, twin.procedures, twin.recycled = self.bounds, self.procedures, self.recycled
        twin.freed = set(self.freed)
        twin.bug, twin.world, twin.held = "", self.world.fork(), dict(self.held)
        return twin if twin.go(move) else None

    def go(self, move: Move) -> bool:
        """Make a move; return whether it made sense."""
        self.found = None
        w, births = self.world, self.world.births.copy()
        op: Any = op_of(move, w, self.bounds)
        try:
            events = perform(w, op, self.procedures)
        except ScenarioError:
            return False
        except ModelBug as bug:
            self.bug = str(bug)
            return True
        if move.kind == FREE:
            self.freed.add(op.user_arena)
        if move.kind == HOLD:
            if not any(isinstance(event, PointerHeld) for event in events):
                return False  # the arena has no object yet
            self.held[op.hold] = w.user_arenas[op.user_arena].last_object
        for number in self.held.keys() - w.holds.keys():
            del self.held[number]
        self.recycled = self.recycled or any(w.births[chunk] != birth for chunk, birth in births.items())
        return True


def perform(w: World, op: Op, procedures: Procedures) -> list[Event]:
    """Perform an operation of the one goroutine there is, with nobody beside it; return what happened.

    Raises:
        ScenarioError: it makes no sense; the World may be spoilt.

    """
    events: list[Event] = []
    try:
        steps = procedures[type(op)](w, op)
        while apply_all(w, steps, events, MOST_EVENTS) is not None:
            pass  # a request to the scheduler: nobody is there to wait for
    except GoError as error:
        event = event_of(error)
        apply(w, event)
        events.append(event)
    return events


def walk(bounds: Bounds, paths: Sequence[Path]) -> Iterator[tuple[Path, Node]]:
    """Yield the state that each path leads to, in order; what neighbours have in common is performed once."""
    trail, before = [Node(bounds)], Path()
    for path in paths:
        pairs = zip(before, path, strict=False)
        common = next(
            (at for at, (mine, theirs) in enumerate(pairs) if mine != theirs), min(len(before), len(path))
        )
        del trail[common + 1 :]
        for move in path[common:]:
            node = trail[-1].after(move)
            if node is None:
                raise ScenarioError(f"the path leads nowhere: {move} makes no sense there")
            trail.append(node)
        before = path
        yield path, trail[-1]


def program_of(bounds: Bounds, path: Path) -> list[Op]:
    """Return a path as a program, for any Machine and every explorer."""
    node, found = Node(bounds), list[Op]()
    for move in path:
        found.append(op_of(move, node.world, bounds))
        node.go(move)
    return found
