"""Programs of many arenas drawn at random, as `Operations`: in chunks so small that they are refilled and run out."""

from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import strategies as st

from arenalab.advice.operations import Operations
from arenalab.advice.values import BYTE, POINTER, Values, go_type
from arenalab.go.versions import VERSIONS
from arenalab.intake.tables import TypeRow
from arenalab.units import KiB
from arenalab.world.run_events import SINGLE

SMALL = {
    "user_arena_chunk_bytes_max": 64 * KiB,
    "heap_arena_bytes": 256 * KiB,
    "max_oblet_bytes": 16 * KiB,
    "gogc": -1,
    "heap_known": False,
}
RULES = [replace(VERSIONS[version], **SMALL) for version in ("1.21", "1.24", "1.27")]
#: Pointerful and pointer-free, of every alignment, up to a quarter of a chunk and above.
TYPES = (
    *(
        go_type(TypeRow(1, size, ptr_bytes, f"t{size}.{ptr_bytes}"))
        for size, ptr_bytes in (
            *((8, 8), (40, 24), (632, 8), (4096, 4096), (16384, 8), (16392, 8)),
            *((1, 0), (2, 0), (3, 0), (12, 0), (20, 0), (24, 0), (5001, 0), (16384, 0), (16385, 0)),
        )
    ),
    BYTE,
    POINTER,
)


@st.composite
def programs(draw, most=80):
    """Draw a program: arenas are made, filled in turn and freed, while cycles begin and end."""
    length, random = draw(st.integers(0, most)), Random(draw(st.integers(0, 2**32)))  # noqa: S311  # hypothesis gives the seed
    order, opened, count, marking = [], [], 0, False
    for _ in range(length):
        what = random.choices(("made", "value", "freed", "cycle"), (2, 8, 2, 2))[0]
        if what == "made" or (what != "cycle" and not opened):
            order.append(("made", count, 0, 0))
            opened.append(count)
            count += 1
        elif what == "value":
            burst = random.choice((1, 1, 1, 40))  # so that chunks run out
            cap = random.choice((SINGLE, SINGLE, 1, 3, random.randint(1, 97)))
            order += [("value", random.choice(opened), random.randrange(len(TYPES)), cap)] * burst
        elif what == "freed":
            order.append(("freed", opened.pop(random.randrange(len(opened))), 0, 0))
        else:
            order.append(("cycle", 0, 0, 0))
            marking = not marking
    order += [("cycle", 0, 0, 0)] * marking + [("freed", each, 0, 0) for each in opened]
    return of_order(order, draw(st.sampled_from(RULES)), count)


def of_order(order, rules, count):
    """Return the program of (what, arena, type, capacity) in turn."""
    rows = {what: [n for n, each in enumerate(order) if each[0] == what] for what in ("value", "cycle")}
    of, kind, cap = (np.array([order[n][at] for n in rows["value"]], np.int64) for at in (1, 2, 3))
    places = {what: np.zeros(count, np.int64) for what in ("made", "freed")}
    for n, (what, arena) in enumerate((*each, 0)[:2] for each in order):
        if what in places:
            places[what][arena] = n
    values = Values(TYPES, kind.astype(np.int32), cap, 0, np.zeros(len(of), np.bool_))
    place, cycles = np.array(rows["value"], np.int64), np.array(rows["cycle"], np.int64)
    return Operations(
        "made", rules, np.arange(len(of)), of, values, np.ones(len(of), np.int64), np.ones(count, np.int64),
        place, places["made"], places["freed"], cycles,
    )  # fmt: skip
