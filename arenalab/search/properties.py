"""What is asked of every state: each property yields a sentence for what breaks it.

The laws that the model holds at any moment (`world.invariants`) are asked, too; the others say what a Go
programmer wants to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from arenalab.search.key import stored
from arenalab.search.node import Node
from arenalab.world.invariants import SETTLED
from arenalab.world.state import World
from arenalab.world.tables import MSPAN_IN_USE
from arenalab.world.touch import Outcome, Pointer, touch

Property = Callable[[Node], Iterator[str]]

#: What a late touch may find (chapter 6): its own arena's object, old bytes, or a fault; a sanitizer's report besides.
MAY_FIND = frozenset({Outcome.FINE, Outcome.STALE, Outcome.FAULTS, Outcome.REPORTED})


def no_held_address_is_covered_by_a_newer_object(node: Node) -> Iterator[str]:
    """A pointer that the collector sees never comes to point into another arena's value."""
    w = node.world
    for number, row in node.held.items():
        addr = w.ledger.row(row)[0]
        span = w.span_of(addr)
        if span is not None and row < w.births.get(span.chunk, 0):
            yield f"global {number} points to object {row}, and its chunk {span.chunk} was recycled"
        for later in range(row + 1, len(w.ledger)):
            start, nbytes, *_, chunk = w.ledger.row(later)
            if chunk >= 0 and start <= addr < start + nbytes:
                yield f"global {number} points to object {row}, where object {later} is now"


def a_touch_finds_what_it_may(node: Node) -> Iterator[str]:
    """Reading through a held pointer is one of the outcomes that the course lists."""
    for number, outcome in outcomes(node).items():
        if outcome not in MAY_FIND:
            yield f"reading through global {number} finds {outcome}"


def no_pointer_leads_to_a_ready_chunk(node: Node) -> Iterator[str]:
    """What the collector reads never points into a chunk that waits to be used again."""
    w = node.world
    ready = set(w.ready)
    if not ready:
        return
    for number, addr in w.holds.items():
        span = w.span_of(addr)
        if span is not None and span.chunk in ready:
            yield f"global {number} points into chunk {span.chunk}, which is on ready"
    for slot, target, chunk in stored(w):
        span, into = w.spans[chunk], w.span_of(target)
        read = (
            span.state == MSPAN_IN_USE
            and not span.noscan
            and (span.mark_bit or span.alloc_bit or _held(w, chunk))
        )
        if read and into is not None and into.chunk in ready:
            yield f"the word at {slot:#x} of chunk {chunk} points into chunk {into.chunk}, which is on ready"


def _held(w: World, chunk: int) -> bool:
    return w.list_of(chunk) in ("active", "full")


def the_runtime_never_throws(node: Node) -> Iterator[str]:
    """No program of these moves, none of which uses a freed arena, ends in a throw."""
    if node.world.died:
        yield f"the program died: {node.world.died}"


def a_finalizer_runs_for_dropped_handles_alone(node: Node) -> Iterator[str]:
    """What a program can still name is not freed behind its back."""
    for number in node.world.gc.finalizers:
        if not node.world.user_arenas[number].dropped:
            yield f"the finalizer of user arena {number} is queued, which the program did not drop"
    for row in node.world.user_arenas.values():
        if (row.active is None or row.defunct) and not (row.dropped or row.id in node.freed):
            yield f"user arena {row.id} is freed, and the program can still use it"


def the_collector_never_reads_what_faults(node: Node) -> Iterator[str]:
    """A chunk that waits to be scanned has its memory."""
    for chunk, oblet in node.world.gc.grey:
        if node.world.spans[chunk].faulted:
            yield f"oblet {oblet} of chunk {chunk} waits to be scanned, and the chunk is set to fault"


def certificates_hold(node: Node) -> Iterator[str]:
    """Nothing that the model solves at once, such as marking, differs from its single steps."""
    if node.bug:
        yield node.bug


def lists_and_counters_are_whole(node: Node) -> Iterator[str]:
    """Lists partition the chunks, counters balance, and so on: the model's laws of what stands between operations.

    Those about each bit and object take ten times as long as all the rest and are not asked here.
    """
    if not (node.world.died or node.bug):
        for law in SETTLED:
            yield from law(node.world)


PROPERTIES: tuple[Property, ...] = (
    no_held_address_is_covered_by_a_newer_object,
    a_touch_finds_what_it_may,
    no_pointer_leads_to_a_ready_chunk,
    the_runtime_never_throws,
    a_finalizer_runs_for_dropped_handles_alone,
    the_collector_never_reads_what_faults,
    certificates_hold,
    lists_and_counters_are_whole,
)


def outcomes(node: Node) -> dict[int, Outcome]:
    """Return what reading through each held pointer finds now, by global."""
    if node.found is None:
        node.found = {number: touch(node.world, Pointer(row)).outcome for number, row in node.held.items()}
    return node.found


def hidden_outcomes(node: Node) -> list[Outcome]:
    """Return what reading finds now through pointers that the collector does not see, one to each object ever made.

    Nothing is promised of them: C code has such pointers, and a `uintptr` is one.
    """
    seen = set(node.held.values())
    rows = (row for row in range(len(node.world.ledger)) if row not in seen)
    return [touch(node.world, Pointer(row)).outcome for row in rows]


def broken(node: Node) -> str:
    """Return the first property that a state breaks, and how; "" where it breaks none."""
    for each in PROPERTIES:
        for how in each(node):
            return f"{each.__name__.replace('_', ' ')}: {how}"
    return ""
