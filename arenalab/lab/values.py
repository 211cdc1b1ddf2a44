"""Ptr and Slice: pointers of the program, with the fields and elements that they lead to."""

from __future__ import annotations

from typing import Any, ClassVar

from arenalab.asked import Written, called, instance, position, whole
from arenalab.errors import ArgumentError, NoSuchNameError, cut, listed, shown
from arenalab.go.types import GoType
from arenalab.lab import memory
from arenalab.lab.handle import keep
from arenalab.lab.place import Place, Stretch, keep_place, where
from arenalab.lab.program import Program
from arenalab.names import no_such_name
from arenalab.units import elided, plainly
from arenalab.world import ops
from arenalab.world.access_events import ClonedToHeap
from arenalab.world.event_list import Events
from arenalab.world.ops import NIL
from arenalab.world.touch import Pointer


class Ptr(Place):
    """A pointer to a value: `p.next = q`, `p.n = 3` store into its fields, `p.next` tells what a field holds.

    A field whose name is a verb of this class is reached by `p.get("touch")` and `p.set("touch", q)`. Looking at a
    field is not an operation of the program; `p.read("n")` is. What is no struct and no array has one field, `value`:
    `p.value = 3` is Go's `*p = 3`.
    """

    offered: ClassVar[tuple[str, ...]] = (*Place.offered, "get", "read", "set")

    __slots__ = ()

    def __init__(
        self, lab: Program, row: int, offset: int, go_type: GoType, events: Events | None = None
    ) -> None:
        """Stand for a pointer to byte `offset` of object `row`, where a value of the type is."""
        keep_place(self, lab, row, offset, go_type, events)

    @called
    def get(self, field: str) -> Any:
        """Return what a field holds now; nothing happens.

        Returns:
            A pointer or slice (None for nil; an `Address` where no object is), a number, True or False; for a
            struct or an array inside, a pointer to it.

        Raises:
            NoSuchNameError: the type has no such field.
            GoFault: Go would fault reading it; the program has not, for nothing happened.

        """
        offset, go_type = self._field(field)
        return held(self.lab, self.object, offset, go_type)

    @called
    def set(self, field: str, value: Any) -> Events:
        """Store a value into a field, as `p.field = value` does.

        Args:
            field: its name.
            value: for a pointer, one of the right type, or None; for a slice or string, a slice or None; else a
                number, True or False.

        Raises:
            NoSuchNameError: the type has no such field.
            ArgumentError: a value of another type.
            GoFault, SanitizerReport: the memory can't be written any more.

        """
        offset, go_type = self._field(field)
        return self._store(f"{elided(self.type.expr)}.{field}", offset, go_type, value)

    @called
    def read(self, field: str) -> Events:
        """Read the first word of a field, as the program does: an operation, of which Go may fault."""
        return self.lab.perform(ops.Read(self.object, self._field(field)[0]))

    def _store(self, name: str, offset: int, go_type: GoType, value: Any) -> Events:
        return self.lab.perform(*memory.stores(self.lab, name, Pointer(self.object, offset), go_type, value))

    def _field(self, name: Any) -> tuple[int, GoType]:
        fields = self._fields()
        if name not in fields:
            raise no_such_name(elided(self.type.expr), name, list(fields))
        return fields[name]

    def _fields(self) -> dict[str, tuple[int, GoType]]:
        if self.type.kind not in ("struct", "array"):
            return {"value": (self.offset, self.type)}
        return {f.name: (self.offset + f.offset, f.type) for f in self.type.fields or () if f.name != "_"}

    def __getattr__(self, name: str) -> Any:
        """Return what a field holds now, as `get` does."""
        if name.startswith("_") and name not in self._fields():  # what Python and notebooks ask of any object
            raise AttributeError(f"'Ptr' object has no attribute {name!r}")
        if name not in self._fields():
            raise no_such_name(elided(self.type.expr), name, list(self._fields()), type(self).offered)
        return self.get(name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Store into a field, as `set` does."""
        self.set(name, value)

    def __getitem__(self, index: int) -> Any:
        """Return what an element of an array holds now."""
        return held(self.lab, self.object, *self._element(index))

    def __setitem__(self, index: int, value: Any) -> None:
        """Store into an element of an array."""
        offset, elem = self._element(index)
        self._store(f"{elided(self.type.expr)}[{index}]", offset, elem, value)

    def _element(self, index: Any) -> tuple[int, GoType]:
        elem, length = self.type.elem, self.type.length
        if elem is None or length is None:
            fields = listed(self._fields()) if self._fields() else "it has no fields either"
            raise ArgumentError(f"index into *{elided(self.type.expr)}", index, f"a field of it: {fields}")
        return self.offset + position("index", index, length, "an element") * elem.size, elem

    def __len__(self) -> int:
        """Return how many elements an array has, as Go's len of a pointer to one does."""
        if self.type.length is None:
            raise ArgumentError("len", self, "a slice, or a pointer to an array")
        return self.type.length

    def __bool__(self) -> bool:
        """Whether it leads somewhere, as every handle does: nil is None."""
        return True

    def __dir__(self) -> list[str]:
        """Return the fields, and the verbs."""
        return sorted({*super().__dir__(), *self._fields()})

    def __repr__(self) -> str:
        """Describe what it points to and where that is."""
        at = f" + {plainly(self.offset, 'byte')}" if self.offset else ""
        return f"<*{elided(self.type.expr)}: object {self.object}{at}, {where(self)}>"


class Slice(Stretch):
    """A slice: `s[3] = q`, `s[1:4]`, `len(s)`, `s.cap`; `s[3]` tells what an element holds."""

    offered: ClassVar[tuple[str, ...]] = (*Place.offered, "cap", "len")

    __slots__ = ()

    def __init__(  # what a slice is made of, and whose it is
        self,
        lab: Program,
        row: int,
        offset: int,
        elem: GoType,
        length: int,
        cap: int,
        events: Events | None = None,
    ) -> None:
        """Stand for a slice of `length` elements, the first at byte `offset` of object `row`."""
        keep_place(self, lab, row, offset, elem, events)
        keep(self, len=length, cap=cap)

    def _element(self, index: Any) -> int:
        number = position("index", index, self.len, f"an element of a slice of len {self.len}")
        return self.offset + number * self.type.size

    def __len__(self) -> int:
        """Return how many elements it has."""
        return self.len

    def __getitem__(self, index: int | slice) -> Any:
        """Return what an element holds now, or a slice of the same elements, as `s[low:high]` does."""
        if not isinstance(index, slice):
            return held(self.lab, self.object, self._element(index), self.type)
        low = 0 if index.start is None else whole("low", index.start, "a whole number")
        high = self.len if index.stop is None else whole("high", index.stop, "a whole number")
        if index.step is not None or not 0 <= low <= high <= self.cap:
            step = "" if index.step is None else f":{shown(index.step)}"
            raise ArgumentError(
                "slice",
                Written(f"s[{low}:{high}{step}]"),
                f"s[low:high] with 0 <= low <= high <= {self.cap}, its cap",
            )
        offset = self.offset + low * self.type.size
        return Slice(self.lab, self.object, offset, self.type, high - low, self.cap - low)

    def __setitem__(self, index: int, value: Any) -> None:
        """Store into an element."""
        pointer, name = Pointer(self.object, self._element(index)), f"[]{elided(self.type.expr)}[{index}]"
        self.lab.perform(*memory.stores(self.lab, name, pointer, self.type, value))

    def __getattr__(self, name: str) -> Any:
        """Refuse: a slice has elements, no fields."""
        if name.startswith("_"):
            raise AttributeError(f"'Slice' object has no attribute {name!r}")
        what = f"one of {listed(type(self).offered)}; a field is an element's, such as s[0].{cut(name, 40)}"
        raise NoSuchNameError(f"[]{elided(self.type.expr)}", name, what)

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse: a slice has elements, no fields."""
        what = "an element, such as s[0] = q: a slice itself can't be changed"
        raise NoSuchNameError(f"[]{elided(self.type.expr)}", name, what)

    def __repr__(self) -> str:
        """Describe what it is and where its elements are."""
        size = f"len {self.len}, cap {self.cap}"
        return f"<[]{elided(self.type.expr)}: {size}, object {self.object}, {where(self)}>"


def held(lab: Program, row: int, offset: int, go_type: GoType) -> Any:
    """Return what a value of an object holds now, pointers and slices as handles; see `Ptr.get`."""
    found = memory.held(lab, row, offset, go_type)
    if isinstance(found, memory.Pointee):
        return Ptr(lab, *found)
    return Slice(lab, *found) if isinstance(found, memory.Elements) else found


@called
def clone(value: Ptr | Slice) -> Ptr | Slice | None:
    """Copy a value out of its arena to the heap, as `arena.Clone(value)` does; the copy is shallow.

    >>> import arenalab
    >>> p = arenalab.Lab(gogc="off").new_arena().new("int")
    >>> arenalab.clone(p)
    <*int: object 1, on the heap>

    Returns:
        The copy; the value itself where it lies in no chunk; None after a panic that the program recovered from.

    Raises:
        ArgumentError: neither a pointer nor a slice of a lab.
        GoFault: the memory is gone.

    """
    instance("value", value, Place, "a pointer or slice of a Lab, such as a.new(type) returns")
    lab, slice_ = value.lab, value if isinstance(value, Slice) else None
    kind, length = ("ptr", -1) if slice_ is None else ("slice", slice_.len)
    events = lab.perform(ops.Clone(value.object, value.type, kind, value.offset, length))
    if lab.failed():
        return None
    if not any(isinstance(event, ClonedToHeap) for event in events):
        return value
    row = lab.world.ledger.count - 1
    made = lab.world.types[lab.world.ledger.row(row)[2]]
    return (
        Ptr(lab, row, 0, made, events) if slice_ is None else Slice(lab, row, 0, made, length, length, events)
    )


def object_of(lab: Program, given: Any) -> int:
    """Return the number of the object that a caller points to; None, for nil, is NIL.

    Raises:
        ArgumentError: no pointer of this lab.

    """
    if given is None:
        return NIL
    return _own(
        lab, "value", instance("value", given, Place, "a pointer or slice of this lab, or None for nil")
    ).object


def pointer_of(lab: Program, given: Any) -> Any:
    """Return a pointer as the machine takes it, whatever a caller has for one.

    Raises:
        ArgumentError: a pointer of another lab.

    """
    return _own(lab, "pointer", given).pointer if isinstance(given, Place) else given


def _own(lab: Program, name: str, given: Place) -> Place:
    if given.lab is not lab:
        raise ArgumentError(name, given, "a pointer or slice of this lab (this one is of another)")
    return given
