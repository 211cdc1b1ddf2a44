"""Programs to write in chapters 6, 7, 9 and 10: what becomes of an arena's chunks when it ends."""

from __future__ import annotations

from arenalab.course.construct import Build, build
from arenalab.course.construct.told import arenas_of, chunks_on, count_of, made_nothing
from arenalab.course.draws import Draw
from arenalab.course.family import family
from arenalab.course.show import collector, life_cycle
from arenalab.units import plainly
from arenalab.world.event import chunk_list
from arenalab.world.gc_events import FinalizerRun, SweepStarted
from arenalab.world.history import History
from arenalab.world.ops import Drop, Free

VALUE = "[2000000]byte"  #: four of them fit into a chunk, in every Go; the fifth needs another.
BIG = f"Four `{VALUE}` fit into a chunk; a new arena goes on in the chunk that a freed one has left."


def _filled(name: str, values: int) -> str:
    return f"{name} := arena.NewArena()\nfor range {values} {{ arena.New[{VALUE}]({name}) }}\n"


def _five_each(arenas: int) -> str:
    """Write a loop of arenas with five large values each, every one freed."""
    fill = f"for range 5 {{ arena.New[{VALUE}](a) }}"
    return f"for range {arenas} {{ a := arena.NewArena(); {fill}; a.Free() }}\n"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _counts(found: int, wanted: int, what: str) -> str:
    return f"{plainly(found, 'chunk')} {what}, wanted {_are(wanted)} {wanted}"


def _named(run: History, place: str) -> str:
    found = chunks_on(run, place)
    return chunk_list(found) if found else "none"


@family("build-late-read", title="Write a program: what faults, and what can still be read", chapter=6)
def build_late_read(draw: Draw) -> Build:
    """Ask for a freed arena some of whose chunks fault while one can still be read."""
    faulting = draw.randint(1, 12)
    return build(
        text=(
            f"Write a program that frees an arena so that {plainly(faulting, 'chunk')} of it {_are(faulting)} set to "
            f"fault, and one can still be read through an old pointer. {BIG}"
        ),
        example=_filled("a", 4 * faulting + 1) + "a.Free()",
        goal=lambda run: _late_read(run, faulting),
        wrong=(
            _filled("a", 4 * faulting + 1),
            _filled("a", 4 * faulting) + "a.Free()",
            _filled("a", 4 * faulting + 1) + "mark_begin()\na.Free()",
        ),
        rules=draw.rules,
        look=life_cycle,
        hints=(
            "Free sets the full chunks to fault, and puts the one that was being filled on the reuse list.",
            f"How many values make {plainly(faulting, 'chunk')} full? The one after them begins another chunk.",
        ),
        why=lambda run: (
            f"Set to fault: {_named(run, 'quarantine')}; on the reuse list: {_named(run, 'reuse')}."
        ),
    )


def _late_read(run: History, faulting: int) -> str:
    if nothing := made_nothing(run):
        return nothing
    if not arenas_of(run, Free):
        return "Your run frees no arena: nothing is set to fault before Free."
    found, there = len(chunks_on(run, "quarantine")), len(chunks_on(run, "reuse"))
    if (found, there) == (faulting, 1):
        return ""
    hint = " A chunk is full when a value did not fit into it, not when its last byte is taken."
    if chunks_on(run, "fault"):
        hint = " While the collector is marking, full chunks wait on the fault list."
    return (
        f"Your run: {_counts(found, faulting, 'set to fault')}; "
        f"{plainly(there, 'chunk')} of freed arenas can still be read, wanted is 1.{hint if found < faulting else ''}"
    )


@family("build-quarantine", title="Write a program: chunks that stay in quarantine", chapter=7)
def build_quarantine(draw: Draw) -> Build:
    """Ask for chunks that a collection leaves in quarantine, and others that it makes ready, without a global."""
    kept, ready = draw.randint(2, 4), draw.randint(0, 2)
    fill = f"for range 5 {{ arena.New[{VALUE}](a) }}"
    pointed = "p := arena.New[node](a); q := arena.New[node](keep); q.next = p"
    arenas = "keep := arena.NewArena()\na := arena.NewArena()\n"
    others = _filled("b", 4 * ready) + "b.Free()\n" if ready else ""
    chain = f"q := arena.New[node](keep)\nfor range {kept} {{ p := arena.New[node](a); q.next = p; q = p; {fill} }}\n"
    return build(
        text=(
            f"Write a program that frees arenas and then collects, so that {plainly(kept, 'chunk')} stay in quarantine "
            f"and {ready or 'none'} {_are(ready)} ready at the end. Use no global. {BIG}"
        ),
        given="type node struct { next *node }",
        example=f"{arenas}for range {kept} {{\n  {pointed}\n  {fill}\n}}\na.Free()\n{others}runtime.GC()",
        goal=lambda run: _quarantine(run, kept, ready),
        wrong=(
            f"{_five_each(kept + ready)}runtime.GC()",
            _five_each(kept + ready),
            f"{arenas}{chain}a.Free()\nruntime.GC()",
        ),
        rules=draw.rules,
        look=life_cycle,
        hints=(
            "An arena that lives keeps its own chunks, and the collector reads the pointers in them.",
            "Make one more arena, do not free it, and let a value of it point into each chunk that is to stay.",
        ),
        why=lambda run: f"In quarantine: {_named(run, 'quarantine')}; ready: {_named(run, 'ready')}.",
        start="",
    )


