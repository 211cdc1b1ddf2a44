"""check: re-execute a recorded run in the model and compare every fact that Go reported.

Laws of this file: a fact is compared or named as skipped, never passed over; what the model
does is decided by the operations alone, never by what Go reported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

from arenalab.errors import RecordingError, ScenarioError
from arenalab.go.versions import GO_1_21
from arenalab.install import install_command
from arenalab.machine.machine import Machine
from arenalab.syntax.compare import row_facts
from arenalab.truth import rows
from arenalab.truth.cases import compare_case
from arenalab.truth.compare import Comparer
from arenalab.truth.counters import CounterComparer, values_of
from arenalab.truth.places import compare_observed
from arenalab.truth.recording import Recording, Snap, Step
from arenalab.truth.report import Report
from arenalab.truth.snapshots import SnapshotComparer
from arenalab.world.history import History

#: Recordings are made with the collector off; every cycle in them was asked for.
RECORDED_RULES = replace(GO_1_21, gogc=-1)

Steps = Callable[[list[Step | Snap]], Iterator[Step | Snap]]


def check(recording: Recording, *, in_bulk: bool = True, steps: Steps = iter) -> Report:
    """Re-execute a recording and compare; `in_bulk` solves long runs at once, certified.

    `steps` hands on the operations and snapshots one by one: a progress bar, say.

    Raises:
        RecordingError: a row is not what the format says.

    """
    return Checker(recording, in_bulk=in_bulk).run(steps)


def history_of(recording: Recording, *, in_bulk: bool = True) -> History:
    """Return the model's history of a recorded run, for views and explorers."""
    return Machine(RECORDED_RULES, in_bulk=in_bulk).run(recording.ops)


class Checker:
    """One recording beside one machine."""

    def __init__(self, recording: Recording, *, in_bulk: bool) -> None:
        """Prepare to follow a recording."""
        self.recording = recording
        self.report = Report()
        self.machine = Machine(RECORDED_RULES, in_bulk=in_bulk)
        self.facts = Comparer(self.report, self.machine, recording.path)
        self.counters = CounterComparer(self.facts)

    def run(self, steps: Steps = iter) -> Report:
        """Follow the recording to its end, or to where the model can't follow."""
        recording = self.recording
        self._outside_the_run()
        if recording.header:
            self._start()
            snaps = SnapshotComparer(
                self.facts, self.counters, recording.start, bits=str(recording.header.get("bits"))
            )
            for item in steps(recording.items):
                if isinstance(item, Snap):
                    self.facts.at(item.line, item.after)
                    snaps.compare(self.machine.world, item.seen)
                elif not self._step(item):
                    break
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
        declarations = _declarations(row for _, row in rows_given)
        for line, row in rows_given:
            self.facts.at(line, -1)
            self.facts.what = f"type {row['expr']}"
            for fact in row_facts(row, declarations):
                self.facts.fact("type", fact.model, fact.real, label=fact.name)

    def _start(self) -> None:
        start, rules, where = self.recording.start, self.machine.rules, self.recording.path
        for name, ours in (
            ("chunk", rules.user_arena_chunk_bytes),
            ("maxalloc", rules.user_arena_chunk_max_alloc_bytes),
            ("heaparena", rules.heap_arena_bytes),
            ("page", rules.page_size),
        ):
            self.facts.fact("constant", ours, rows.integer(start, name, where), label=name)
        version = rows.text(start, "go", where)
        if not version.startswith(f"go{rules.version}."):
            raise RecordingError(f"{where}: made by {version}; the model follows Go {rules.version}")

    def _step(self, item: Step) -> bool:
        """Do one operation and compare; return False when the model refused it."""
        self.facts.at(item.line, item.index, item.op)
        self.report.operations += 1
        world = self.machine.world
        before = values_of(world)
        try:
            events = self.machine.do(item.op)
        except ScenarioError as error:
            self.facts.fact("operation", f"refused: {error}", "done")
            return False
        compare_observed(self.facts, self.machine, item, events, partial=self.recording.partial)
        if "d" in item.seen:
            self.counters.compare_changes(world, before, item.seen["d"], events)
        else:
            self.facts.skip("counters not looked at in this recording")
        return True


def _declarations(rows_given: Iterable[dict[str, Any]]) -> str:
    """Return the named types of a scenario's recording as Go declarations: its expressions may use them."""
    named = [row for row in rows_given if isinstance(row.get("name"), str) and row["name"].isidentifier()]
    return "\n".join(f"type {row['name']} {row['expr']}" for row in named)
