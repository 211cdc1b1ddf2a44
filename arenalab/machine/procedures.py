"""Operation -> procedure: who follows which Go function when the program asks for something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from arenalab.machine import access, api, gc, program, user_arena, weak  # noqa: F401  # weak is found by name
from arenalab.machine.clone import clone
from arenalab.machine.repeat import repeat, repeat_in_bulk, set_bits_in_bulk
from arenalab.machine.runtime import runtime
from arenalab.machine.steps import Steps, acting
from arenalab.world import ops
from arenalab.world.actors import FINALIZER, GC_WORKER, SWEEPER
from arenalab.world.ops import Op
from arenalab.world.state import World
from arenalab.world.touch import Pointer

Procedure = Callable[[World, Any], Steps[None]]
Procedures = dict[type[Op], Procedure]

#: Operations that only a stopped world allows, at their start or at their end.
STOPS_THE_WORLD = (ops.StartGC, ops.FinishMark, ops.RunGC, ops.MarkBegin, ops.MarkEnd)
#: Operations that drive a cycle by hand: they take over the one that an allocation started.
BY_HAND = (ops.MarkStep, ops.FinishMark, ops.MarkEnd, ops.SweepStep, ops.RunFinalizers)
#: Operations that are the collector's work; one goroutine at a time does any. Go: worldsema and startSema, proc.go.
COLLECTS: tuple[type[Op], ...] = tuple(dict.fromkeys((*STOPS_THE_WORLD, *BY_HAND)))


def _new_arena(w: World, op: ops.NewArena) -> Steps[None]:
    return user_arena.new_user_arena(w, op.user_arena)


def _rep(w: World, op: ops.Rep) -> Steps[None]:
    api.check_repeat(w, op.user_arena, op.n)
    return repeat(w, op.user_arena, op.type, op.n)


def _rep_in_bulk(w: World, op: ops.Rep) -> Steps[None]:
    api.check_repeat(w, op.user_arena, op.n)
    return repeat_in_bulk(w, op.user_arena, op.type, op.n)


def _nothing() -> Steps[None]:
    yield from ()


PROCEDURES: Procedures = {
    ops.NewArena: _new_arena,
    ops.New: api.new,
    ops.MakeSlice: api.make_slice,
    ops.Rep: _rep,
    ops.Free: api.free,
    ops.Drop: lambda w, op: program.drop(w, op.user_arena),
    ops.Link: lambda w, op: program.link(w, op.from_arena, op.to_arena),
    ops.Store: lambda w, op: program.store(w, op.slot, op.target),
    ops.Write: lambda w, op: access.write(
        w, Pointer(op.object, op.offset), op.value, panic_on_fault=op.panic_on_fault
    ),
    ops.Read: lambda w, op: access.read(w, Pointer(op.object, op.offset), panic_on_fault=op.panic_on_fault),
    ops.Clone: clone,
    ops.SetFinalizer: lambda w, op: access.set_finalizer(w, op.object),
    ops.AddCleanup: lambda w, op: runtime(w.rules).add_cleanup(w, op.object),
    ops.MakeWeak: lambda w, op: runtime(w.rules).make_weak(w, op),
    ops.WeakValue: lambda w, op: runtime(w.rules).weak_value(w, op.weak),
    ops.Pin: lambda w, op: access.pin(w, op.object),
    ops.RunGC: lambda w, op: gc.run_gc(w, detail=op.detail, finalizers_after=op.finalizers_after),
    ops.MarkBegin: lambda w, op: gc.begin(w, detail=op.detail),
    ops.MarkEnd: lambda w, op: gc.finish_cycle(w, op.finalizers_after),
    ops.Snapshot: lambda *_: _nothing(),
    ops.StartGC: lambda w, _: gc.start_and_queue_roots(w),
    ops.MarkStep: lambda w, _: gc.mark_step(w),
    ops.FinishMark: lambda w, _: acting(GC_WORKER, gc.finish_mark(w)),
    ops.SweepStep: lambda w, op: acting(SWEEPER, gc.sweep_step(w, op.chunk)),
    ops.RunFinalizers: lambda w, _: acting(FINALIZER, gc.run_finalizers(w)),
}

IN_BULK: Procedures = {
    ops.Rep: _rep_in_bulk,
    ops.New: lambda w, op: api.new(w, op, set_bits_in_bulk),
    ops.MakeSlice: lambda w, op: api.make_slice(w, op, set_bits_in_bulk),
}
