"""The operations that real Go can be asked for, and whether one makes sense after those before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Iterable
from contextlib import suppress
from typing import Any

from arenalab.codec.forms import Form
from arenalab.codec.kinds import Kind, Naturals, Numbers
from arenalab.errors import ArgumentError, ScenarioError, shown
from arenalab.world import ops
from arenalab.world.forms import asked_form, asked_keys

Op = dict[str, Any]

MAX_ARENAS = 65_536
MAX_HOLDS = 4_096
MAX_TYPES = 1_024
MAX_CHUNKS = 1_024
MAX_WEAKS = 4_096
MAX_OBJECTS = 65_536
MAX_CAP = 2**59
MAX_REPEAT = 2**39

MAX_VISITS = 4_096


class _Ascending(Container[tuple[int, ...]]):
    def __contains__(self, visits: object) -> bool:
        if not isinstance(visits, tuple) or visits not in Naturals():
            return False
        return len(visits) < MAX_VISITS and list(visits) == sorted(set(visits))


def _below(bound: int) -> Kind:
    return Kind(int, range(bound), f"a whole number from 0 to {bound - 1:,}")


#: Argument -> what the recorder has room for.
_ROOM = {
    "arena": _below(MAX_ARENAS), "from": _below(MAX_ARENAS), "to": _below(MAX_ARENAS), "type": _below(MAX_TYPES),
    "cap": _below(MAX_CAP), "n": _below(MAX_REPEAT), "hold": _below(MAX_HOLDS), "weak": _below(MAX_WEAKS),
    "object": _below(MAX_OBJECTS), "offset": _below(MAX_CAP), "chunk": _below(MAX_CHUNKS),
    "finalizers_after": Numbers(
        tuple, _Ascending(),
        f"less than {MAX_VISITS:,} whole numbers, ascending: after how many spans swept the finalizer goroutine runs",
    ),
}  # fmt: skip
#: Operation -> the letter by which the recorder knows it.
_LETTERS: dict[type[ops.Op], str] = {
    ops.NewArena: "A", ops.New: "N", ops.MakeSlice: "S", ops.Rep: "R", ops.Free: "F", ops.Drop: "D", ops.Hold: "H",
    ops.Unhold: "U", ops.Link: "L", ops.MakeWeak: "K", ops.WeakValue: "V", ops.RunGC: "G", ops.MarkBegin: "B",
    ops.MarkEnd: "E", ops.FinishMark: "M", ops.SweepStep: "W", ops.RunFinalizers: "Z", ops.Snapshot: "P",
}  # fmt: skip


def _form(kind: type[ops.Op]) -> Form[ops.Op]:
    """Return an operation's arguments within what the recorder has room for, in the order in which it reads them."""
    cells = {cell.key: cell for cell in asked_form(kind).cells}
    return Form(
        kind.name, kind, [cells[key]._replace(kind=_ROOM[key]) for key in asked_keys(kind)], checked=False
    )


#: Operation -> its letter, and its arguments.
OPERATIONS = {kind.name: (letter, _form(kind)) for kind, letter in _LETTERS.items()}


def line_of(op: Op) -> str:
    """Return an operation as the recorder reads it: letter, numbers, a list with its length before it."""
    letter, form = OPERATIONS[op["op"]]
    given = [op[cell.key] for cell in form.cells if cell.key in op]
    numbers = (word for each in given for word in ([len(each), *each] if isinstance(each, list) else [each]))
    return " ".join([letter, *map(str, numbers)])


def arguments_only(row: Op) -> Op:
    """Return an operation's row without what a recording observed."""
    kind = OPERATIONS.get(row["op"]) if isinstance(row["op"], str) else None
    wanted = {"op", "finalizers_after"} | (kind[1].keys if kind else set())
    return {key: value for key, value in row.items() if key in wanted}


