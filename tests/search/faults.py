"""Faults in the model's rules, one wrong line each; a search must find every one of them.

(what is wrong, module, function, the line as it stands, the wrong one, bounds, start, depth)
"""

from arenalab.search import Bounds
from arenalab.search.bounds import BY_HAND

WHOLE, LINKED = Bounds(), Bounds(holds=0, links=True)
STEPS = Bounds(arenas=1, collector=BY_HAND)
MACHINE, WORLD = "arenalab.machine", "arenalab.world"

FAULTS = [
    ("a marked chunk is swept away", f"{MACHINE}.sweep", "_swept",
     "if w.spans[chunk].mark_bit:", "if False:", WHOLE, "full", 2),
    ("globals are no roots", f"{WORLD}.queries", "roots",
     "in w.holds.items():", "in ():", WHOLE, "held", 3),
    ("an arena's chunks are no roots", f"{WORLD}.queries", "roots",
     "yield Root(REFS, name, w.spans[chunk].base, chunk, user_arena.id)", "pass", WHOLE, "begin", 3),
    ("the reuse list is no root", f"{WORLD}.queries", "roots",
     'for name in ("reuse", "fault"):', 'for name in ("fault",):', WHOLE, "begin", 4),
    ("a chunk in quarantine is no object to the collector", f"{MACHINE}.mark", "find_object",
     "if span is None or not span.is_user_arena_chunk:",
     "if span is None or not span.is_user_arena_chunk or span.faulted:", WHOLE, "held", 3),
    ("memory faults while the collector marks", f"{MACHINE}.chunk", "free_user_arena_chunk",
     "if w.gc.phase == GC_OFF:", "if True:", STEPS, "full", 3),
    ("a chunk made while marking is white", f"{MACHINE}.chunk", "_obtained",
     "yield gc.ChunkMarkedBlack(chunk, w.spans[chunk].elemsize)", "pass", STEPS, "begin", 5),
    ("the fault list is never drained", f"{MACHINE}.chunk", "drain_fault_list",
     "if not pending:", "if True:", STEPS, "full", 5),
    ("a faulted chunk stays scannable", f"{MACHINE}.chunk", "_to_fault",
     "yield end.SpanMadeNoscan(chunk)", "pass", WHOLE, "full", 2),
    ("a faulted chunk is put on no list", f"{MACHINE}.chunk", "_to_fault",
     "yield end.ChunkQuarantined(chunk)", "pass", WHOLE, "full", 2),
    ("a faulted chunk stays counted", f"{MACHINE}.chunk", "_to_fault",
     "yield end.ChunkUncounted(chunk, nbytes, mapped)", "pass", WHOLE, "full", 2),
    ("a faulted chunk keeps its memory", f"{MACHINE}.chunk", "_to_fault",
     "yield end.ChunkUnmapped(chunk, mapped, bits_too)", "pass", WHOLE, "full", 2),
    ("a new chunk is in no sweep set", f"{MACHINE}.chunk", "_counted_and_typed",
     "yield ch.ChunkPushedSwept(chunk)", "pass", WHOLE, "begin", 2),
    ("a recycled chunk keeps its old free range", f"{WORLD}.apply_chunk", "_free_range_set",
     "span.free_base, span.free_limit = e.base, e.limit", "span.free_base, span.free_limit = e.base, e.limit + 64",
     WHOLE, "begin", 2),
    ("a chunk is taken off reuse and stays on it", f"{WORLD}.apply_made", "_reuse_taken",
     "w.reuse.remove(e.chunk)", "pass", WHOLE, "begin", 4),
    ("a freed arena keeps its chunk", f"{WORLD}.apply_end", "_arena_emptied",
     "user_arena.active, user_arena.refs = None, []", "user_arena.refs = []", WHOLE, "begin", 4),
    ("the active chunk is quarantined and reused", f"{MACHINE}.user_arena", "free",
     "if w.rules.sanitizer:", "if True:\n            yield from _reuse(w, user_arena.active)", WHOLE, "begin", 4),
    ("a chunk is retired while most of it is free", f"{MACHINE}.user_arena", "refill",
     "> w.rules.user_arena_chunk_max_alloc_bytes:", "> 0:", WHOLE, "begin", 6),
    ("pointer-free values grow from one place", f"{WORLD}.apply_made", "_object_allocated",
     "span.free_limit = addr", "pass", Bounds(arenas=1), "begin", 5),
    ("live handles are not marked", f"{MACHINE}.mark", "handles_reached",
     "mine = number in w.handles", "mine = False and number in w.handles", WHOLE, "begin", 3),
    ("a pointer in another arena keeps nothing", f"{MACHINE}.reach", "edges_read",
     "return {source:", "return {} and {source:", LINKED, "linked", 2),
    ("marking stops at the roots", f"{MACHINE}.reach", "solve_reach",
     "found[target] = chunk", "continue", LINKED, "linked", 2),
    ("a dropped arena's finalizer frees another", f"{MACHINE}.gc", "run_finalizers",
     "yield from user_arena.free(w, number)", "yield from user_arena.free(w, max(w.user_arenas))", WHOLE, "begin", 4),
]  # fmt: skip
