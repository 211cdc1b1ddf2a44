"""A run of arenas in a World: they are made, filled and freed; solved, certified, put into a few events.

What an arena's values take is worked out by the solver of runs, whose chunks are those that the reuse list hands on.
Who gets which is `turns`', which slot a handle takes `handle_slots`'. The small objects of an arena are those that the
machine says it makes for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import islice
from typing import Any

import numpy as np

from arenalab.bulk.bits import Ints
from arenalab.bulk.handle_slots import certify_slots, solve_slots
from arenalab.bulk.run import MOST_BYTES, Solved, span_of
from arenalab.bulk.turns import (
    Stretch,
    There,
    Turns,
    certify_handed_on,
    certify_turns,
    handed_on,
    turns_of,
)  # fmt: skip
from arenalab.bulk.type_table import TypeTable
from arenalab.errors import ModelBug
from arenalab.world.events import SmallObjectMade
from arenalab.world.run_events import ArenaRun
from arenalab.world.state import World
from arenalab.world.tables import GC_OFF, class_key

NEAR = 4  #: chunks, of the reuse list and of arenas made last, that are looked at to guess how much a run may take.


def may_run(world: World) -> bool:
    """Return whether arenas can be made and freed in a run now: nothing is marked or swept."""
    return bool(
        world.gc.phase == GC_OFF
        and not world.died
        and not world.handle_spans.unswept
        and not world.rules.sanitizer
        and world.rules.reuse_order == "lifo"
    )


def usable(world: World, number: int) -> bool:
    """Return whether a user arena can be allocated from."""
    return span_of(world, number) is not None


def freeable(world: World, number: int) -> bool:
    """Return whether a Free does nothing but put the active chunk on the reuse list, and give back the full ones."""
    user_arena = world.user_arenas[number]
    return user_arena.refs == user_arena.chunks


def cached(world: World, objects: Sequence[SmallObjectMade]) -> bool:
    """Return whether the small objects of an arena come from size classes that are cached: none is refilled."""
    return all(
        not each.refilled and class_key(each.size, each.scan_bytes) in world.p.cached for each in objects
    )


class RunOfArenas(Solved):
    """The arenas of the first rows asked for, and the values in them: `turns`, None where none are made or freed."""

    def __init__(self, world: World, table: TypeTable, asked: Stretch, kinds: Ints, nbytes: Ints) -> None:
        """Solve and certify what becomes of rows: of which types those that allocate are, and of how many bytes.

        Raises:
            ModelBug: a solver's answer broke a rule.

        """
        super().__init__(world, table)
        self._there = There(
            partial(usable, world), partial(freeable, world), len(world.reuse), world.small.reuse_cap
        )
        rows = self._rows_with_room(nbytes)
        while (turns := self._turns(asked, rows)) is not None:
            self._certified_turns(asked, turns)
            self.solve(self.slots.take(turns.arena), kinds.take(turns.values), nbytes.take(turns.values))
            if self.count == len(turns.values):
                break
            rows = int(turns.values[self.count])  # the chunk is full there: what comes before that is a run
        self.turns = turns

    def _rows_with_room(self, nbytes: Ints) -> int:
        """Return how many rows may fit: an estimate, since who uses which chunk is not known yet."""
        world = self.world
        open_last = (world.user_arenas[number].active for number in islice(reversed(world.holders), NEAR))
        near = {*world.reuse[-NEAR:], *(chunk for chunk in open_last if chunk is not None)}
        room = min(MOST_BYTES, sum(world.spans[chunk].free_bytes for chunk in near))
        if len(nbytes) * int(nbytes.max()) <= room:
            return len(nbytes)
        return int(nbytes.cumsum(dtype=np.int64).searchsorted(room, side="right"))

    def _turns(self, asked: Stretch, rows: int) -> Turns | None:
        asked = Stretch(*(column[:rows] for column in asked))
        found = turns_of(asked, self._there) if rows else None
        if found is None or not len(found.values):
            return None
        again = self._made_again(found)
        return found if again is None else self._turns(asked, again)

    def _made_again(self, turns: Turns) -> int | None:
        """Return the first row that makes an arena which is there already: nonsense, which the machine refuses."""
        made, there = turns.numbers[: len(turns.made)], self.world.user_arenas
        if not len(made) or there.is_below(int(made.min())):
            return None
        numbers = made.tolist()
        if there.has_none(numbers):
            return None
        return int(turns.made[[number in there for number in numbers].index(True)])

    def _certified_turns(self, asked: Stretch, turns: Turns) -> None:
        """Find out which chunk each arena fills."""
        world, own = self.world, len(turns.made)
        certify_turns(asked, turns)
        before = turns.numbers[own:].tolist()
        spans = [span_of(world, number) for number in before]
        active = [span.chunk for span in spans if span is not None]
        ended = before[: turns.ended]
        if len(active) < len(before) or not all(freeable(world, number) for number in ended):
            raise ModelBug("the solver uses or frees an arena that can't be")
        chunk = handed_on(turns, world.reuse, active)
        if len(chunk) != len(turns.numbers) or chunk[own:].tolist() != active:
            raise ModelBug("the solver gives an arena that has a chunk another one")
        self.kept, self.reuse = certify_handed_on(turns, world.reuse, chunk)
        homes = sorted({*chunk.tolist()})
        self.slots = np.array(homes).searchsorted(chunk).astype(np.uint16)
        self.spans = [world.spans[home] for home in homes]

    def carved(self, caps: Ints | None, objects: Sequence[SmallObjectMade], cap: int) -> ArenaRun:
        """Return what happens to the arenas and where the values stand.

        Args: the capacities of values (−1 of single ones, None when all are), the small objects of one arena, and the
        capacity of its refs slice.
        """
        turns = self.turns
        if turns is None:
            raise ModelBug("no arena is made or freed in the run")
        own, ended = len(turns.made), turns.ended
        made, before = turns.numbers[:own].astype(np.int32), tuple(turns.numbers[own:].tolist())
        low, high = self.free_ranges()
        return ArenaRun(
            made=made.tobytes(),
            opened=tuple(made[turns.freed[:own] == turns.rows].tolist()),
            ended=before[:ended],
            stay=before[ended:],
            **self._handles(own),
            sizes=tuple(each.size for each in objects),
            scan_bytes=tuple(each.scan_bytes for each in objects),
            scan_alloc=sum(each.scan_alloc for each in objects),
            refs_cap=cap,
            kept=self.kept,
            reuse=self.reuse,
            homes=tuple(each.chunk for each in self.spans),
            bases=tuple(self.bases.tolist()),
            free_bases=low,
            free_limits=high,
            slots=self.slots.tobytes(),
            **self._last_values(turns),
            types=self.table.types,
            count=self.count,
            arenas=turns.arena.astype(np.uint16).tobytes(),
            kinds=self.kinds.tobytes(),
            offsets=self.offsets.tobytes(),
            caps=b"" if caps is None else caps.tobytes(),
        )

    def _handles(self, made: int) -> dict[str, Any]:
        """Return the slots of the handles of so many arenas, and what that leaves."""
        world = self.world
        if not made:
            p = world.p
            left = {"span": p.handle_span, "freeindex": p.freeindex, "spans_made": world.handle_spans.made}
            return {"handles": b"", "refilled": (), **left}
        slots = solve_slots(world, made)
        certify_slots(world, slots)
        span, index = divmod(int(slots.slots[-1]), world.rules.handles_per_span)
        return {
            "handles": slots.slots.tobytes(),
            "span": span,
            "freeindex": index + 1,
            "spans_made": max(world.handle_spans.made, span + 1),
            "refilled": slots.refilled,
        }

    def _last_values(self, turns: Turns) -> dict[str, Any]:
        """Return the position of each arena's last value, and of its last pointerful one; −1 without any."""
        number = np.arange(self.count, dtype=np.int32)
        last, pointerful = (np.full(len(turns.numbers), -1, dtype=np.int32) for _ in range(2))
        last[turns.arena] = number  # the later of two is written last
        own = self.table.pointerful.take(self.which).nonzero()[0]
        pointerful[turns.arena.take(own)] = number.take(own)
        return {"last": last.tobytes(), "last_pointerful": pointerful.tobytes()}
