"""TraceRun: one execution trace of an ordinary Go program, read, with all that can be asked of it.

    run = TraceRun.read("x.trace")
    run.scopes()                  # {"http": 4241, "task request": 40, ...}
    run.verdict("http")           # what became of its objects: recorded, no model in it
    run.verdict("under main.f")   # with allocation stacks: of all calls of a function
    run.columns("http")           # its objects as numpy arrays; to_pandas(), to_arrow()
    run.simulate("http")          # what an arena for each request comes to (model)
    run.history("http", 20)       # the first 20 performed by the machine, for any explorer

Nothing is decided here: intake/ reads, advice/ judges.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from arenalab.advice.advise import Advice, advise
from arenalab.advice.columns import Columns, columns_of, frame_of, table_of
from arenalab.advice.costs import CostTable, costs_of
from arenalab.advice.operations import Operations, newest_of, operations_of
from arenalab.advice.performing import history_of
from arenalab.advice.scope_facts import ScopeFacts, scope_facts
from arenalab.advice.simulation import Simulation, simulated
from arenalab.advice.values import Masks
from arenalab.asked import checks_calls, path_of
from arenalab.intake.batches import TraceFile
from arenalab.intake.functions import Function, functions_of
from arenalab.intake.gc_share import GCShare, gc_share
from arenalab.intake.lifetimes import Lifetimes, lifetimes_of
from arenalab.intake.log import TraceLog, read_log
from arenalab.intake.masks import masks_of
from arenalab.intake.objects import Objects, objects_of
from arenalab.intake.scopes import AUDIT, Scopes, of_kind, scopes_of
from arenalab.intake.verdict import Verdict, verdict
from arenalab.names import Named
from arenalab.units import counted
from arenalab.world.history import History

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@checks_calls
@dataclass(frozen=True, repr=False)
class TraceRun(Named):
    """A trace and its objects; their lifetimes and scopes are worked out when first asked for."""

    offered: ClassVar[tuple[str, ...]] = (
        *(
            "advise",
            "audited",
            "columns",
            "functions",
            "gc",
            "history",
            "lifetimes",
            "objects",
            "operations",
            "path",
        ),
        *("read", "scopes", "seconds", "simulate", "types", "verdict"),
    )

    log: TraceLog  #: what was read of the trace.
    objects: Objects  #: one row for each.
    #: By the address of a type, which of its words are pointers; None without a binary.
    masks: Masks | None = None

    @classmethod
    def read(
        cls,
        path: str | Path,
        watch: Callable[[float], None] = lambda _: None,
        *,
        binary: str | Path | None = None,
    ) -> TraceRun:
        """Read a trace; `watch` receives now and then the share of the file is read.

        Args:
            path: of the trace.
            watch: is called with a number from 0 to 1.
            binary: the program that wrote it, an ELF file: it tells which words of each type are pointers.

        Raises:
            TraceError: it is no trace, damaged, cut off, or holds no allocations; or `binary` did not write it.
            MissingExtraError: `binary` is given and pyelftools is not installed.

        """
        log = read_log(TraceFile(path_of("path", path)), watch)
        objects = objects_of(log)
        return cls(log, objects, None if binary is None else masks_of(binary, objects.types))

    def __repr__(self) -> str:
        """Describe what it is in one line."""
        return f"<TraceRun of {self.path}: {counted(len(self.objects), 'object')}, {self.seconds:.3g} s>"

    @property
    def path(self) -> str:
        """Return the path of the trace file."""
        return self.log.path

    @cached_property
    def lifetimes(self) -> Lifetimes:
        """Between which moments each object died."""
        return lifetimes_of(self.log, self.objects)

    @cached_property
    def found(self) -> Scopes:
        """All scopes that the trace holds whole, by kind."""
        return scopes_of(self.log)

    def scopes(self) -> dict[str, int]:
        """Return how many scopes of each kind there are, the most frequent first."""
        return dict(
            sorted(((kind, len(each)) for kind, each in self.found.items()), key=lambda pair: -pair[1])
        )

    @cached_property
    def audited(self) -> bool:
        """Whether it was captured with --audit, so that most of its collections are not the program's own."""
        return self.log.says(AUDIT)

    @cached_property
    def gc(self) -> GCShare:
        """What the collector took of the goroutines' running time."""
        return gc_share(self.log)

    def functions(self) -> list[Function]:
        """Return the functions as scopes, the most promising first; none in a trace without allocation stacks."""
        return functions_of(self.log, self.objects, self.found.shown, self.lifetimes)

    @property
    def seconds(self) -> float:
        """How long the trace lasted, from the heap's first event to its last; 0 where it names no clock."""
        times = self.log.heap.time
        return int(times[-1] - times[0]) / self.log.ticks if len(times) and self.log.ticks else 0.0

    @property
    def types(self) -> list[str]:
        """The names of the types that objects have, as Go writes them; "?" where the trace names none."""
        return [each.name for each in self.objects.types]

    def columns(self, kind: str | None = None) -> Columns:
        """Return all objects as arrays of equal length, one row for each, in the order in which they were allocated.

        Moments are seconds (float64) since tracing began; addresses and sizes are bytes (int64).

        * `address`, `slot`, `size`: where it was, where its slot begins, the slot's bytes (0: in no known span).
        * `type`: place in `types`, the list of names.
        * `goroutine`: the id of the one that allocated it; -1 where nobody saw that.
        * `stack`: place in `objects.stacks` of the calls that allocated it; 0: not recorded.
        * `birth`: -inf for what was there before tracing began (`before`).
        * `dies_after`, `dies_by`: it died in (dies_after, dies_by]; inf: no collection found it dead.
        * `freed`: when the sweeper freed its slot; inf: not in this trace.
        * `tiny`: below 16 bytes without pointers; may share its slot with others, and ends with the last of them.
        * `before`: allocated before tracing began.
        * `lost`: its slot was given away again and no free was seen, so its end is unknown.

        With the kind of a scope, such as "http", also

        * `scope`: which scope of that kind it belongs to, from 0 in the order of their ends; -1 for none.
        * `fate`: -1 dead in scope, 1 escapes, 0 undecided, and 0 outside of any scope.

        Raises:
            NoSuchError: the trace holds no scope of that kind.

        """
        its = None if kind is None else self.verdict(kind)
        return columns_of(self.log, self.objects, self.lifetimes, its)

    def to_pandas(self, kind: str | None = None) -> pd.DataFrame:
        """Return `columns` as a data frame; `type` and `fate` are categories of names.

        Raises:
            MissingExtraError: pandas is not installed; the text is the command that installs it.
            NoSuchError: the trace holds no scope of that kind.

        """
        return frame_of(self.columns(kind), self.types)

    def to_arrow(self, kind: str | None = None) -> pa.Table:
        """Return `columns` as an Arrow table; `type` and `fate` are dictionaries of names.

        Raises:
            MissingExtraError: pyarrow is not installed; the text is the command that installs it.
            NoSuchError: the trace holds no scope of that kind.

        """
        return table_of(self.columns(kind), self.types)

    def verdict(self, kind: str) -> Verdict:
        """Return what became of the objects of all scopes of a kind; that of the last kind asked for is kept.

        Raises:
            NoSuchError: the trace holds none of that kind.

        """
        kept = vars(self).get("_last")
        if kept is None or kept.kind != kind:
            vars(self).pop("_last", None)  # of two of a trace of millions one is enough
            kept = vars(self)["_last"] = verdict(self.log, self.objects, self.lifetimes, self.found, kind)
        return kept

    def scope_facts(self, kind: str) -> ScopeFacts:
        """Return what the costs of a kind of scope rest on: counts of its objects by type, size and fate.

        Raises:
            NoSuchError: the trace holds none of that kind.

        """
        found = self.verdict(kind)
        return scope_facts(self.log, self.objects, self.lifetimes, self.gc, of_kind(self.found, kind), found)

    def advise(
        self, kind: str, *, go: str | None = None, gogc: int = 100, costs: CostTable | None = None
    ) -> Advice:
        """Return what an arena for each scope of a kind would cost or save in processor time and memory.

        Args:
            kind: of the scopes, such as "http".
            go: whose costs; without it the newest Go that writes the trace's format. Those measured on this machine
                by `arenalab costs` go before the shipped ones.
            gogc: percent at which both forms are compared.
            costs: another table, such as `shipped_costs("1.27")`; `go` does not count then.

        Raises:
            NoSuchError: the trace holds none of that kind.
            ScenarioError: there are no costs of that Go, or the table in the cache folder is damaged.

        """
        return advise(self.scope_facts(kind), costs or costs_of(go or newest_of(self.log.version)), gogc)

    def operations(self, kind: str, *, go: str | None = None) -> Operations:
        """Return the program that gives each scope of a kind an arena, under `go` or the newest of the format.

        Raises:
            NoSuchError: the trace holds none of that kind.
            ScenarioError: no such Go is modelled.

        """
        return operations_of(
            self.log, self.objects, self.lifetimes.cycles, of_kind(self.found, kind),
            go=go, masks=self.masks, its=self.verdict(kind),
        )  # fmt: skip

    def simulate(self, kind: str, *, go: str | None = None) -> Simulation:
        """Return what an arena for each scope of a kind comes to in memory: solved, certified, partly performed.

        Raises:
            NoSuchError: the trace holds none of that kind.
            ScenarioError: no such Go is modelled.
            ModelBug: solver and machine differ.

        """
        program = self.operations(kind, go=go)
        return simulated(program, self.log, self.objects, self.lifetimes, of_kind(self.found, kind))

    def history(
        self, kind: str, scopes: int | slice | Sequence[int] = 20, *, go: str | None = None
    ) -> History:
        """Return the model's run of some scopes of a kind with an arena each, for any explorer.

        Args:
            kind: of the scopes, such as "http".
            scopes: the first so many in the order in which they began, or their numbers: places in `found[kind]`.
            go: whose rules; without it the newest Go that writes the trace's format.

        Raises:
            NoSuchError: the trace holds none of that kind.
            ArgumentError: no such scopes.
            ScenarioError: no such Go is modelled.

        """
        program = self.operations(kind, go=go)
        return history_of(program.chosen(program.numbers(scopes)), self.path, program.arenas)
