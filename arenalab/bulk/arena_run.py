"""A run of arenas in a World: each is made, filled and freed; solved, certified, told in a few events.

What an arena's values take is worked out by the solver of runs, whose chunks are those that the reuse list hands on.
Who gets which is `turns`', which slot a handle takes `handle_slots`'. The small objects of an arena are those that the
machine says it makes for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from arenalab.bulk.bits import Ints
from arenalab.bulk.handle_slots import certify_slots, solve_slots
from arenalab.bulk.run import MOST_BYTES, Solved, span_of
from arenalab.bulk.turns import (
    Stretch,
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


def may_run(world: World) -> bool:
    """Return whether arenas can be made in a run now: nothing is marked or swept, and a chunk is on the reuse list."""
    return bool(
        world.reuse
        and world.gc.phase == GC_OFF
        and not world.died
        and not world.handle_spans.unswept
        and not world.rules.sanitizer
        and world.rules.reuse_order == "lifo"
    )


def cached(world: World, objects: Sequence[SmallObjectMade]) -> bool:
    """Return whether the small objects of an arena come from size classes that are cached: none is refilled."""
    return all(
        not each.refilled and class_key(each.size, each.scan_bytes) in world.p.cached for each in objects
    )


class RunOfArenas(Solved):
    """Arenas that are made and freed in the first rows asked for, and values in them: `turns`, None where none are."""

    def __init__(self, world: World, table: TypeTable, asked: Stretch, kinds: Ints, nbytes: Ints) -> None:
        """Solve and certify what becomes of rows: of which types those that allocate are, and of how many bytes.

        Raises:
            ModelBug: a solver's answer broke a rule.

        """
        super().__init__(world, table)
        rows = self._rows_with_room(nbytes)
        while (turns := self._turns(asked, rows)) is not None:
            self._certified_turns(asked, turns)
            self.solve(self.slots.take(turns.arena), kinds.take(turns.values), nbytes.take(turns.values))
            if self.count == len(turns.values):
                break
            rows = int(turns.values[self.count])  # the chunk is full there: the arenas before that are a run
        self.turns = turns

    def _rows_with_room(self, nbytes: Ints) -> int:
        """Return how many rows may fit: an estimate, since who uses which chunk is not known yet."""
        room = sum(self.world.spans[chunk].free_bytes for chunk in self.world.reuse[-2:])
        return int(nbytes.cumsum().searchsorted(min(room, MOST_BYTES), side="right"))

    def _turns(self, asked: Stretch, rows: int) -> Turns | None:
        asked = Stretch(*(column[:rows] for column in asked))
        found = turns_of(asked, partial(span_of, self.world), len(self.world.reuse)) if rows else None
        return found if found is not None and len(found.values) else None

    def _certified_turns(self, asked: Stretch, turns: Turns) -> None:
        """Find out which chunk each arena fills."""
        world, own = self.world, len(turns.made)
        certify_turns(asked, turns)
        made, self.stay = turns.numbers[:own], turns.numbers[own:].tolist()
        there = [span_of(world, each) is not None for each in self.stay]
        if not world.user_arenas.has_none(made.tolist()) or not all(there):
            raise ModelBug("the solver makes an arena that is there, or uses one that can't be")
        chunk = handed_on(turns, world.reuse)
        self.reuse = certify_handed_on(turns, world.reuse, chunk)
        chunks = chunk.tolist() + [world.user_arenas[number].active or 0 for number in self.stay]
        places = {home: place for place, home in enumerate(dict.fromkeys(chunks))}
        self.slots = np.array([places[home] for home in chunks], dtype=np.uint16)
        self.spans = [world.spans[home] for home in places]

    def carved(self, caps: Ints | None, objects: Sequence[SmallObjectMade], cap: int) -> ArenaRun:
        """Return what happens to the arenas and where the values stand.

        Args: the capacities of values (−1 of single ones, None when all are), the small objects of one arena, and the
        capacity of its refs slice.
        """
        turns, world = self.turns, self.world
        if turns is None:
            raise ModelBug("no arena is made and freed in the run")
        slots = solve_slots(world, len(turns.made))
        certify_slots(world, slots)
        low, high = self.free_ranges()
        span, index = divmod(slots.slots[-1], world.rules.handles_per_span)
        return ArenaRun(
            made=turns.numbers[: len(turns.made)].astype(np.int32).tobytes(),
            stay=tuple(self.stay),
            handles=np.array(slots.slots, dtype=np.int64).tobytes(),
            span=span,
            freeindex=index + 1,
            spans_made=max(world.handle_spans.made, span + 1),
            refilled=slots.refilled,
            sizes=tuple(each.size for each in objects),
            scan_bytes=tuple(each.scan_bytes for each in objects),
            scan_alloc=sum(each.scan_alloc for each in objects),
            refs_cap=cap,
            reuse=self.reuse,
            homes=tuple(each.chunk for each in self.spans),
            bases=tuple(self.bases.tolist()),
            free_bases=low,
            free_limits=high,
            slots=self.slots.tobytes(),
            **self._last_values(turns),
            types=self.table.types,
            count=self.count,
            arenas=turns.arena.tobytes(),
            kinds=self.kinds.tobytes(),
            offsets=self.offsets().tobytes(),
            caps=b"" if caps is None else caps.tobytes(),
        )

    def _last_values(self, turns: Turns) -> dict[str, bytes]:
        """Return the position of each arena's last value, and of its last pointerful one; −1 without any."""
        number = np.arange(self.count, dtype=np.int32)
        last, pointerful = (np.full(len(turns.numbers), -1, dtype=np.int32) for _ in range(2))
        last[turns.arena] = number  # the later of two is written last
        own = self.table.pointerful.take(self.which).nonzero()[0]
        pointerful[turns.arena.take(own)] = number.take(own)
        return {"last": last.tobytes(), "last_pointerful": pointerful.tobytes()}
