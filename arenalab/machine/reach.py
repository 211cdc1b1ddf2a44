"""Marking in bulk: which chunks are reachable, found at once and certified.

`solve_reach` is untrusted: it may be any clever search. `certify_reach` accepts its answer only
when (1) every root is marked, (2) whatever a marked, scannable chunk points to is marked, and
(3) every marked chunk is a root's or has a marked parent that points to it and was found
earlier. Then the set is exactly what marking object by object would find.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from arenalab.errors import ModelBug
from arenalab.go.bitscan import chunk_scan
from arenalab.machine.general_heap import mark_small
from arenalab.machine.mark import find_object, handles_reached, roots
from arenalab.machine.steps import Steps
from arenalab.world import gc_events as gc
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
    edges = all_edges(w)
    found = (solve or solve_reach)(starts, edges)
    certify_reach(starts, edges, found)
    refuse_bad_pointers(w, found)
    fresh = tuple(chunk for chunk in found if not w.spans[chunk].mark_bit)
    work = sum(scan_work(w, w.spans[chunk]) for chunk in fresh)
    nbytes = sum(w.spans[chunk].elemsize for chunk in fresh)
    yield gc.ChunksMarked(fresh, tuple(found[chunk] for chunk in fresh), nbytes, work)


def root_chunks(w: World) -> tuple[int, ...]:
    """Return the chunks that roots point into, without repeats, in root order."""
    spans = (find_object(w, addr) for _, addr in roots(w))
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


def all_edges(w: World) -> Edges:
    """Return, for every chunk that is read, the other chunks its pointer slots lead into."""
    pointers = w.slots.now(lambda addrs: chunk_numbers(w, addrs.astype(np.int64))).astype(np.int64)
    targets = chunk_numbers(w, pointers[:, 1])
    leads = np.logical_and(targets >= 0, targets != pointers[:, 2])
    pairs = np.unique(np.column_stack((pointers[leads, 2], targets[leads])), axis=0)
    edges: dict[int, list[int]] = {}
    for source, target in pairs.tolist():
        read = w.spans[source].state and not w.spans[source].noscan
        if read and w.spans[target].is_user_arena_chunk:
            edges.setdefault(source, []).append(target)
    return {source: tuple(found) for source, found in edges.items()}


def refuse_bad_pointers(w: World, found: Found) -> None:
    """Throw as marking one by one does when what is reachable leads into a dead chunk."""
    for chunk, parent in found.items():
        if not w.spans[chunk].state:
            span = w.spans[parent]
            targets = w.slots.within(parent, span.base, span.base + span.elemsize)[:, 1]
            for target in targets[chunk_numbers(w, targets.astype(np.int64)) == chunk]:
                find_object(w, int(target))


def chunk_numbers(w: World, addrs: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the chunk of each address, −1 outside all chunks."""
    size = w.rules.chunk.stride
    numbers = np.full(len(addrs), -1, dtype=np.int64)
    for heap_arena in w.heap_arenas:
        offset = addrs - heap_arena.base
        inside = np.logical_and(offset >= 0, offset < heap_arena.chunks * size)
        numbers[inside] = heap_arena.first_chunk + offset[inside] // size
    return numbers


def scan_work(w: World, span: MSpan) -> int:
    """Return the bytes of scan work that a whole chunk costs, 0 when it is noscan."""
    if span.noscan:
        return 0
    return chunk_scan(w.bits.words(span.chunk), w.scan_limits.of(span.chunk), span.elemsize, w.rules)
