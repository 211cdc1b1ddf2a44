"""A Go program written in Python: each method is a statement of Go, performed by the model.

A panic, throw or fault is raised as the `GoError` that it is, so a program stops where Go's
would; nothing here knows an answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from arenalab.errors import ModelBug
from arenalab.go.rules import GoRules
from arenalab.go.sizeclasses import elem_size
from arenalab.go.types import GoType
from arenalab.machine.clone import place_of
from arenalab.machine.ends import error_of
from arenalab.machine.machine import Machine
from arenalab.world import ops
from arenalab.world.access_events import ClonedToHeap, ValueRead
from arenalab.world.event import Event
from arenalab.world.ops import HEAP, NIL, NIL_ARENA, STATIC, ZERO_ARENA
from arenalab.world.weak_events import WeakPointerRead

__all__ = ["HEAP", "NIL", "NIL_ARENA", "STATIC", "ZERO_ARENA", "GoProgram", "Ref"]


@dataclass(frozen=True, slots=True)
class Ref:
    """A pointer, slice or string of the program, or another value that `Clone` may be given."""

    object: int  #: ledger row, or NIL, STATIC, HEAP.
    type: GoType  #: of the element, or of the value itself for other kinds.
    kind: str = "ptr"
    offset: int = 0
    len: int = -1
    cap: int = -1
    declared: str = ""  #: name of a declared string type.

    @property
    def is_nil(self) -> bool:
        """Whether it is nil."""
        return self.object == NIL

    def element(self, number: int) -> Ref:
        """Return a pointer to an element: `&s[number]`."""
        return Ref(self.object, self.type, offset=self.offset + number * self.type.size)

    def field(self, offset: int, go_type: GoType) -> Ref:
        """Return a pointer to a field: `&p.field`."""
        return Ref(self.object, go_type, offset=self.offset + offset)

    def cut(self, low: int, high: int, most: int | None = None) -> Ref:
        """Return `s[low:high]` or `s[low:high:most]`; an empty capacity keeps the old address."""
        cap = (self.cap if most is None else most) - low
        offset = self.offset + low * self.type.size if cap or self.kind == "string" else self.offset
        return replace(self, offset=offset, len=high - low, cap=cap)

    def as_string(self, declared: str = "") -> Ref:
        """Return a string over a byte slice: `unsafe.String(&b[0], len(b))`."""
        return replace(self, kind="string", cap=self.len, declared=declared)


class GoProgram:
    """The statements that the recorded cases are made of."""

    def __init__(self, rules: GoRules) -> None:
        """Start a program."""
        self.machine = Machine(rules)
        self.arenas = self.weaks = 0
        self.panic_on_fault = False

    def new_arena(self) -> int:
        """`arena.NewArena()`."""
        self._do(ops.NewArena(self.arenas))
        self.arenas += 1
        return self.arenas - 1

    def freed(self) -> int:
        """Return an arena made and freed at once."""
        made = self.new_arena()
        self.free(made)
        return made

    def free(self, arena: int, *, copied: bool = False) -> None:
        """`a.Free()`; `copied`: with the handle itself, past package arena."""
        self._do(ops.Free(arena, copied=copied))

    def new(self, arena: int, go_type: GoType, *, copied: bool = False, given: str = "*T") -> Ref:
        """`arena.New[T](a)`."""
        self._do(ops.New(arena, go_type, copied=copied, given=given))
        return Ref(self._latest(), go_type)

    def make_slice(
        self, arena: int, go_type: GoType, length: int | None, cap: int,
        *, copied: bool = False, given: str = "*[]T",
    ) -> Ref:  # fmt: skip
        """`arena.MakeSlice[T](a, length, cap)`; without a length, the runtime's own function."""
        self._do(ops.MakeSlice(arena, go_type, cap, length, copied=copied, given=given))
        return Ref(self._latest(), go_type, "slice", 0, cap if length is None else length, cap)

    def hold(self, arena: int) -> None:
        """Keep a pointer to the arena's last object in a global."""
        self._do(ops.Hold(0, arena))

    def gc(self) -> None:
        """`runtime.GC()`."""
        self._do(ops.RunGC())

    def read(self, pointer: Ref, offset: int = 0) -> int:
        """Read the word `offset` bytes past a pointer."""
        op = ops.Read(pointer.object, pointer.offset + offset, panic_on_fault=self.panic_on_fault)
        return next(event.value for event in self._do(op) if isinstance(event, ValueRead))

    def write(self, pointer: Ref, value: int, offset: int = 0) -> None:
        """Write a pointer-free value `offset` bytes past a pointer."""
        where = pointer.offset + offset
        self._do(ops.Write(pointer.object, where, value, panic_on_fault=self.panic_on_fault))

    def store(self, pointer: Ref, offset: int, target: int) -> None:
        """Store an address in a pointer word `offset` bytes past a pointer."""
        self._do(ops.Store(self.address(pointer) + offset, target))

    def clone(self, value: Ref) -> Ref:
        """`arena.Clone(value)`."""
        events = self._do(
            ops.Clone(value.object, value.type, value.kind, value.offset, value.len, value.declared)
        )
        if isinstance(events[-1], ClonedToHeap):
            return replace(value, object=self._latest(), offset=0, cap=events[-1].cap)
        if value.kind == "string" and not value.len:
            return replace(value, object=NIL, offset=0)  # the zero string has no address
        return value

    def set_finalizer(self, pointer: Ref) -> None:
        """`runtime.SetFinalizer(p, f)`."""
        self._do(ops.SetFinalizer(pointer.object))

    def add_cleanup(self, pointer: Ref) -> None:
        """`runtime.AddCleanup(p, f, arg)`."""
        self._do(ops.AddCleanup(pointer.object))

    def weak(self, pointer: Ref) -> int:
        """`weak.Make(p)`; return the weak pointer's number."""
        self._do(ops.MakeWeak(self.weaks, pointer.object, pointer.offset))
        self.weaks += 1
        return self.weaks - 1

    def strong(self, weak: int, go_type: GoType) -> Ref:
        """`w.Value()` of a weak pointer to a type."""
        read = next(event for event in self._do(ops.WeakValue(weak)) if isinstance(event, WeakPointerRead))
        return Ref(read.object, go_type, offset=read.offset)

    def pin(self, pointer: Ref) -> None:
        """`new(runtime.Pinner).Pin(p)`."""
        self._do(ops.Pin(pointer.object))

    # looking

    def where(self, value: Ref) -> str:
        """Describe what kind of memory a value is in: nil, static, heap, zerobase or chunk."""
        return place_of(self.machine.world, value.object)

    def where_address(self, addr: int) -> str:
        """Return whether an address lies in a chunk."""
        return "static" if self.machine.world.span_of(addr) is None else "chunk"

    def address(self, pointer: Ref) -> int:
        """Return the address of something in a chunk."""
        return self.machine.world.ledger.row(pointer.object)[0] + pointer.offset

    def slot(self, value: Ref) -> list[int]:
        """Return bytes and noscan bit of the heap's slot that a value has; zeros elsewhere."""
        if self.where(value) != "heap":
            return [0, 0]
        size, rules = value.type.size * max(value.cap, 1), self.machine.rules
        return [elem_size(size, rules, noscan=value.type.noscan), int(value.type.noscan)]

    def same(self, one: Ref, other: Ref) -> bool:
        """Return whether two values have the same address."""
        return (one.object, one.offset) == (other.object, other.offset) or (one.is_nil and other.is_nil)

    def equal(self, one: Ref, other: Ref) -> bool:
        """Return whether two strings have the same bytes."""
        if one.len != other.len or self.same(one, other):
            return one.len == other.len
        return all(self.read(one, at) == self.read(other, at) for at in range(one.len))

    def _do(self, op: ops.Op) -> list[Event]:
        """Perform an operation and raise the error that it ended in."""
        events = self.machine.do(op)
        error = error_of(events[-1]) if events else None
        if error is not None:
            raise error
        return events

    def _latest(self) -> int:
        made = len(self.machine.world.ledger)
        if not made:
            msg = "an operation that places a value placed none"
            raise ModelBug(msg)
        return made - 1