def _quarantine(run: History, kept: int, ready: int) -> str:
    if run.world.holds:
        return "A global of your run still points to a value: do without."
    if not count_of(run, SweepStarted):
        return "Your run has no collection: call `runtime.GC()` after the arenas are freed."
    found = len(chunks_on(run, "quarantine")), len(chunks_on(run, "ready"))
    if found == (kept, ready):
        return ""
    hint = " A quarantined chunk has no memory: pointers that stood in it keep nothing."
    counts = f"{_counts(found[0], kept, 'in quarantine')}; {_counts(found[1], ready, 'ready')}"
    return f"Your run: {counts}.{hint if found[0] < kept else ''}"


@family("build-fault-list", title="Write a program: chunks that wait for the collector", chapter=9)
def build_fault_list(draw: Draw) -> Build:
    """Ask for chunks on the fault list beside others that are in quarantine."""
    waiting, quarantined = draw.randint(1, 4), draw.randint(0, 3)
    one_value = f"for range {waiting} {{ a := arena.NewArena(); arena.New[int](a); a.Free() }}"
    return build(
        text=(
            f"Write a program at whose end {plainly(waiting, 'chunk')} {'waits' if waiting == 1 else 'wait'} on the "
            f"fault list and {quarantined or 'none'} {_are(quarantined)} in quarantine. "
            f"`mark_begin()` starts a collection that marks until `mark_end()`. {BIG}"
        ),
        example=(
            f"{_filled('a', 4 * quarantined + 1)}a.Free()\nmark_begin()\n{_filled('b', 4 * waiting)}b.Free()"
        ),
        goal=lambda run: _fault_list(run, waiting, quarantined),
        wrong=(
            f"{_five_each(waiting + quarantined)}mark_begin()",
            f"mark_begin()\n{_five_each(waiting + quarantined)}mark_end()",
            f"mark_begin()\n{one_value}",
        ),
        rules=draw.rules,
        look=life_cycle,
        hints=(
            "Only full chunks wait. One that is not full goes on the reuse list at once.",
            "What is freed before `mark_begin()` is set to fault at once; what is freed after it waits.",
        ),
        why=lambda run: (
            f"On the fault list: {_named(run, 'fault')}; in quarantine: {_named(run, 'quarantine')}."
        ),
        start="",
    )


def _fault_list(run: History, waiting: int, quarantined: int) -> str:
    if not arenas_of(run, Free):
        return "Your run frees no arena."
    found = len(chunks_on(run, "fault")), len(chunks_on(run, "quarantine"))
    if found == (waiting, quarantined):
        return ""
    hint = "" if run.world.gc.marking else " At the end of your run the collector is off: nobody has to wait."
    counts = f"{_counts(found[0], waiting, 'on the fault list')}; {_counts(found[1], quarantined, 'in quarantine')}"
    return f"Your run: {counts}.{hint}"


@family("build-finalizer", title="Write a program: arenas that a finalizer frees", chapter=10)
def build_finalizer(draw: Draw) -> Build:
    """Ask for arenas that their finalizers free, beside others that the program frees."""
    lost, freed = draw.randint(1, 4), draw.randint(0, 3)
    forget = f"for range {lost} {{ a := arena.NewArena(); a = nil }}\n"
    return build(
        text=(
            f"Write a program in which finalizers free {plainly(lost, 'arena')}, and the program itself calls "
            f"Free on {freed or 'none'}. `a = nil` is how a program forgets an arena."
        ),
        example=forget
        + (f"for range {freed} {{ a := arena.NewArena(); a.Free() }}\n" if freed else "")
        + "runtime.GC()",
        goal=lambda run: _finalizer(run, lost, freed),
        wrong=(
            forget,
            f"for range {lost + freed} {{ a := arena.NewArena(); a.Free() }}\nruntime.GC()",
            "a := arena.NewArena()\nruntime.GC()",
        ),
        rules=draw.rules,
        look=collector,
        hints=(
            "The handle has a finalizer, and that calls free. Somebody must find out that the handle is lost.",
            "Forget the arenas, then call `runtime.GC()`: it runs the finalizers that it queued.",
        ),
        why=lambda run: f"{plainly(count_of(run, FinalizerRun), 'finalizer')} ran after the collection.",
        start="",
    )


def _finalizer(run: History, lost: int, freed: int) -> str:
    found = count_of(run, FinalizerRun), len(arenas_of(run, Free))
    if found == (lost, freed):
        return ""
    hint = " The collector has to find the handle unreachable first: `runtime.GC()`."
    if not arenas_of(run, Drop):
        hint = " Your program loses no arena: `a = nil` forgets it."
    return (
        f"Your run: {plainly(found[0], 'arena')} freed by a finalizer, wanted {lost}; "
        f"{found[1]} freed by the program, wanted {freed}.{hint if found[0] < lost else ''}"
    )
