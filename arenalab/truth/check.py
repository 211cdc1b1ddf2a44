"""check: re-execute a recorded run in the model and compare every fact that Go reported.

Laws of this file: a fact is compared or named as skipped, never passed over; what the model
does is decided by the operations and, where two goroutines might run in either order, by an order
that is read off, counted and named (`schedules.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec

from arenalab.asked import called, instance
from arenalab.errors import RecordingError, ScenarioError
from arenalab.install import install_command
from arenalab.machine.machine import Machine, collector_at_rest
from arenalab.syntax.compare import row_facts
from arenalab.truth import rows
from arenalab.truth.cases import compare_case
from arenalab.truth.follow import RECORDED_RULES
from arenalab.truth.recording import Recording, Snap, Step
from arenalab.truth.report import Report
from arenalab.truth.schedules import Followers
from arenalab.truth.type_rows import declarations as declared
from arenalab.world import ops
from arenalab.world.history import History

Steps = Callable[[list[Step | Snap]], Iterator[Step | Snap]]


@called
def check(recording: Recording, *, in_bulk: bool = True, steps: Steps = iter) -> Report:
    """Re-execute a recording and compare; `in_bulk` solves long runs at once, certified.

    `steps` hands on the operations and snapshots one by one: a progress bar, say.

    Raises:
        RecordingError: a row is not what the format says.

    """
    return Checker(_recording(recording), in_bulk=in_bulk).run(steps)


@called
def history_of(recording: Recording, *, in_bulk: bool = True) -> History:
    """Return the model's history of a recorded run, for views and explorers.

    Raises:
        RecordingError: an operation makes no sense where it stands; names file and line.

    """
    _recording(recording)
    if any(isinstance(op, ops.Drop) for op in recording.ops):
        # Finalizers will run, and when they did is read off what Go reported.
        checker = Checker(recording, in_bulk=in_bulk)
        checker.run()
        if not checker.followers.best.refused:
            return checker.machine.history
    machine = Machine(RECORDED_RULES, in_bulk=in_bulk)
    with collector_at_rest():
        for step in recording.steps:
            try:
                machine.do(step.op)
            except ScenarioError as error:
                raise RecordingError(
                    f"{recording.path}:{step.line}: operation {step.index}: {error}"
                ) from None
    return machine.history


def _recording(given: Recording) -> Recording:
    return instance("recording", given, Recording, "a Recording; arenalab.load_recording(path) reads one")


class Checker:
    """One recording beside one machine, or several while who ran first is not known."""

    def __init__(self, recording: Recording, *, in_bulk: bool) -> None:
        """Prepare to follow a recording."""
        self.recording = recording
        self.followers = Followers(recording, in_bulk=in_bulk)
        self.facts = self.followers.best.facts

    @property
    def machine(self) -> Machine:
        """The machine whose report counts."""
        return self.followers.best.machine

    @property
    def report(self) -> Report:
        """What was found so far."""
        return self.followers.best.report

    def run(self, steps: Steps = iter) -> Report:
        """Follow the recording to its end, or to where the model can't follow."""
        with collector_at_rest():
            self._outside_the_run()
            if self.recording.header:
                self._start()
                for item in steps(self.recording.items):
                    if not self.followers.take(item):
                        break
                self.followers.close()
        return self.report

    def _outside_the_run(self) -> None:
        self._types()
        for line, row in self.recording.cases:
            self.facts.at(line, -1)
            compare_case(self.facts, row, RECORDED_RULES)

    def _types(self) -> None:
        """Compare each type row with what its own expression makes here."""
        rows_given = self.recording.type_rows
        if rows_given and find_spec("lark") is None:
            self.facts.skip(f"type (no parser: {install_command('types')})", len(rows_given))
            return
        if self.recording.partial:
            # The program's own names, whose declarations nobody recorded: taken as data.
            self.facts.skip("type known by its name only", len(rows_given))
            return
        declarations = declared(row for _, row in rows_given)
        for line, row in rows_given:
            self.facts.at(line, -1)
            self.facts.what = f"type {row['expr']}"
            for fact in row_facts(row, declarations):
                self.facts.fact("type", fact.model, fact.real, label=fact.name)

    def _start(self) -> None:
        start, rules, where = self.recording.start, self.machine.rules, self.recording.path
        for name, ours in (
            ("chunk", rules.chunk.stride),
            ("maxalloc", rules.user_arena_chunk_max_alloc_bytes),
            ("heaparena", rules.heap_arena_bytes),
            ("page", rules.page_size),
        ):
            self.facts.fact("constant", ours, rows.integer(start, name, where), label=name)
        version = rows.text(start, "go", where)
        if not version.startswith(f"go{rules.version}."):
            raise RecordingError(f"{where}: made by {version}; the model follows Go {rules.version}")
