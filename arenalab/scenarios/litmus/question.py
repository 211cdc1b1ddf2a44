"""A litmus program's question: its condition, and the answer under each version of Go."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from arenalab.errors import ScenarioError
from arenalab.go.versions import VERSIONS
from arenalab.scenarios.read import Scenario
from arenalab.scenarios.values import holds_in, known, refused, table, text

ALWAYS, SOMETIMES, NEVER = "always", "sometimes", "never"
ANSWERS = (ALWAYS, SOMETIMES, NEVER)
KEYS = ("family", "asks", "exists", "answer", "model_only")
#: Families of the catalogue, and what each is about.
FAMILIES = {
    "reads after free": "What a pointer finds that outlives its arena.",
    "writes after free": "What a late write destroys, and what it doesn't.",
    "reuse": "Who gets a chunk next, and at which address.",
    "pointers the collector sees": "What a pointer keeps that is no secret.",
    "frees during marking": "What Free does while the collector is reading.",
    "dropped handles": "What nobody frees, a finalizer does.",
    "clones": "What Clone copies out, and when it is too late.",
    "finalizers, cleanups and pins": "What can't be set on a value of an arena.",
    "weak pointers": "What a weak pointer gives, before and after.",
    "handles after free": "What the handle itself says when it is used again.",
    "goroutines": "What two goroutines make of it, in any order.",
    "sanitizers": "What builds for testing report.",
    "versions": "What depends on which Go it is.",
}

#: What an operation can find; anything else would be a condition that nothing ever meets.
FINDS = re.compile(r"\d+|nil|its object|the same|where object \d+ was|(panic|throw|fault|report): .+")

State = str  #: what operations found, in words: "4: 41; 7: fault: accessed data from freed user arena".
Found = Mapping[int, str]  #: operation -> what it found, of those that found something.


@dataclass(frozen=True, eq=False)
class Litmus:
    """A program and a question about the states that it can end in; one of the catalogue is itself alone."""

    scenario: Scenario
    family: str  #: one of FAMILIES.
    asks: str  #: the question, in words, to be read after "exists:".
    exists: tuple[tuple[int, str], ...]  #: the same for a machine: what operations found, all of these.
    answers: tuple[tuple[str, str], ...]  #: versions of Go, and the answer under these.
    model_only: str  #: why it can't be shown in real Go here; "" where it is.

    @property
    def name(self) -> str:
        """The program's name."""
        return self.scenario.name

    @property
    def lesson(self) -> str:
        """What it teaches, in one sentence."""
        return self.scenario.about

    @property
    def build(self) -> str:
        """How it is built: "plain", or with a sanitizer, "race", "msan" or "asan"."""
        mode: str = self.scenario.rules.build_mode
        return mode

    @property
    def versions(self) -> tuple[str, ...]:
        """The versions of Go that it is a program for."""
        return tuple(version for version in VERSIONS if self.scenario.runs_on(version))

    def answer(self, version: str) -> str:
        """Return "always", "sometimes" or "never": the answer that its file gives under a version of Go."""
        return next(answer for go, answer in self.answers if holds_in(go, version))

    def holds(self, state: State) -> bool:
        """Return whether a state meets the condition."""
        found = found_in(state)
        return all(found.get(op) == wanted for op, wanted in self.exists)

    @cached_property
    def parts(self) -> tuple[list[int], dict[int, list[int]], list[int]]:
        """Return the rows that come first, those of each goroutine, which go on beside one another, and the last."""
        rows = self.scenario.rows
        beside = [index for index, row in enumerate(rows) if "goroutine" in row]
        first, end = (beside[0], beside[-1] + 1) if beside else (len(rows), len(rows))
        of_each: dict[int, list[int]] = {}
        for index in beside:
            of_each.setdefault(rows[index]["goroutine"], []).append(index)
        return list(range(first)), of_each, list(range(end, len(rows)))

    @property
    def digest(self) -> str:
        """Return a short name for the very program: what was recorded of another one is not about it."""
        told = [self.scenario.types, self.scenario.settings, self.scenario.rows]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        """Return its name."""
        return self.name


def litmus_of(scenario: Scenario) -> Litmus:
    """Return a scenario's question.

    Raises:
        ScenarioError: it asks none, or its table `[litmus]` makes no sense; names file, key and what to do.

    """
    asked, path = scenario.litmus, scenario.path
    if not asked:
        raise ScenarioError(f"{path}: no table [litmus]; give one with {', '.join(KEYS[:-1])}")
    where = f"{path}: litmus"
    known(asked, KEYS, where)
    family, asks = text(asked, "family", where), text(asked, "asks", where)
    if family not in FAMILIES:
        raise refused(where, "family", family, f"one of: {', '.join(FAMILIES)}")
    if not asks:
        raise refused(where, "asks", asks, "the question in words")
    told = Litmus(
        scenario, family, asks, _exists(asked, len(scenario.rows), where), _answers(scenario, asked, where),
        text(asked, "model_only", where),
    )  # fmt: skip
    _check_order(told, where)
    return told


def _exists(asked: Mapping[str, Any], nops: int, where: str) -> tuple[tuple[int, str], ...]:
    wanted = table(asked, "exists", where)
    for op, found in wanted.items():
        if not op.isdigit() or int(op) >= nops or not FINDS.fullmatch(str(found)):
            raise refused(where, f"exists.{op}", found, f"what one of ops[0] to ops[{nops - 1}] can find")
    if not wanted:
        raise refused(where, "exists", wanted, "what operations must have found, such as { 4 = 41 }")
    return tuple((int(op), str(found)) for op, found in wanted.items())


def _answers(scenario: Scenario, asked: Mapping[str, Any], where: str) -> tuple[tuple[str, str], ...]:
    given = asked.get("answer")
    answers = {scenario.go: given} if isinstance(given, str) else table(asked, "answer", where)
    for go, answer in answers.items():
        if answer not in ANSWERS:
            raise refused(where, f"answer of {go}", answer, f"one of: {', '.join(ANSWERS)}")
    told = [v for v in VERSIONS if scenario.runs_on(v)]
    for version in told:
        if sum(holds_in(go, version) for go in answers) != 1:
            raise refused(where, "answer", given, f"one answer for Go {version}")
    return tuple(answers.items())


def _check_order(told: Litmus, where: str) -> None:
    rows = told.scenario.rows
    if any("go_on" in row or "until" in row for row in rows):
        says = "a litmus program has no order of turns; leave go_on and until out"
        raise ScenarioError(f"{where}: {says}")
    first, _, last = told.parts
    if any("goroutine" not in rows[index] for index in range(len(first), len(rows) - len(last))):
        raise ScenarioError(f"{where}: between two goroutines' operations each row must name its goroutine")


def state_of(found: Found) -> State:
    """Write what operations found as one text, in their order."""
    return "; ".join(f"{op}: {what}" for op, what in sorted(found.items())) or "nothing to tell"


def found_in(state: State) -> dict[int, str]:
    """Read such a text back."""
    parts: Sequence[str] = state.split("; ") if ": " in state else ()
    return {int(op): what for op, _, what in (part.partition(": ") for part in parts)}
