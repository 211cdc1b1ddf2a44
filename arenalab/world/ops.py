"""What the program asks for: imperative, plain data. A list of ops is a program.

The names and arguments are those of the recording format, so a recorded run is a program too.
Micro operations (`StartGC` … `SweepStep`) let a person drive the collector by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from arenalab.asked import Called
from arenalab.codec.kinds import Kind
from arenalab.errors import ArgumentError
from arenalab.names import no_such_name
from arenalab.world import op_fields as may_be

if TYPE_CHECKING:
    from arenalab.go.types import GoType


OPS: dict[str, type[Op]] = {}  #: operations by the names that files give them.


class InTrace(NamedTuple):
    """The row of a trace that says an operation."""

    code: int  #: in the column `op`; files keep these numbers.
    user_arena: str = ""  #: the field in the column of that name.
    n: tuple[str, ...] = ()  #: the field in the column `n`; flags there are its bits, the first the lowest.
    no_n: int = 0  #: what stands there where no field does.


@dataclass(frozen=True, slots=True, repr=False)
class Op(metaclass=Called):
    """Something the program asks of the runtime.

    Raises:
        ArgumentError: a field of the wrong kind or outside its range; see `world.op_fields`.

    """

    name: ClassVar[str] = ""  #: in files of every kind.
    since: ClassVar[str] = "1.21"  #: first Go that has it.
    #: Fields that real Go can be asked with, in the order in which the recorder reads them; None: it can't be asked.
    asked: ClassVar[tuple[str, ...] | None] = None
    #: Fields that recordings tell without having been asked, and their keys.
    told: ClassVar[tuple[tuple[str, str], ...]] = ()
    in_trace: ClassVar[InTrace | None] = None  #: None: no row of a trace says it.

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Enter every operation into the registry by its name."""
        # object.__init_subclass__: dataclass(slots=True) makes the class twice, super() would see the first.
        object.__init_subclass__(**kwargs)
        OPS[cls.name] = cls

    def __post_init__(self) -> None:
        """Check every field; an integer of another library becomes an int."""
        for name, exact, within, kind in _kinds(type(self)):
            value = getattr(self, name)
            if type(value) is not exact or (within is not None and value not in within):
                object.__setattr__(self, name, kind.taken(f"{type(self).__name__}.{name}", value))

    def __repr__(self) -> str:
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


@dataclass(frozen=True, slots=True, repr=False)
class NewArena(Op):
    """`arena.NewArena()`; the program calls it `user_arena` from now on."""

    name = "new_arena"
    asked = ("user_arena",)
    in_trace = InTrace(3, "user_arena")

    user_arena: int = field(metadata=may_be.NEW_ARENA)


@dataclass(frozen=True, slots=True, repr=False)
class New(Op):
    """`arena.New[T](a)`. `copied`: through an Arena value copied before Free.

    `given` is the type of what the runtime's function was given in T's place: `*T`, or, where the
    program called it past package arena, a type that it refuses; "nil" for nothing.
    """

    name = "new"
    asked = ("user_arena", "type")
    told = (("copied", "copied"),)
    in_trace = InTrace(0, "user_arena", no_n=-1)

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    type: GoType = field(metadata=may_be.GO_TYPE)
    copied: bool = field(default=False, metadata=may_be.FLAG)
    given: str = field(default="*T", metadata=may_be.TYPE_TEXT)


@dataclass(frozen=True, slots=True, repr=False)
class MakeSlice(Op):
    """`arena.MakeSlice[T](a, len, cap)`; `len` None means cap. `copied` and `given` are as in `New`."""

    name = "slice"
    asked = ("user_arena", "type", "cap")
    told = (("copied", "copied"),)
    in_trace = InTrace(1, "user_arena", ("cap",))

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    type: GoType = field(metadata=may_be.GO_TYPE)
    cap: int = field(metadata=may_be.INT)
    len: int | None = field(default=None, metadata=may_be.OPTIONAL_INT)
    copied: bool = field(default=False, metadata=may_be.FLAG)
    given: str = field(default="*[]T", metadata=may_be.TYPE_TEXT)


@dataclass(frozen=True, slots=True, repr=False)
class Rep(Op):
    """`n` times `New` of the same type, in one arena."""

    name = "rep"
    asked = ("user_arena", "type", "n")
    in_trace = InTrace(2, "user_arena", ("n",))

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    type: GoType = field(metadata=may_be.GO_TYPE)
    n: int = field(metadata=may_be.COUNT)


