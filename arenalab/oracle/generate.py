"""Random programs, the same for the same seed, in which rare things are common.

A program that only allocates at random hardly ever fills a chunk to the last byte, ends on a
512-byte boundary or leaves a tail for alignment. So the generator follows the edges of every
chunk (a rough model: where it errs, the program is only less pointed) and aims at them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from arenalab.oracle.operations import MAX_OBJECTS, MAX_WEAKS, Op
from arenalab.oracle.pool_types import BYTE, EMPTY, INT64, MAX_ALLOC, POINTER, about, random_types
from arenalab.oracle.program import Program
from arenalab.oracle.weights import Profile, weights_of
from arenalab.scenarios.values import FIRST_GO

CHUNK = 8_388_608
BITMAP_REACH = 512  # bytes that one bitmap word describes
MANY_LIVE = 10
MANY_CHUNKS = 40


@dataclass(frozen=True)
class Shape:
    """What the generator must know of a type to aim with it."""

    size: int
    align: int
    ptr_bytes: int

    @classmethod
    def of(cls, row: dict[str, Any]) -> Shape:
        """From a recording's type row."""
        return cls(row["size"], row["align"], row["ptrbytes"])


@dataclass
class _Chunk:
    low: int = 0
    high: int = CHUNK

    def take(self, shape: Shape, size: int) -> bool:
        if shape.ptr_bytes:
            start = -(-self.low // shape.align) * shape.align
            if start + size > self.high:
                return False
            self.low = start + size
            return True
        start = (self.high - size) // shape.align * shape.align
        if start < self.low:
            return False
        self.high = start
        return True


@dataclass
class _Maker:
    """Writes one program, following live arenas and their chunks' edges."""

    chance: random.Random
    shapes: Sequence[Shape]
    ops: list[Op] = field(default_factory=list)
    chunks: dict[int, list[_Chunk]] = field(default_factory=dict)  # of each live arena, active last
    dropped: list[int] = field(default_factory=list)
    reuse: list[_Chunk] = field(default_factory=list)
    holds: set[int] = field(default_factory=set)
    marking: bool = False
    names: count[int] = field(default_factory=count)
    rows: int = 0  # values made so far
    objects: dict[int, list[tuple[int, int]]] = field(
        default_factory=dict
    )  # of each live arena: (row, bytes)
    weaks: int = 0  # weak pointers made so far

    def emit(self, op: str, **arguments: int | list[int]) -> None:
        self.ops.append({"op": op} | arguments)

    def fresh(self) -> _Chunk:
        return self.reuse.pop() if self.reuse else _Chunk()

    def some_arena(self) -> int:
        if not self.chunks:
            self.new_arena()
        return self.chance.choice(sorted(self.chunks))

    def new_arena(self) -> None:
        if len(self.chunks) >= MANY_LIVE or sum(map(len, self.chunks.values())) >= MANY_CHUNKS:
            self.free()
            return
        arena = next(self.names)
        self.objects[arena] = []
        self.chunks[arena] = [self.fresh()]
        self.emit("new_arena", arena=arena)

    def track(self, arena: int, kind: int, size: int) -> None:
        shape = self.shapes[kind]
        if 0 < size <= MAX_ALLOC:
            while not self.chunks[arena][-1].take(shape, size):
                self.chunks[arena].append(self.fresh())

    def made(self, arena: int, size: int, count: int = 1) -> None:
        """Number the values of an operation; those in chunks, which live as long as their arena, are remembered."""
        if 0 < size <= MAX_ALLOC and count:
            self.objects[arena] += [(self.rows, size), (self.rows + count - 1, size)]
        self.rows += count

    def new(self, kind: int | None = None) -> None:
        arena = self.some_arena()
        kind = self.chance.randrange(len(self.shapes)) if kind is None else kind
        self.emit("new", arena=arena, type=kind)
        self.made(arena, self.shapes[kind].size)
        self.track(arena, kind, self.shapes[kind].size)

    def slice_of(self, arena: int, kind: int, cap: int) -> None:
        self.emit("slice", arena=arena, type=kind, cap=cap)
        self.made(arena, self.shapes[kind].size * cap)
        self.track(arena, kind, self.shapes[kind].size * cap)

    def slice(self) -> None:
        kind = self.chance.randrange(len(self.shapes))
        size = max(1, self.shapes[kind].size)
        most = max(1, 3 * MAX_ALLOC // 2 // size)
        cap = self.chance.choice((0, 1, self.chance.randrange(1, 30), about(self.chance, most), most))
        self.slice_of(self.some_arena(), kind, min(cap, most))

    def rep(self) -> None:
        arena, kind = self.some_arena(), self.chance.randrange(len(self.shapes))
        size = max(1, self.shapes[kind].size)
        n = min(about(self.chance, 12_000), max(1, CHUNK // size))
        if size > MAX_ALLOC:
            return
        self.emit("rep", arena=arena, type=kind, n=n)
        self.made(arena, self.shapes[kind].size, n)
        for _ in range(n):
            self.track(arena, kind, self.shapes[kind].size)

    def fill(self) -> None:
        """Fill the active chunk to the last byte, from the front or the back, with at most five objects."""
        arena = self.some_arena()
        kind, unit = self.chance.choice(((BYTE, 1), (POINTER, 8)))
        chunk = self.chunks[arena][-1]
        low = -(-chunk.low // unit) * unit
        rest = (chunk.high - low) // unit * unit
        while rest > 0:
            size = min(rest, MAX_ALLOC)
            self.slice_of(arena, kind, size // unit)
            rest -= size

    def quarter(self) -> None:
        """The largest object that stays in a chunk, or one byte more."""
        arena, more = self.some_arena(), self.chance.random() < 0.3
        if self.chance.random() < 0.5:
            self.slice_of(arena, POINTER, MAX_ALLOC // 8 + more)
        else:
            self.slice_of(arena, BYTE, MAX_ALLOC + more)

    def boundary(self) -> None:
        """Let the pointerful side end exactly where a bitmap word ends, then go on there."""
        arena = self.some_arena()
        low = self.chunks[arena][-1].low
        words = (-low % BITMAP_REACH) // 8 or 64
        self.slice_of(arena, POINTER, words)
        if self.chance.random() < 0.5:
            self.new(POINTER)

    def tail(self) -> None:
        """Put odd bytes at the back, then something that must be aligned: the gap is lost."""
        self.slice_of(self.some_arena(), BYTE, self.chance.randrange(1, 16))
        self.new(INT64)

    def empty(self) -> None:
        self.slice_of(self.some_arena(), EMPTY, self.chance.choice((0, 1, 1000)))

    def free(self) -> None:
        arena = self.some_arena()
        self.emit("free", arena=arena)
        self.reuse.append(self.chunks.pop(arena)[-1])

    def drop(self) -> None:
        arena = self.some_arena()
        self.emit("drop", arena=arena)
        self.reuse.append(self.chunks.pop(arena)[-1])

    def hold(self) -> None:
        hold = self.chance.randrange(24)
        self.holds.add(hold)
        self.emit("hold", hold=hold, arena=self.some_arena())

    def unhold(self) -> None:
        if self.holds:
            hold = self.chance.choice(sorted(self.holds))
            self.holds.discard(hold)
            self.emit("unhold", hold=hold)

    def link(self) -> None:
        a = self.some_arena()
        self.emit("link", **{"from": a, "to": self.some_arena()})

    def weak(self) -> None:
        """Make a weak pointer to some byte of a value, its first mostly."""
        objects = self.objects[self.some_arena()]
        if not objects or self.weaks == MAX_WEAKS:
            return
        row, size = self.chance.choice(objects)
        if row < MAX_OBJECTS:
            inside = {"offset": self.chance.randrange(size)} if self.chance.random() < 0.3 else {}
            self.emit("make_weak", weak=self.weaks, object=row, **inside)
            self.weaks += 1

    def value(self) -> None:
        """Ask some weak pointer, also one to a value long gone."""
        if self.weaks:
            self.emit("weak_value", weak=self.chance.randrange(self.weaks))

    def schedule(self) -> dict[str, list[int]]:
        """Who gets to run first once marking is over; {} leaves it to Go's scheduler."""
        some = self.chance.sample(range(12), self.chance.randrange(1, 4))
        schedules: tuple[list[int] | None, ...] = (None, [0], [], sorted(some), list(range(40)))
        drawn = self.chance.choices(schedules, (2, 2, 3, 4, 1))[0]
        return {} if drawn is None else {"finalizers_after": drawn}

    def collect(self) -> None:
        """A whole collection; or the end of the held one."""
        self.emit("mark_end" if self.marking else "gc", **self.schedule())
        self.marking = False

    def finish(self) -> None:
        """End the held marking alone: the program goes on while sweeping is due and finalizers wait."""
        if self.marking:
            self.emit("finish_mark")
            self.marking = False
        else:
            self.sweep()

    def sweep(self) -> None:
        """Sweep a few chunks, in any order, or let the finalizers run that are queued by now."""
        if self.marking:
            return
        for _ in range(self.chance.randrange(1, 9)):
            named = {} if self.chance.random() < 0.5 else {"chunk": self.chance.randrange(MANY_CHUNKS)}
            self.emit("sweep_step", **named)
        if self.chance.random() < 0.4:
            self.emit("run_finalizers")

    def mark(self) -> None:
        """Hold a collection in its mark phase; or let the held one end."""
        if self.marking:
            self.collect()
        else:
            self.emit("mark_begin")
            self.marking = True


def generate(
    seed: str,
    ops: int,
    profile: Profile,
    shapes: Callable[[Sequence[str]], Sequence[Shape]],
    *,
    types: int = 24,
    go: str = FIRST_GO,
) -> Program:
    """The program of this seed: the same text every time.

    Args:
        seed: any text.
        ops: how many operations, about; a held marking at the end adds one.
        profile: what to make common.
        shapes: asks the Go compiler for the shapes of the types.
        types: how many types.
        go: the Go that will perform it, such as "1.27": what it has not is not asked for.
    """
    chance = random.Random(f"{profile}:{seed}")  # noqa: S311  # not for secrets
    expressions = random_types(chance, types)
    return Program(expressions, random_ops(chance, ops, profile, shapes(expressions), go), seed, profile)


def random_ops(
    chance: random.Random, ops: int, profile: Profile, shapes: Sequence[Shape], go: str = FIRST_GO
) -> list[Op]:
    """Operations that a Go has, on the types of these shapes, of which the first four are `AIMING`."""
    maker = _Maker(chance, shapes)
    weights = weights_of(profile, go)
    maker.new_arena()
    while len(maker.ops) < ops:
        getattr(maker, chance.choices(list(weights), list(weights.values()))[0])()
    del maker.ops[ops:]
    if _marking(maker.ops):
        maker.emit("mark_end")
    return maker.ops


def _marking(ops: Sequence[Op]) -> bool:
    for op in reversed(ops):
        if op["op"] in ("mark_begin", "mark_end", "finish_mark"):
            return bool(op["op"] == "mark_begin")
    return False
