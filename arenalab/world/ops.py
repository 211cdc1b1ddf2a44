"""What the program asks for: imperative, plain data. A list of ops is a program.

The names and arguments are those of the recording format, so a recorded run is a program too.
Micro operations (`StartGC` … `SweepStep`) let a person drive the collector by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from arenalab.asked import Called
from arenalab.errors import ArgumentError
from arenalab.world import op_fields as may_be
from arenalab.world.op_fields import Kind

if TYPE_CHECKING:
    from arenalab.go.types import GoType


@dataclass(frozen=True, slots=True)
class Op(metaclass=Called):
    """Something the program asks of the runtime.

    Raises:
        ArgumentError: a field of the wrong kind or outside its range; see `world.op_fields`.

    """

    since: ClassVar[str] = "1.21"  #: first Go that has it.

    def __post_init__(self) -> None:
        """Check every field; an integer of another library becomes an int."""
        for name, exact, within, kind in _kinds(type(self)):
            value = getattr(self, name)
            if type(value) is not exact or (within is not None and value not in within):
                object.__setattr__(self, name, kind.taken(f"{type(self).__name__}.{name}", value))

    def __str__(self) -> str:
        """Write the op as a short call, without what is as usual."""
        chosen = ((f.name, getattr(self, f.name)) for f in fields(self) if getattr(self, f.name) != f.default)
        shown = (f"{name}={_brief(value)}" for name, value in chosen)
        return f"{type(self).__name__}({', '.join(shown)})"


@cache
def _kinds(op: type[Op]) -> tuple[tuple[str, type, Any, Kind], ...]:
    """Return (field, exact type, range, kind) of each field of an operation."""
    kinds = ((f.name, f.metadata["kind"]) for f in fields(op))
    return tuple((name, kind.exact, kind.within, kind) for name, kind in kinds)


def _brief(value: Any) -> str:
    expr = getattr(value, "expr", None)
    return str(value) if expr is None else expr if len(expr) <= 40 else expr[:37] + "..."


@dataclass(frozen=True, slots=True)
class NewArena(Op):
    """`arena.NewArena()`; the program calls it `user_arena` from now on."""

    user_arena: int = field(metadata=may_be.NEW_ARENA)


@dataclass(frozen=True, slots=True)
class New(Op):
    """`arena.New[T](a)`. `copied`: through an Arena value copied before Free.

    `given` is the type of what the runtime's function was given in T's place: `*T`, or, where the
    program called it past package arena, a type that it refuses; "nil" for nothing.
    """

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    type: GoType = field(metadata=may_be.GO_TYPE)
    copied: bool = field(default=False, metadata=may_be.FLAG)
    given: str = field(default="*T", metadata=may_be.TYPE_TEXT)


@dataclass(frozen=True, slots=True)
class MakeSlice(Op):
    """`arena.MakeSlice[T](a, len, cap)`; `len` None means cap. `copied` and `given` are as in `New`."""

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    type: GoType = field(metadata=may_be.GO_TYPE)
    cap: int = field(metadata=may_be.INT)
    len: int | None = field(default=None, metadata=may_be.OPTIONAL_INT)
    copied: bool = field(default=False, metadata=may_be.FLAG)
    given: str = field(default="*[]T", metadata=may_be.TYPE_TEXT)


@dataclass(frozen=True, slots=True)
class Rep(Op):
    """`n` times `New`."""

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    type: GoType = field(metadata=may_be.GO_TYPE)
    n: int = field(metadata=may_be.COUNT)


@dataclass(frozen=True, slots=True)
class Free(Op):
    """`a.Free()`; the program forgets the handle as well. `copied`: through a copied Arena value.

    `by_finalizer`: no statement of the program, but what its runtime was seen to do with a handle that was dropped,
    whenever that was; a recording of a person's own program tells it so.
    """

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    copied: bool = field(default=False, metadata=may_be.FLAG)
    by_finalizer: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True)
class Drop(Op):
    """The program forgets the handle without freeing."""

    user_arena: int = field(metadata=may_be.MADE_ARENA)


@dataclass(frozen=True, slots=True)
class Hold(Op):
    """A global, number `hold`, now points to the arena's last object that was placed in a chunk."""

    hold: int = field(metadata=may_be.HOLD)
    user_arena: int = field(metadata=may_be.MADE_ARENA)


@dataclass(frozen=True, slots=True)
class Unhold(Op):
    """That global is set to nil."""

    hold: int = field(metadata=may_be.HOLD)


@dataclass(frozen=True, slots=True)
class Link(Op):
    """The first pointer word of one arena's last pointerful chunk object points to another's last object."""

    from_arena: int = field(metadata=may_be.MADE_ARENA)
    to_arena: int = field(metadata=may_be.MADE_ARENA)


@dataclass(frozen=True, slots=True)
class Write(Op):
    """The program writes a pointer-free value into an object (a ledger row) that it made."""

    object: int = field(metadata=may_be.OBJECT_OR_NIL)
    offset: int = field(metadata=may_be.OFFSET)
    value: int = field(metadata=may_be.VALUE)
    panic_on_fault: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True)
class Read(Op):
    """The program reads a word of an object. `panic_on_fault`: after `debug.SetPanicOnFault(true)`."""

    object: int = field(metadata=may_be.OBJECT_OR_NIL)
    offset: int = field(metadata=may_be.OFFSET)
    panic_on_fault: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True)
