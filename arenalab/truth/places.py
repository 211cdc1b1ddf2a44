"""What one operation reported: where objects went, which chunk is active, what was freed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from arenalab.go.sizeclasses import make_span_class
from arenalab.machine.machine import Machine
from arenalab.truth import rows
from arenalab.truth.compare import Comparer
from arenalab.truth.items import ValueRun
from arenalab.world import events as ev
from arenalab.world import ops
from arenalab.world.end_events import PointerHeld, PointerStored
from arenalab.world.event import Event
from arenalab.world.forms import asked_form
from arenalab.world.gc_events import ChunkReadied, FinalizerRun
from arenalab.world.ops import Op
from arenalab.world.state import ON_HEAP, World
from arenalab.world.weak import NO_HANDLE
from arenalab.world.weak_events import WeakPointerRead

#: Keys of an operation's row that are no observed fact, besides its arguments.
NO_FACT = {"i", "op", "d", "g", "until", "site", "real", "inferred"}

LEFT = ("front", "back")  #: Which bytes of the active chunk are free when its arena is freed.


def seen_before(w: World, op: Op) -> dict[str, Any]:
    """Return what the model says about those facts that a row reports of the moment before its operation."""
    if isinstance(op, ops.Free) and op.user_arena in w.user_arenas:
        user_arena = w.user_arenas[op.user_arena]
        return {"nfull": len(user_arena.full_list), "nrefs": len(user_arena.refs),
                "was_active": user_arena.active, "phase": w.gc.phase, **_left(w, user_arena.active)}  # fmt: skip
    if isinstance(op, ops.RunGC | ops.MarkEnd | ops.FinishMark):
        return {"faulted": list(w.fault)}
    return {}


def _left(w: World, active: int | None) -> dict[str, Any]:
    """Return which bytes of an active chunk are free; nothing without one."""
    if active is None:
        return {}
    span = w.spans[active]
    return {"front": span.free_base - span.base, "back": span.free_limit - span.base}


def compare_observed(
    facts: Comparer,
    machine: Machine,
    seen: dict[str, Any],
    op: Op,
    before: dict[str, Any],
    events: list[Event],
    *,
    partial: bool = False,
) -> None:
    """Compare whatever the operation's row reports, key by key; an unknown key is counted as skipped.

    `before` is what `seen_before` said. In a `partial` recording a key that is absent was not looked at.
    """
    model = before | _observed(machine, op, events)
    for key, value in model.items():
        if key not in seen and key in LEFT and not partial:
            continue  # what only a program's own runtime tells
        if partial and key not in seen:
            facts.skip("not looked at in this recording")
            continue
        go = _given(facts, seen, key)
        facts.fact(_fact_name(key), value, go, label=key, chunk=_chunk_of(model))
    for key in seen.keys() - model.keys() - NO_FACT - asked_form(type(op)).keys:
        facts.skip(f"unknown key {key}")


def compare_values(facts: Comparer, w: World, run: ValueRun, first: int) -> None:
    """Compare where a run of values went, those of the ledger's rows from `first` on, each as `place` of a `new`."""
    table, count = w.ledger.table(first), len(run)
    chunks, addrs = table[:, 5], table[:, 0]
    theirs = run.base + run.values.offsets.astype(np.int64)
    right = np.logical_and(chunks == run.chunk, addrs == theirs)
    if run.chunk >= len(w.spans) or w.spans[run.chunk].base != run.base:
        right[:] = False
    facts.report.compared["place"] += 4 * int(right.sum())  # at, chunk, base, off
    facts.skip("not looked at in this recording", 3 * count)  # active, changed, zero
    facts.skip("counters not looked at in this recording", count)
    for number in np.flatnonzero(np.logical_not(right)).tolist():
        step = run.step(number)
        facts.at(run.line, step.index, step.op)
        chunk = int(chunks[number])
        ours: dict[str, Any] = {"at": "heap" if chunk == ON_HEAP else "zerobase"}
        if chunk >= 0:
            base = w.spans[chunk].base
            ours = {"at": "chunk", "chunk": chunk, "base": base, "off": int(addrs[number]) - base}
        for key in ("at", "chunk", "base", "off"):
            go = run.base if key == "base" else step.seen[key]
            facts.fact("place", ours.get(key), go, label=key, chunk=max(chunk, 0))


def _given(facts: Comparer, seen: dict[str, Any], key: str) -> Any:
    if key == "base":  # which only a place in a chunk has; the model may say that Go was elsewhere
        return rows.address(seen, "base", facts.where) if seen.get("at", "chunk") == "chunk" else None
    if key in ("runs", "slot", "faulted", "finalized"):
        return rows.listed(seen, key, facts.where)
    return seen.get(key)


def _fact_name(key: str) -> str:
    return "place" if key in ("at", "chunk", "base", "off", "runs", "slot", "spanpages", "spanclass") else key


def _chunk_of(model: dict[str, Any]) -> int | None:
    chunk = model.get("chunk", model.get("active"))
    return chunk if isinstance(chunk, int) else None


def _observed(machine: Machine, op: Op, events: list[Event]) -> dict[str, Any]:
    """Return what the model says about every fact that such an operation reports."""
    observer = OBSERVERS.get(type(op))
    return {} if observer is None else observer(machine, op, events)


def _new_arena(machine: Machine, op: ops.NewArena, _: list[Event]) -> dict[str, Any]:
    active = machine.world.user_arenas[op.user_arena].active
    return {"active": active, "base": None if active is None else machine.world.spans[active].base}


def _allocated(machine: Machine, op: ops.New | ops.MakeSlice, events: list[Event]) -> dict[str, Any]:
    return {**_place(machine.world, events), **_after_allocation(machine.world, op, events)}


