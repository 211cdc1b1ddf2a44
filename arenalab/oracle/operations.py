"""The operations that real Go can be asked for, and whether one makes sense after those before it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from arenalab.errors import ScenarioError

Op = dict[str, Any]

MAX_ARENAS = 65_536
MAX_HOLDS = 4_096
MAX_TYPES = 1_024
MAX_CHUNKS = 1_024
MAX_WEAKS = 4_096
MAX_OBJECTS = 65_536
MAX_CAP = 2**59
MAX_REPEAT = 2**39

# Each operation: the letter by which the recorder knows it, and its arguments in order with their bounds.
OPERATIONS: dict[str, tuple[str, dict[str, int]]] = {
    "new_arena": ("A", {"arena": MAX_ARENAS}),
    "new": ("N", {"arena": MAX_ARENAS, "type": MAX_TYPES}),
    "slice": ("S", {"arena": MAX_ARENAS, "type": MAX_TYPES, "cap": MAX_CAP}),
    "rep": ("R", {"arena": MAX_ARENAS, "type": MAX_TYPES, "n": MAX_REPEAT}),
    "free": ("F", {"arena": MAX_ARENAS}),
    "drop": ("D", {"arena": MAX_ARENAS}),
    "hold": ("H", {"hold": MAX_HOLDS, "arena": MAX_ARENAS}),
    "unhold": ("U", {"hold": MAX_HOLDS}),
    "link": ("L", {"from": MAX_ARENAS, "to": MAX_ARENAS}),
    "make_weak": ("K", {"weak": MAX_WEAKS, "object": MAX_OBJECTS, "offset": MAX_CAP}),
    "weak_value": ("V", {"weak": MAX_WEAKS}),
    "gc": ("G", {}),
    "mark_begin": ("B", {}),
    "mark_end": ("E", {}),
    "finish_mark": ("M", {}),
    "sweep_step": ("W", {"chunk": MAX_CHUNKS}),
    "run_finalizers": ("Z", {}),
    "snapshot": ("P", {}),
}
#: Those that may say after how many of the sweeper's visits the finalizer goroutine gets to run.
SCHEDULED = ("gc", "mark_end")
SCHEDULE = "finalizers_after"
#: Arguments that need not be given.
OPTIONAL = {("sweep_step", "chunk"), ("make_weak", "offset")}
MAX_VISITS = 4_096


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
                raise ScenarioError(f"operation {index} ({op.get('op', op)}): {trouble}") from None
        if self.marking:
            raise ScenarioError("the program ends within a marking; add a mark_end operation")

    def _arguments(self, op: Op) -> None:
        if op.get("op") not in OPERATIONS:
            raise ScenarioError(f"unknown; the operations are {', '.join(OPERATIONS)}")
        for name, bound in OPERATIONS[op["op"]][1].items():
            if name not in op and (op["op"], name) in OPTIONAL:
                continue
            value = op.get(name)
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < bound:
                raise ScenarioError(f"{name} is {value!r}, and must be a whole number from 0 to {bound - 1}")
        if op.get("type", 0) >= self.types and "type" in OPERATIONS[op["op"]][1]:
            raise ScenarioError(f"type {op['type']} is not among the {self.types} types")
        if SCHEDULE in op:
            _check_schedule(op)

    def _sense(self, op: Op) -> None:
        match op["op"]:
            case "new_arena" if op["arena"] in self.made:
                raise ScenarioError(f"arena {op['arena']} was made before; number each arena anew")
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
            trouble = "was made before; number each anew" if op["op"] == "make_weak" else "was never made"
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


def _check_schedule(op: Op) -> None:
    """Refuse a schedule that the operation can't have, or that is none."""
    visits = op[SCHEDULE]
    if op["op"] not in SCHEDULED:
        raise ScenarioError(f"{SCHEDULE} is given; only {' and '.join(SCHEDULED)} have it")
    if (
        not isinstance(visits, list)
        or len(visits) >= MAX_VISITS
        or not all(type(number) is int and 0 <= number < 2**40 for number in visits)
        or visits != sorted(set(visits))
    ):
        raise ScenarioError(
            f"{SCHEDULE} is {visits!r}, and must be a list of less than {MAX_VISITS:,} whole numbers, "
            "ascending: after how many spans swept the finalizer goroutine gets to run"
        )