class Clone(Op):
    """`arena.Clone(v)`: `v` is a pointer, slice or string at `offset` of an object, or another value.

    `object` is a ledger row, or `NIL`, `STATIC` or `HEAP` for what no arena made. `type` is the
    element's type for a "ptr" or "slice", the byte type for a "string", else the value's own.
    """

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)
    type: GoType = field(metadata=may_be.GO_TYPE)
    kind: str = field(default="ptr", metadata=may_be.GO_KIND)
    offset: int = field(default=0, metadata=may_be.OFFSET)
    len: int = field(default=-1, metadata=may_be.LENGTH)
    declared: str = field(
        default="", metadata=may_be.TEXT
    )  #: name of a declared string type, such as "main.named".


@dataclass(frozen=True, slots=True)
class SetFinalizer(Op):
    """`runtime.SetFinalizer(p, f)` with a pointer to an object."""

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)


@dataclass(frozen=True, slots=True)
class AddCleanup(Op):
    """`runtime.AddCleanup(p, f, arg)` with a pointer to an object; Go 1.24 and later."""

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)
    since: ClassVar[str] = "1.24"


@dataclass(frozen=True, slots=True)
class Pin(Op):
    """`(*runtime.Pinner).Pin(p)` with a pointer to an object."""

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)


@dataclass(frozen=True, slots=True)
class MakeWeak(Op):
    """`weak.Make(p)` with a pointer to byte `offset` of an object, kept as `weak`; Go 1.24 and later."""

    weak: int = field(metadata=may_be.NEW_WEAK)
    object: int = field(metadata=may_be.OBJECT_OR_PLACE)
    offset: int = field(default=0, metadata=may_be.OFFSET)
    since: ClassVar[str] = "1.24"


@dataclass(frozen=True, slots=True)
class WeakValue(Op):
    """The weak pointer's `Value()`; Go 1.24 and later."""

    weak: int = field(metadata=may_be.MADE_WEAK)
    since: ClassVar[str] = "1.24"


@dataclass(frozen=True, slots=True)
class Store(Op):
    """A pointer, or nil (0), is stored into the word at address `slot` of a chunk."""

    slot: int = field(metadata=may_be.ADDRESS)
    target: int = field(metadata=may_be.ADDRESS)


#: Schedules of a collection: when the finalizer goroutine gets to run. Each number is how many spans the
#: sweeper has visited by then; whatever is queued after the last visit runs at the end.
FINALIZERS_FIRST: tuple[int, ...] = (0,)
SWEEP_FIRST: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RunGC(Op):
    """`runtime.GC()`, with the finalizers it queues. `detail`: mark oblet by oblet, not in bulk.

    `finalizers_after` is a schedule: Go's scheduler decides it, so it is an input. `FINALIZERS_FIRST`,
    `SWEEP_FIRST`, or any other numbers of spans swept.
    """

    detail: bool = field(default=False, metadata=may_be.FLAG)
    finalizers_after: tuple[int, ...] = field(default=FINALIZERS_FIRST, metadata=may_be.VISITS)


@dataclass(frozen=True, slots=True)
class MarkBegin(Op):
    """A cycle starts, marks everything reachable, and is held before mark termination."""

    detail: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True)
class MarkEnd(Op):
    """The held cycle is completed as in `RunGC`, and under such a schedule."""

    finalizers_after: tuple[int, ...] = field(default=FINALIZERS_FIRST, metadata=may_be.VISITS)


@dataclass(frozen=True, slots=True)
class Snapshot(Op):
    """Nothing happens; a recording takes a snapshot here."""


@dataclass(frozen=True, slots=True)
class StartGC(Op):
    """A cycle starts: roots are queued, nothing is marked through yet."""


@dataclass(frozen=True, slots=True)
class MarkStep(Op):
    """One piece of marking work: the oldest grey oblet is scanned."""


@dataclass(frozen=True, slots=True)
class FinishMark(Op):
    """Marking runs to its end, mark termination follows, the phase is off; sweeping is still due."""


@dataclass(frozen=True, slots=True)
class SweepStep(Op):
    """The sweeper visits one chunk: the next in its order, or the one named."""

    chunk: int | None = field(default=None, metadata=may_be.OPTIONAL_CHUNK)


@dataclass(frozen=True, slots=True)
class RunFinalizers(Op):
    """The finalizer goroutine runs whatever is queued."""


def program(given: Iterable[Op]) -> Iterable[Op]:
    """Return what was given, if it can be a program.

    Raises:
        ArgumentError: no operations one after the other.

    """
    if isinstance(given, Op | str | bytes) or not isinstance(given, Iterable):
        raise ArgumentError("program", given, "operations in a list, such as [NewArena(0), RunGC()]")
    return given


#: Arenas that no NewArena made: a nil *Arena, and the zero value of Arena.
NIL_ARENA, ZERO_ARENA = -1, -2
#: Places of values that no arena made: nil, the program's image, the ordinary heap.
NIL, STATIC, HEAP = -1, -2, -3

OPS: dict[str, type[Op]] = {
    "new_arena": NewArena,
    "new": New,
    "slice": MakeSlice,
    "rep": Rep,
    "free": Free,
    "drop": Drop,
    "hold": Hold,
    "unhold": Unhold,
    "link": Link,
    "write": Write,
    "read": Read,
    "clone": Clone,
    "set_finalizer": SetFinalizer,
    "add_cleanup": AddCleanup,
    "pin": Pin,
    "make_weak": MakeWeak,
    "weak_value": WeakValue,
    "store": Store,
    "gc": RunGC,
    "mark_begin": MarkBegin,
    "mark_end": MarkEnd,
    "snapshot": Snapshot,
    "start_gc": StartGC,
    "mark_step": MarkStep,
    "finish_mark": FinishMark,
    "sweep_step": SweepStep,
    "run_finalizers": RunFinalizers,
}