@dataclass(frozen=True, slots=True, repr=False)
class Free(Op):
    """`a.Free()`; the program forgets the handle as well. `copied`: through a copied Arena value.

    `by_finalizer`: no statement of the program, but what its runtime was seen to do with a handle that was dropped,
    whenever that was; a recording of a person's own program tells it so.
    """

    name = "free"
    asked = ("user_arena",)
    told = (("by_finalizer", "finalizer"),)
    in_trace = InTrace(4, "user_arena", ("copied", "by_finalizer"))

    user_arena: int = field(metadata=may_be.ANY_ARENA)
    copied: bool = field(default=False, metadata=may_be.FLAG)
    by_finalizer: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True, repr=False)
class Drop(Op):
    """The program forgets the handle without freeing."""

    name = "drop"
    asked = ("user_arena",)
    in_trace = InTrace(5, "user_arena")

    user_arena: int = field(metadata=may_be.MADE_ARENA)


@dataclass(frozen=True, slots=True, repr=False)
class Hold(Op):
    """A global, number `hold`, now points to the arena's last object that was placed in a chunk."""

    name = "hold"
    asked = ("hold", "user_arena")
    in_trace = InTrace(6, "user_arena", ("hold",))

    hold: int = field(metadata=may_be.HOLD)
    user_arena: int = field(metadata=may_be.MADE_ARENA)


@dataclass(frozen=True, slots=True, repr=False)
class Unhold(Op):
    """That global is set to nil."""

    name = "unhold"
    asked = ("hold",)
    in_trace = InTrace(7, "hold")

    hold: int = field(metadata=may_be.HOLD)


@dataclass(frozen=True, slots=True, repr=False)
class Link(Op):
    """The first pointer word of one arena's last pointerful chunk object points to another's last object."""

    name = "link"
    asked = ("from_arena", "to_arena")
    in_trace = InTrace(8, "from_arena", ("to_arena",))

    from_arena: int = field(metadata=may_be.MADE_ARENA)
    to_arena: int = field(metadata=may_be.MADE_ARENA)


@dataclass(frozen=True, slots=True, repr=False)
class Write(Op):
    """The program writes a pointer-free value into an object (a ledger row) that it made."""

    name = "write"

    object: int = field(metadata=may_be.OBJECT_OR_NIL)
    offset: int = field(metadata=may_be.OFFSET)
    value: int = field(metadata=may_be.VALUE)
    panic_on_fault: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True, repr=False)
class Read(Op):
    """The program reads a word of an object. `panic_on_fault`: after `debug.SetPanicOnFault(true)`."""

    name = "read"

    object: int = field(metadata=may_be.OBJECT_OR_NIL)
    offset: int = field(metadata=may_be.OFFSET)
    panic_on_fault: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True, repr=False)
class Clone(Op):
    """`arena.Clone(v)`: `v` is a pointer, slice or string at `offset` of an object, or another value.

    `object` is a ledger row, or `NIL`, `STATIC` or `HEAP` for what no arena made. `type` is the
    element's type for a "ptr" or "slice", the byte type for a "string", else the value's own.
    """

    name = "clone"

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)
    type: GoType = field(metadata=may_be.GO_TYPE)
    kind: str = field(default="ptr", metadata=may_be.GO_KIND)
    offset: int = field(default=0, metadata=may_be.OFFSET)
    len: int = field(default=-1, metadata=may_be.LENGTH)
    declared: str = field(
        default="", metadata=may_be.TEXT
    )  #: name of a declared string type, such as "main.named".


@dataclass(frozen=True, slots=True, repr=False)
class SetFinalizer(Op):
    """`runtime.SetFinalizer(p, f)` with a pointer to an object."""

    name = "set_finalizer"

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)


@dataclass(frozen=True, slots=True, repr=False)
class AddCleanup(Op):
    """`runtime.AddCleanup(p, f, arg)` with a pointer to an object; Go 1.24 and later."""

    name = "add_cleanup"
    since = "1.24"

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)


@dataclass(frozen=True, slots=True, repr=False)
class Pin(Op):
    """`(*runtime.Pinner).Pin(p)` with a pointer to an object."""

    name = "pin"

    object: int = field(metadata=may_be.OBJECT_OR_PLACE)


