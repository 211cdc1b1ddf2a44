"""Who acts: the goroutines of the program, and the runtime's own that work beside them.

An actor is a whole number, so that a log of millions of events keeps it in a column. The program's
goroutines are numbered as Go numbers them, from 1 for main's; the runtime's are below zero.
"""

from __future__ import annotations

MOST_PS = 256  #: processors at most, numbered from 0.
MAIN = 1  #: the goroutine that runs main.main.
GC_WORKER = -1  #: a background mark worker. Go: gcBgMarkWorker, mgc.go, 1.21.
SWEEPER = -2  #: the background sweeper. Go: bgsweep, mgcsweep.go, 1.21.
FINALIZER = -3  #: the goroutine that runs finalizers. Go: runfinq, mfinal.go, 1.21.

_RUNTIME = {GC_WORKER: "GC worker", SWEEPER: "background sweeper", FINALIZER: "finalizer goroutine"}


def is_actor(number: object) -> bool:
    """Return whether a value names an actor: a goroutine from 1 on, or one of the runtime's."""
    return type(number) is int and (MAIN <= number < 2**31 or number in _RUNTIME)


def actor_name(actor: int) -> str:
    """Return what a person calls an actor: "goroutine 1", "GC worker"."""
    return _RUNTIME.get(actor) or f"goroutine {actor}"
