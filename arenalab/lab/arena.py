"""Arena: the handle of a user arena, with Go's verbs."""

from __future__ import annotations

from typing import ClassVar, NoReturn

from arenalab.asked import called, whole
from arenalab.errors import ArgumentError
from arenalab.go.types import GoType
from arenalab.lab.handle import Handle, keep
from arenalab.lab.program import Program
from arenalab.lab.values import Ptr, Slice
from arenalab.units import human, plainly
from arenalab.world import ops
from arenalab.world.event_list import Events


class Arena(Handle):
    """A user arena, as `arena.NewArena()` returns it: `a.new("int")`, `a.make_slice("byte", 13, 64)`, `a.free()`."""

    offered: ClassVar[tuple[str, ...]] = (
        *("active", "drop", "events", "free", "full_list", "lab", "make_slice", "new", "new_many", "number"),
        *("state",),
    )

    __slots__ = ("events", "lab", "number")

    lab: Program  #: whose it is.
    number: int  #: the program's number for it, as explorers and operations name it.
    events: Events  #: of making it; none where it was asked for later.

    def __init__(self, lab: Program, number: int, events: Events | None = None) -> None:
        """Stand for user arena `number` of a lab; `events` are those of making it."""
        keep(self, lab=lab, number=number, events=Events() if events is None else events)

    @called
    def new(self, type: str | GoType) -> Ptr | None:  # noqa: A002  # Go's word
        """Allocate a value, as `arena.New[T](a)` does.

        Args:
            type: Go text, such as "struct{ next *int; n int }" or a name that `lab.types` declared; or a GoType.

        Returns:
            A pointer to it; None after a panic that the program recovered from.

        Raises:
            TypeTextError: no Go type.
            GoPanic: the arena is freed.
            ScenarioError: the arena is dropped, or the program has died.

        """
        go_type = self.lab.type_of(type)
        events = self.lab.perform(ops.New(self.number, go_type))
        return None if self.lab.failed() else Ptr(self.lab, *self._newest(), events)

    @called
    def make_slice(self, type: str | GoType, len: int, cap: int | None = None) -> Slice | None:  # noqa: A002  # Go's
        """Allocate a slice, as `arena.MakeSlice[T](a, len, cap)` does.

        Args:
            type: of an element; text or GoType, as in `new`.
            len: elements that the slice has.
            cap: elements that there is room for; without one, as many as `len`.

        Returns:
            The slice; None after a panic that the program recovered from.

        Raises:
            TypeTextError: no Go type.
            GoPanic: the arena is freed, or len or cap is out of range; the memory is taken by then.
            ScenarioError: the arena is dropped, or the program has died.

        """
        go_type, length = (
            self.lab.type_of(type),
            whole("len", len, "a whole number: the elements of the slice"),
        )
        if cap is None:
            op = ops.MakeSlice(self.number, go_type, length)
        else:
            op = ops.MakeSlice(
                self.number, go_type, whole("cap", cap, "a whole number, or None for len"), length
            )
        events = self.lab.perform(op)
        if self.lab.failed():
            return None
        row, offset, made = self._newest()
        return Slice(self.lab, row, offset, made, length, op.cap, events)

    @called
    def new_many(self, type: str | GoType, n: int) -> Events:  # noqa: A002  # Go's word
        """Allocate `n` values one after the other, as a loop of `new` does, and return the events of them all.

        >>> import arenalab
        >>> a = arenalab.Lab(gogc="off").new_arena()
        >>> len(a.new_many("int", 3).of("ObjectAllocated"))
        3
        """
        return self.lab.perform(ops.Rep(self.number, self.lab.type_of(type), n))

    @called
    def free(self) -> Events:
        """Free the arena and all that is in it, as `a.Free()` does.

        Raises:
            GoPanic: it was freed before.

        """
        return self.lab.perform(ops.Free(self.number))

    @called
    def drop(self) -> Events:
        """Forget the arena without freeing it: the collector will find its handle, and its finalizer frees it."""
        return self.lab.perform(ops.Drop(self.number))

    @property
    def active(self) -> int | None:
        """The chunk that is being filled, None after free."""
        return self.lab.world.user_arenas[self.number].active

    @property
    def full_list(self) -> tuple[int, ...]:
        """The chunks that are full, the latest first."""
        return tuple(self.lab.world.user_arenas[self.number].full_list)

    @property
    def state(self) -> str:
        """What the program can still do with it: "live", "freed" or "dropped"."""
        row = self.lab.world.user_arenas[self.number]
        return "freed" if row.defunct else "dropped" if row.dropped else "live"

    def _newest(self) -> tuple[int, int, GoType]:
        """Return the object made last: its number, byte 0 of it, and its type as this Go lays it out."""
        world = self.lab.world
        row = world.ledger.count - 1
        return row, 0, world.types[world.ledger.row(row)[2]]

    def __enter__(self) -> NoReturn:
        """Refuse: in Go nothing but Free ends an arena."""
        raise ArgumentError("with", self, "a.free() where the block would end, Go's defer a.Free()")

    def __exit__(self, *_: object) -> None:
        """Do nothing: no `with` begins."""

    def __eq__(self, other: object) -> bool:
        """Whether it is the same arena of the same lab."""
        return isinstance(other, Arena) and (other.lab, other.number) == (self.lab, self.number)

    def __hash__(self) -> int:
        """Agree with `==`."""
        return hash((id(self.lab), self.number))

    def __repr__(self) -> str:
        """Describe which it is and what it holds."""
        row = self.lab.world.user_arenas[self.number]
        if self.state != "live" or row.active is None:
            return f"<Arena {self.number}: {self.state}>"
        free = human(self.lab.world.spans[row.active].free_bytes)
        full = f", {plainly(len(row.full_list), 'full chunk')}" if row.full_list else ""
        return f"<Arena {self.number}: chunk {row.active} active, {free} free{full}>"
