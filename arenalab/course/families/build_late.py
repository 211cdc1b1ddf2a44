"""Programs to write in chapters 15 and 18: marks that a value clears, and whose bytes a late pointer finds."""

from __future__ import annotations

from arenalab.course.construct import Build, build
from arenalab.course.construct.told import arenas_of, count_of, made_nothing, values
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.show import bitmap, life_cycle
from arenalab.units import plainly
from arenalab.world.gc_events import SweepStarted
from arenalab.world.history import History
from arenalab.world.ops import Free, NewArena
from arenalab.world.touch import Outcome, Pointer, touch

VALUE = "[2000000]byte"  #: four of them fit into a chunk, in every Go.


@family("build-marks", title="Write a program: marks that are cleared", chapter=15, go="1.21")
def build_marks(draw: Draw) -> Build:
    """Ask for values that clear so many noMorePtrs marks."""
    wanted = draw.randint(2, 40)
    return build(
        text=(
            f"Write a program after which the first {plainly(wanted, 'bitmap word')} of chunk 0 have no `noMorePtrs` "
            "mark, and the next one has: there a scan stops. A word describes 512 bytes of the chunk."
        ),
        example=f"a := arena.NewArena()\narena.New[struct {{ p *int; b [{512 * wanted}]byte }}](a)",
        goal=lambda run: _marks(run, wanted),
        wrong=(
            f"a := arena.NewArena()\narena.New[[{512 * wanted}]byte](a)",
            f"a := arena.NewArena()\narena.New[struct {{ p *int; b [{512 * (wanted - 1)}]byte }}](a)",
        ),
        rules=draw.rules,
        look=bitmap,
        hints=(
            "Only values with pointers have bits written, and with them marks cleared.",
            "A value clears the marks of the words before the one that describes its end.",
        ),
        why=lambda run: (
            f"The values with pointers take {plainly(_front(run), 'byte')} from the chunk's front on."
        ),
    )


def _marks(run: History, wanted: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    found = int(run.world.scan_limits.no_more_ptrs(0).argmax())  # the first word with a mark
    hint = (
        ""
        if found
        else " A value without pointers goes to the back: no bit is written for it, no mark cleared."
    )
    told = f"Your run: the first {plainly(found, 'word')} without a mark, wanted are {wanted}.{hint}"
    return "" if found == wanted else told


def _front(run: History) -> int:
    return sum(value.size for value in values(run) if not value.noscan)


@family("build-other", title="Write a program: a late pointer that finds another's bytes", chapter=18)
def build_other(draw: Draw) -> Build:
    """Ask for a late pointer into a chunk that a certain arena has taken again."""
    wanted = draw.randint(2, 12)
    first = (
        f"a := arena.NewArena()\np := arena.New[*int](a)\nfor range 5 {{ arena.New[{VALUE}](a) }}\na.Free()\n"
    )
    between = f"for range {wanted - 2} {{ c := arena.NewArena(); c.Free() }}\n" if wanted > 2 else ""
    taken = f"b := arena.NewArena()\nfor range 4 {{ arena.New[{VALUE}](b) }}\narena.New[*int](b)"
    return build(
        text=(
            "No global points anywhere, and a local variable such as `p` keeps nothing alive here: it stands for an "
            "address that the collector does not see.\n\nWrite a program whose first value is overwritten: at its end "
            f"the value's address belongs to a value of the arena that was made as number {wanted}, counted from 1. "
            f"(Four `{VALUE}` fit into a chunk.)"
        ),
        example=f"{first}runtime.GC()\n{between}{taken}",
        goal=lambda run: _other(run, wanted),
        wrong=(
            f"{first}{between}{taken}",
            f"a := arena.NewArena()\np := arena.New[*int](a)\na.Free()\nruntime.GC()\n{between}{taken}",
        ),
        rules=draw.rules,
        look=life_cycle,
        hints=(
            "Within a chunk no address is given twice; a chunk must go round: full, quarantine, ready, taken again.",
            "A collection makes it ready. At which end of it is your first value, and what goes there next?",
        ),
        why=lambda run: (
            f"The collection found no pointer into chunk {values(run)[0].chunk}, so it was taken again."
        ),
        start="",
    )


def _other(run: History, wanted: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    if not arenas_of(run, Free):
        return "Your run frees no arena: its first value is still its own."
    found = touch(run.world, Pointer(0))
    if found.outcome is not Outcome.OTHER:
        hint = " Its chunk is not ready before a collection." if not count_of(run, SweepStarted) else ""
        return f"Your run: reading the first value finds {found.outcome}.{hint}"
    owner = run.world.ledger.row(found.row)[4]
    number = [op.user_arena for op in run.ops if isinstance(op, NewArena)].index(owner) + 1
    return "" if number == wanted else f"In your run arena {number} has the address, wanted is {wanted}."