class Checker:
    """Follows which arenas live and whether a marking is held, to refuse what has no meaning."""

    def __init__(self, types: int) -> None:
        self.types = types
        self.made: set[int] = set()
        self.live: set[int] = set()
        self.held: set[int] = set()
        self.weaks: set[int] = set()
        self.homes: list[int] = []  # arenas that made values, one entry for each operation that did
        self.firsts: list[int] = []  # and the number of its first value
        self.rows = 0
        self.marking = False

    def mend(self, ops: Iterable[Op]) -> list[Op]:
        """Those operations that make sense one after the other, a held marking ended."""
        kept = []
        for op in ops:
            with suppress(ScenarioError):
                self.one(op)
                kept.append(op)
        return [*kept, {"op": "mark_end"}] if self.marking else kept

    def one(self, op: Op) -> None:
        """Follow one operation, or raise `ScenarioError` and stay as before."""
        self._arguments(op)
        self._sense(op)

    def check(self, ops: Iterable[Op]) -> None:
        """Follow operations, or raise `ScenarioError` that names the one without sense."""
        for index, op in enumerate(ops):
            try:
                self.one(op)
            except ScenarioError as trouble:
                raise ScenarioError(f"operation {index + 1} ({op.get('op', op)}): {trouble}") from None
        if self.marking:
            raise ScenarioError("the program ends within a marking; add a mark_end operation")

    def _arguments(self, op: Op) -> None:
        kind = OPERATIONS.get(op["op"]) if isinstance(op.get("op"), str) else None
        if kind is None:
            there = ", ".join(OPERATIONS)
            raise ScenarioError(f"unknown operation {shown(op.get('op'))}; expected one of: {there}")
        form = kind[1]
        form.check_keys(op, ("op",))
        form.check(op, ())
        if "type" in form.keys and op["type"] >= self.types:
            raise ArgumentError(f"{form.what}.type", op["type"], f"one of {self.types} types, by its number")

    def _sense(self, op: Op) -> None:
        match op["op"]:
            case "new_arena" if op["arena"] in self.made:
                raise ScenarioError(f"arena {op['arena']} was made before; give each arena its own number")
            case "new_arena":
                self.made.add(op["arena"])
                self.live.add(op["arena"])
            case "new" | "slice" | "rep" | "free" | "drop" if op["arena"] not in self.live:
                raise ScenarioError(f"arena {op['arena']} does not live (never made, or freed, or dropped)")
            case "new" | "slice" | "rep":
                self._made(op["arena"], op.get("n", 1))
            case "hold" | "link" | "unhold":
                self._pointers(op)
            case "make_weak" | "weak_value":
                self._weak(op)
            case "free" | "drop":
                self.live.discard(op["arena"])
            case "gc" | "mark_begin" | "mark_end" | "finish_mark" | "sweep_step" | "run_finalizers":
                self._cycle(op["op"])

    def _made(self, arena: int, count: int) -> None:
        self.homes.append(arena)
        self.firsts.append(self.rows)
        self.rows += count

    def _weak(self, op: Op) -> None:
        if (op["weak"] in self.weaks) is (op["op"] == "make_weak"):
            trouble = (
                "was made before; give each its own number" if op["op"] == "make_weak" else "was never made"
            )
            raise ScenarioError(f"weak pointer {op['weak']} {trouble}")
        if op["op"] == "weak_value":
            return
        if op["object"] >= self.rows:
            raise ScenarioError(f"object {op['object']} is not made yet; there are {self.rows}")
        home = self.homes[bisect_right(self.firsts, op["object"]) - 1]
        if home not in self.live:
            raise ScenarioError(f"object {op['object']} is of arena {home}, which does not live")
        self.weaks.add(op["weak"])

    def _cycle(self, op: str) -> None:
        ends = op in ("mark_end", "finish_mark")
        if ends and not self.marking:
            raise ScenarioError("no marking is held; begin one with mark_begin")
        if self.marking and not ends:
            raise ScenarioError("a marking is held; end it with mark_end or finish_mark first")
        self.marking = op == "mark_begin"

    def _pointers(self, op: Op) -> None:
        for name in ("arena", "from", "to"):
            if name in op and op[name] not in self.made:
                raise ScenarioError(f"arena {op[name]} was never made")
        if op["op"] == "unhold" and op["hold"] not in self.held:
            raise ScenarioError(f"global {op['hold']} was never held, so it can't be set to nil")
        if op["op"] == "hold":
            self.held.add(op["hold"])
