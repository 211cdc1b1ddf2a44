"""WhatIf: one program under other settings, operation by operation beside the run it was recorded in.

Rules:
1. A run under unchanged settings is the recorded history itself; a changed one is performed again by the Machine
   (or, for the history of a trace, by the bulk replay), so it is certified like any other. No
   setting but the version, GOGC and the build mode is one that some Go has: of this very program nobody verified
   what comes out.
2. An operation that makes no sense under the settings is left out and told; the others go on. Where the
   program dies, its run ends.
3. Operations are carried over by what they name: an object by the operation that made it, an address by
   the object it is in. They run one after the other, even where the recorded run let two overlap.

Of a long program only so many operations are performed at once; `go_on` performs more.
A cycle that an allocation starts ends before the next operation, and a repetition is done in pieces of about
a chunk, so that one long operation does not hold a cycle up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from arenalab.errors import LONGEST_NAME, GoThrow, ScenarioError, cut, meant
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO, changed_by
from arenalab.latest import Latest
from arenalab.replay.measures import counted
from arenalab.replay.plain_heap import PlainHeap
from arenalab.replay.replay import Replayer
from arenalab.replay.trace import OpsSoFar, Trace
from arenalab.replay.what_if_performed import OnHeap, Stepped
from arenalab.replay.what_if_run import Ints, Run
from arenalab.world.gc_events import TriggerReached
from arenalab.world.history import History
from arenalab.world.of_kind import has_any
from arenalab.world.ops import Op
from arenalab.world.state import World

ARENA, PLAIN = "arenas", "plain heap"
#: Settings that can be chosen, beside the heap.
SETTINGS = (GO, "user_arena_chunk_bytes_max", "max_alloc_fraction", "reuse_order", "gogc", "build_mode")
MOST_RUNS = 4  #: runs that are kept: both sides, and both before the reader's last choice.


class WhatIf:
    """Runs the program of a history under other settings; the latest runs are kept until the history grows."""

    def __init__(self, history: History) -> None:
        """Take a history's operations as the program."""
        self.history = history
        self._runs = Latest[tuple[Any, ...], Run]()
        self._length = -1

    @property
    def program(self) -> Sequence[Op] | Trace:
        """Return the operations that the program itself asked for."""
        said = self.history.ops
        return said.trace.window(0, len(said)) if isinstance(said, OpsSoFar) else said

    def run(self, settings: Mapping[str, Any], heap: str = ARENA) -> Run:
        """Return the program's run under some settings; those that are not named are as recorded.

        Raises:
            ScenarioError: a setting that there is not.

        """
        strange = [cut(name, LONGEST_NAME) for name in settings if name not in SETTINGS]
        if strange or heap not in (ARENA, PLAIN):
            hint = meant(strange[0], SETTINGS, "; ") if strange else ""
            raise ScenarioError(
                f"{', '.join(strange) or heap} can't be chosen; there is {', '.join(SETTINGS)}{hint}"
            )
        if self._length != len(self.history.ops):
            self._runs, self._length = Latest(), len(self.history.ops)
        rules = changed_by(self.history.rules, settings)
        key = (heap, *rules.settings().values())
        make = self._plain if heap == PLAIN else self._arenas
        return self._runs.of(key, lambda: make(rules), MOST_RUNS)

    def _plain(self, rules: GoRules) -> Run:
        program = self.program
        run = Run(
            rules, plain=True, operations=len(program), program=program, kept_heaps={0: PlainHeap(rules)}
        )
        run.go_on = OnHeap(run, program).go_on
        run.go_on()
        return run

    def _arenas(self, rules: GoRules) -> Run:
        history = self.history
        run = Run(rules, plain=False, operations=len(self.program))
        if rules == history.rules and not has_any(history.events, TriggerReached):
            run.recorded, run.history = True, history
            run.ends = _ends(history)
        elif history.at(0) != World(history.rules):
            run.stopped = (0, "it goes on from an earlier World; under other settings there is none")
        else:
            _again(run, self)
        if run.history is None:
            zero = np.zeros(1, dtype=np.int64)
            run.columns = dict.fromkeys(
                ("heap_live", "in_use", "cycles", "heap_live_peak", "in_use_peak"), zero
            )
        else:
            self.count(run)
        return run

    def count(self, run: Run) -> None:
        """Note what the counters of a run with a history were, and how it ended."""
        assert run.history is not None  # noqa: S101  # for the type checker
        run.columns, run.rows = self.counted(run.history, run.ends), len(run.history.world.spans)
        _note_death(run)

    counted = staticmethod(counted)  #: counters after each operation; explorers read them from an index.


def _ends(history: History) -> Ints:
    """Return the events after each operation, with what the runtime did beside the program until the next."""
    return np.append(np.array(history.op_starts, dtype=np.int64), len(history))[1:]


def _again(run: Run, what_if: WhatIf) -> None:
    """Run the program under the run's own rules, as far as it goes."""
    said = what_if.history.ops
    try:
        if isinstance(said, OpsSoFar):
            _replayed(run, what_if)
        else:
            stepped = Stepped(run, what_if.history, what_if.count)
            run.go_on = stepped.go_on
            stepped.perform()
    except GoThrow as thrown:
        run.stopped = (0, f"Go would not start: {thrown.text}")


def _replayed(run: Run, what_if: WhatIf) -> None:
    """Replay a trace in bulk; at an operation that makes no sense its run ends."""
    replayer = Replayer(what_if.history.ops.trace, run.rules)  # type: ignore[attr-defined]  # an OpsSoFar
    run.history = replayer.history
    try:
        replayer.run()
        replayer.machine.go_on()
    except ScenarioError as refused:
        run.stopped = (len(replayer.ops), str(refused))
    run.ends = _ends(replayer.history)


def _note_death(run: Run) -> None:
    assert run.history is not None  # noqa: S101  # for the type checker
    if run.history.world.died:
        run.stopped = (len(run.ends) - 1, f"the program dies: {run.history.world.died}")