def _repeated(machine: Machine, op: ops.Rep, events: list[Event]) -> dict[str, Any]:
    return {"runs": _runs(machine), **_after_allocation(machine.world, op, events)}


def _held(machine: Machine, _: ops.Hold, events: list[Event]) -> dict[str, Any]:
    held = next((event for event in events if isinstance(event, PointerHeld)), None)
    return {"at": "none"} if held is None else _chunk_place(machine.world, held.addr)


def _weakly(machine: Machine, op: ops.MakeWeak | ops.WeakValue, events: list[Event]) -> dict[str, Any]:
    """Return the place of what a weak pointer was made of, or gives."""
    w = machine.world
    read = next((event for event in events if isinstance(event, WeakPointerRead)), None)
    handle = w.weak_pointers.get(op.weak, NO_HANDLE)
    if handle == NO_HANDLE or (read is not None and read.object == ops.NIL):
        return {"at": "nil"}
    spot = w.weak_handles[handle].spot
    if spot.chunk != ON_HEAP:
        return _chunk_place(w, spot.addr) if spot.chunk >= 0 else {"at": "zerobase"}
    kept = w.heap_objects[spot.object]
    return {"at": "heap", "spanpages": kept.npages, "spanclass": make_span_class(0, noscan=kept.noscan)}


def _kept(_: Machine, op: ops.SweepStep, events: list[Event]) -> dict[str, Any]:
    if op.chunk is None:
        return {}
    return {"kept": not any(isinstance(event, ChunkReadied) for event in events)}


def _collected(
    _: Machine, __: ops.RunGC | ops.MarkEnd | ops.RunFinalizers, events: list[Event]
) -> dict[str, Any]:
    return {"finalized": [event.user_arena for event in events if isinstance(event, FinalizerRun)]}


def _after_allocation(w: World, op: ops.New | ops.MakeSlice | ops.Rep, events: list[Event]) -> dict[str, Any]:
    changed = any(isinstance(event, ev.ChunkActivated) for event in events)
    facts: dict[str, Any] = {"active": w.user_arenas[op.user_arena].active, "changed": changed}
    if isinstance(op, ops.Rep) or not any(isinstance(event, ev.PlacedAtZerobase) for event in events):
        # Carving never meets a used byte: the chunk was zeroed when obtained, and ranges never overlap.
        facts["zero"] = True
    return facts


def _place(w: World, events: list[Event]) -> dict[str, Any]:
    for event in reversed(events):
        if isinstance(event, ev.ObjectAllocated):
            return _chunk_place(w, event.addr)
        if isinstance(event, ev.PlacedAtZerobase):
            return {"at": "zerobase"}
        if isinstance(event, ev.RedirectedToHeap):
            return {
                "at": "heap",
                "spanpages": event.npages,
                "spanclass": make_span_class(0, noscan=event.noscan),
            }
    return {"at": "nowhere"}


def _chunk_place(w: World, addr: int) -> dict[str, Any]:
    span = w.span_of(addr)
    if span is None:
        return {"at": "outside"}
    return {"at": "chunk", "chunk": span.chunk, "base": span.base, "off": addr - span.base}


def _linked(machine: Machine, _: ops.Link, events: list[Event]) -> dict[str, Any]:
    w = machine.world
    stored = next((e for e in events if isinstance(e, PointerStored)), None)
    if stored is None:
        return {"at": "none"}
    span = w.spans[stored.chunk]
    return {"slot": [stored.chunk, stored.slot - span.base], **_chunk_place(w, stored.target)}


def _runs(machine: Machine) -> list[list[int]]:
    """Return where a repetition's values went, as [chunk, first offset, stride, count] runs."""
    w, first = machine.world, machine.history.op_rows[-1]
    table = w.ledger.table(first)
    chunks = table[:, 5].copy()
    bases = np.array([span.base for span in w.spans], dtype=np.int64)
    offsets = np.where(chunks >= 0, table[:, 0] - bases[np.maximum(chunks, 0)], 0)
    return merge_runs(chunks, offsets)


def merge_runs(chunks: NDArray[np.int64], offsets: NDArray[np.int64]) -> list[list[int]]:
    """Join places into [chunk, first offset, stride, count] runs, from the first place on, each as long as it gets.

    Values outside chunks have the offset 0, so that those in a row are one run of stride 0.
    """
    count, first, runs = len(chunks), 0, list[list[int]]()
    steps, apart = np.diff(offsets), np.diff(chunks) != 0
    turns = np.flatnonzero((steps[1:] != steps[:-1]) | apart[1:])
    ends = np.append(turns, count - 2)  # steps after which another stride, or another chunk, comes
    while first < count:
        alone = first == count - 1 or apart[first]
        step = 0 if alone else int(steps[first])
        last = first if alone else int(ends[np.searchsorted(ends, first)]) + 1
        runs.append([int(chunks[first]), int(offsets[first]), step, last - first + 1])
        first = last + 1
    return runs


#: Operation -> what the model says about each fact that its row reports.
OBSERVERS: dict[type[ops.Op], Callable[[Machine, Any, list[Event]], dict[str, Any]]] = {
    ops.NewArena: _new_arena,
    ops.New: _allocated,
    ops.MakeSlice: _allocated,
    ops.Rep: _repeated,
    ops.Hold: _held,
    ops.Link: _linked,
    ops.RunGC: _collected,
    ops.MarkEnd: _collected,
    ops.RunFinalizers: _collected,
    ops.MakeWeak: _weakly,
    ops.WeakValue: _weakly,
    ops.SweepStep: _kept,
    ops.MarkBegin: lambda machine, *_: {"phase": machine.world.gc.phase},
}
