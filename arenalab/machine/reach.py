"""Marking in bulk: which chunks are reachable, found at once and certified.

`solve_reach` is untrusted: it may be any clever search. `certify_reach` accepts its answer only
when (1) every root is marked, (2) whatever a marked, scannable chunk points to is marked, and
(3) every marked chunk is a root's or has a marked parent that points to it and was found
earlier. Then the set is exactly what marking object by object would find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from arenalab.errors import ModelBug
from arenalab.go.bitscan import chunk_scan
from arenalab.machine.general_heap import mark_small
from arenalab.machine.mark import find_object, handles_reached
from arenalab.machine.steps import Steps
from arenalab.world import gc_events as gc
from arenalab.world.queries import chunks_of, edges, roots
from arenalab.world.state import World
from arenalab.world.tables import MSpan

Edges = Mapping[int, tuple[int, ...]]
Found = dict[int, int]  #: chunk -> the chunk that led to it, −1 for a root; in order of finding.
A_ROOT = -1


def mark_in_bulk(w: World, solve: Callable[[tuple[int, ...], Edges], Found] | None = None) -> Steps[None]:
    """Mark everything reachable in one event. `solve` may replace the search; its answer is certified."""
    for number in tuple(handles_reached(w)):
        yield gc.HandleMarked(number)
    yield from mark_small(w)
    starts = root_chunks(w)
    leads = edges_read(w)
    found = (solve or solve_reach)(starts, leads)
    certify_reach(starts, leads, found)
    refuse_bad_pointers(w, found)
    fresh = tuple(chunk for chunk in found if not w.spans[chunk].mark_bit)
    work = sum(scan_work(w, w.spans[chunk]) for chunk in fresh)
    nbytes = sum(w.spans[chunk].elemsize for chunk in fresh)
    yield gc.ChunksMarked(fresh, tuple(found[chunk] for chunk in fresh), nbytes, work)


def root_chunks(w: World) -> tuple[int, ...]:
    """Return the chunks that roots point into, without repeats, in root order."""
    spans = (find_object(w, root.addr) for root in roots(w))
    return tuple(dict.fromkeys(span.chunk for span in spans if span is not None))


def solve_reach(starts: tuple[int, ...], edges: Edges) -> Found:
    """Search outwards from the roots; untrusted."""
    found: Found = dict.fromkeys(starts, A_ROOT)
    queue = list(starts)
    for chunk in queue:
        for target in edges.get(chunk, ()):
            if target not in found:
                found[target] = chunk
                queue.append(target)
    return found


def certify_reach(starts: tuple[int, ...], edges: Edges, found: Found) -> None:
    """Refuse a marked set that is not exactly what the roots reach.

    Raises:
        ModelBug: naming the chunk that breaks a rule.

    """
    missing = [chunk for chunk in starts if chunk not in found]
    if missing:
        msg = f"chunk {missing[0]} is a root's and was not marked"
        raise ModelBug(msg)
    order = {chunk: position for position, chunk in enumerate(found)}
    for chunk, parent in found.items():
        if parent == A_ROOT and chunk not in starts:
            msg = f"chunk {chunk} is called a root's and no root points into it"
            raise ModelBug(msg)
        if parent != A_ROOT and (chunk not in edges.get(parent, ()) or order[parent] >= order[chunk]):
            msg = f"chunk {chunk} is said to be kept by chunk {parent}, which does not lead to it"
            raise ModelBug(msg)
        for target in edges.get(chunk, ()):
            if target not in found:
                msg = f"chunk {chunk} is marked and points into chunk {target}, which is not"
                raise ModelBug(msg)


def edges_read(w: World) -> Edges:
    """Return, for every chunk that the collector reads, the other chunks that its pointers lead into."""
    if not len(w.slots.journal):
        return {}
    there, found = edges(w), dict[int, list[int]]()
    for source, target in zip(
        there.source[there.read].tolist(), there.target[there.read].tolist(), strict=True
    ):
        found.setdefault(source, []).append(target)
    return {source: tuple(targets) for source, targets in found.items()}


def refuse_bad_pointers(w: World, found: Found) -> None:
    """Throw as marking one by one does when what is reachable leads into a dead chunk."""
    for chunk, parent in found.items():
        if not w.spans[chunk].state:
            span = w.spans[parent]
            targets = w.slots.within(parent, span.base, span.base + span.elemsize)[:, 1]
            for target in targets[chunks_of(w, targets) == chunk]:
                find_object(w, int(target))


def scan_work(w: World, span: MSpan) -> int:
    """Return the bytes of scan work that a whole chunk costs, 0 when it is noscan."""
    if span.noscan:
        return 0
    filled = -(-(span.free_base - span.base) // w.rules.bitmap_word_bytes)  # behind it no value has a pointer
    words = w.bits.some_words(span.chunk, 0, filled)
    return chunk_scan(words, w.scan_limits.of(span.chunk), span.elemsize, w.rules)