@dataclass(frozen=True, slots=True, repr=False)
class MakeWeak(Op):
    """`weak.Make(p)` with a pointer to byte `offset` of an object, kept as `weak`; Go 1.24 and later."""

    name = "make_weak"
    since = "1.24"
    asked = ("weak", "object", "offset")

    weak: int = field(metadata=may_be.NEW_WEAK)
    object: int = field(metadata=may_be.OBJECT_OR_PLACE)
    offset: int = field(default=0, metadata=may_be.OFFSET)


@dataclass(frozen=True, slots=True, repr=False)
class WeakValue(Op):
    """The weak pointer's `Value()`; Go 1.24 and later."""

    name = "weak_value"
    since = "1.24"
    asked = ("weak",)

    weak: int = field(metadata=may_be.MADE_WEAK)


@dataclass(frozen=True, slots=True, repr=False)
class Store(Op):
    """A pointer, or nil (0), is stored into the word at address `slot` of a chunk."""

    name = "store"

    slot: int = field(metadata=may_be.ADDRESS)
    target: int = field(metadata=may_be.ADDRESS)


#: Schedules of a collection: when the finalizer goroutine gets to run. Each number is how many spans the
#: sweeper has visited by then; whatever is queued after the last visit runs at the end.
FINALIZERS_FIRST: tuple[int, ...] = (0,)
SWEEP_FIRST: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class RunGC(Op):
    """`runtime.GC()`, with the finalizers it queues. `detail`: mark oblet by oblet, not in bulk.

    `finalizers_after` is a schedule: Go's scheduler decides it, so it is an input. `FINALIZERS_FIRST`,
    `SWEEP_FIRST`, or any other numbers of spans swept.
    """

    name = "gc"
    asked = ("finalizers_after",)
    in_trace = InTrace(9, n=("detail",))

    detail: bool = field(default=False, metadata=may_be.FLAG)
    finalizers_after: tuple[int, ...] = field(default=FINALIZERS_FIRST, metadata=may_be.VISITS)


@dataclass(frozen=True, slots=True, repr=False)
class MarkBegin(Op):
    """A cycle starts, marks everything reachable, and is held before mark termination."""

    name = "mark_begin"
    asked = ()
    in_trace = InTrace(10, n=("detail",))

    detail: bool = field(default=False, metadata=may_be.FLAG)


@dataclass(frozen=True, slots=True, repr=False)
class MarkEnd(Op):
    """The held cycle is completed as in `RunGC`, and under such a schedule."""

    name = "mark_end"
    asked = ("finalizers_after",)
    in_trace = InTrace(11)

    finalizers_after: tuple[int, ...] = field(default=FINALIZERS_FIRST, metadata=may_be.VISITS)


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot(Op):
    """Nothing happens; a recording takes a snapshot here."""

    name = "snapshot"
    asked = ()
    in_trace = InTrace(12)


@dataclass(frozen=True, slots=True, repr=False)
class StartGC(Op):
    """A cycle starts: roots are queued, nothing is marked through yet."""

    name = "start_gc"
    in_trace = InTrace(13)


@dataclass(frozen=True, slots=True, repr=False)
class MarkStep(Op):
    """One piece of marking work: the oldest grey oblet is scanned."""

    name = "mark_step"
    in_trace = InTrace(14)


@dataclass(frozen=True, slots=True, repr=False)
class FinishMark(Op):
    """Marking runs to its end, mark termination follows, the phase is off; sweeping is still due."""

    name = "finish_mark"
    asked = ()
    in_trace = InTrace(15)


@dataclass(frozen=True, slots=True, repr=False)
class SweepStep(Op):
    """The sweeper visits one chunk: the next in its order, or the one named."""

    name = "sweep_step"
    asked = ("chunk",)
    in_trace = InTrace(16)

    chunk: int | None = field(default=None, metadata=may_be.OPTIONAL_CHUNK)


@dataclass(frozen=True, slots=True, repr=False)
class RunFinalizers(Op):
    """The finalizer goroutine runs whatever is queued."""

    name = "run_finalizers"
    asked = ()
    in_trace = InTrace(17)


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
#: Places of values that no arena made: nil, the program's image, the heap.
NIL, STATIC, HEAP = -1, -2, -3


if not TYPE_CHECKING:  # else every name would be one to the type checker

    def __getattr__(name: str) -> Any:
        """Refuse a name that there is not."""
        if name.startswith("_"):
            raise AttributeError(f"module 'arenalab.world.ops' has no attribute {name!r}")
        raise no_such_name("arenalab.ops", name, [kind.__name__ for kind in OPS.values()])
