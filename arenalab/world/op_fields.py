"""What each field of an operation may hold: one description per kind of field.

An operation is checked where it is made, so a program, a trace and a file that hold one hold a
sensible one. Whether it makes sense *now* (is there such an arena?) is the procedure's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from arenalab.codec.kinds import Kind, Naturals, Numbers, OneType, Texts
from arenalab.go.type_rows import KINDS
from arenalab.go.types import GoType

MOST_REP = 10**8  #: values that one Rep may ask for: more would take hours and all memory.
MOST_ID = 2**31 - 1  #: the largest number of an arena or a hold; a trace's column holds no larger one.
_INT_64: Final = range(-(2**63), 2**63)


def _whole(within: range, what: str, *, optional: bool = False) -> Mapping[str, Kind]:
    text = f"a whole number from {within.start:,} to {within.stop - 1:,}: {what}"
    return {"kind": Kind(int, within, text + (", or None" if optional else ""), optional)}


#: How `field(metadata=...)` of an operation says what the field may hold.
NEW_ARENA = _whole(range(MOST_ID + 1), "the program's name for the new arena")
MADE_ARENA = _whole(range(MOST_ID + 1), "an arena that NewArena made")
ANY_ARENA = _whole(range(-2, MOST_ID + 1), "an arena that NewArena made, NIL_ARENA (-1) or ZERO_ARENA (-2)")
HOLD = _whole(range(MOST_ID + 1), "the number of a global")
NEW_WEAK = _whole(range(MOST_ID + 1), "the program's name for the new weak pointer")
MADE_WEAK = _whole(range(MOST_ID + 1), "a weak pointer that MakeWeak made")
COUNT = _whole(range(MOST_REP + 1), "how many values")
INT = _whole(_INT_64, "a Go int")
OPTIONAL_INT = _whole(_INT_64, "a Go int", optional=True)
LENGTH = _whole(range(-1, 2**63), "the length, -1 for a pointer")
VALUE = _whole(range(-(2**63), 2**64), "the bits of one word")
OFFSET = _whole(range(2**48), "bytes from the object's start, or an address where the object is NIL")
ADDRESS = _whole(range(2**64), "an address")
OBJECT = _whole(range(2**63), "an object, in the order of making")
OBJECT_OR_NIL = _whole(range(-1, 2**63), "an object, in the order of making, or NIL (-1)")
OBJECT_OR_PLACE = _whole(
    range(-3, 2**63), "an object, in the order of making, or NIL (-1), STATIC (-2), HEAP (-3)"
)
OPTIONAL_CHUNK = _whole(range(2**31), "a chunk", optional=True)
VISITS = {"kind": Numbers(tuple, Naturals(), "a tuple of whole numbers: after how many spans swept")}
GO_TYPE = {"kind": OneType(GoType, None, 'a GoType, such as arenalab.type_of("struct{ next *int }")')}
FLAG = {"kind": Kind(bool, None, "True or False")}
TEXT = {"kind": Kind(str, None, "a text")}
TYPE_TEXT = {"kind": Kind(str, Texts(1), 'the text of a Go type, or "nil"')}
GO_KIND = {"kind": Kind(str, {"nil", *KINDS}, f"one of nil, {', '.join(KINDS)}")}
