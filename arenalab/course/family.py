"""Families of questions: a function that draws a question for each seed, entered under a name.

A question is about the Go that is asked for: `draw.rules` are its rules, with the collector off.

Rule of this module: a family from outside the package is tried on its first seeds as it is entered, so that its author
sees what is wrong in the very cell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from arenalab.asked import called, instance, whole
from arenalab.course.draws import Draw
from arenalab.course.question import Question, tried, under
from arenalab.errors import ArgumentError, ScenarioError
from arenalab.go.versions import GO, version_of
from arenalab.scenarios.values import EVERY_GO, go_of, holds_in, newest_of

TRIED_SEEDS = range(1, 9)  #: questions that a new family is tried on.
OURS = "arenalab.course.families."  #: modules whose families the tests try on many more.


@dataclass(frozen=True)
class Family:
    """Questions of one kind, one for each seed."""

    name: str  #: by which `Exercise` finds it.
    title: str  #: above the exercise.
    chapter: int  #: notebook in which it stands.
    draw: Callable[[Any], Question]  #: makes the question of a `Draw`, which is a random.Random.
    go: str = EVERY_GO  #: versions of Go that it is about: ">=1.21", ">=1.22,<1.24" or "1.21".
    cell: str = ""  #: id of the notebook's cell that entered it; "" where there is none.

    def make(self, seed: int, go: str | None = None) -> Question:
        """Return the question of a seed under a version of Go; the same one every time, on every machine.

        Without a version it is about the newest that the family knows, or what its function says.

        Raises:
            ScenarioError: the function draws no question, or one that can't be answered; says which part fails.
            ArgumentError: the family is not about that Go.

        """
        return self.drawn(seed, go).checked(self._where(seed))

    def drawn(self, seed: int, go: str | None = None) -> Question:
        """Return the question of a seed as the function draws it: its program has not run, no part was tried.

        Raises:
            ScenarioError: the function draws no question.
            ArgumentError: the family is not about that Go.

        """
        where = self._where(seed)
        version = newest_of(self.go) if go is None else version_of(go)
        if not holds_in(self.go, version):
            raise ArgumentError(f"{where}: go", go, f"a Go that it is about ({self.go})")
        draw = Draw.under(f"{self.name}:{seed}", version)
        drawn = tried(where, "its function", lambda: self.draw(draw))
        if not isinstance(drawn, Question):
            raise ArgumentError(f"{where}: its function", drawn, "a Question, returned")
        drawn = drawn if go is None else under(drawn, version)
        return replace(drawn, family=self.name, title=self.title, chapter=self.chapter, seed=seed)

    def _where(self, seed: int) -> str:
        return f"exercise {self.name!r}, seed {seed}"


FAMILIES: dict[str, Family] = {}


@called
def family(
    name: str, *, title: str, chapter: int, go: str = EVERY_GO
) -> Callable[[Callable[[Any], Question]], Family]:
    """Enter a function that draws questions into the registry: `@family("which-end", title=..., chapter=1)`.

    The function is called with a `Draw`: a `random.Random` that knows the Go that is asked for. `go` says which
    versions the family is about, as a scenario does. A cell that runs again replaces its family; so does a function
    of the same name from the same module or notebook.

    Raises:
        ScenarioError: the name is taken, or a question of the first seeds can't be asked; nothing is entered then.

    """
    instance("name", name, str, 'a name, such as "which-end"')
    instance("title", title, str, 'a text, such as "Which end?"')
    whole("chapter", chapter, "the number of a notebook, such as 1")
    versions = go_of({GO: go}, f"family {name!r}")

    def enter(draw: Callable[[Any], Question]) -> Family:
        made = Family(name, title, chapter, draw, versions, _cell())
        if name in FAMILIES and not _again(made, FAMILIES[name]):
            raise ScenarioError(
                f"two families of questions are called {name!r}, {_place(FAMILIES[name])} and {_place(made)}; rename "
                "one (or restart the kernel, if the first is gone)"
            )
        if not draw.__module__.startswith(OURS):
            for seed in TRIED_SEEDS:
                made.make(seed)
        FAMILIES[name] = made
        return made

    return enter


def _again(made: Family, before: Family) -> bool:
    """Return whether a family is a new edition of the one before: of the same cell, or of a function of that name."""
    if made.cell and made.cell == before.cell:
        return True
    draw, old = made.draw, before.draw
    return (draw.__module__, draw.__qualname__) == (old.__module__, old.__qualname__)


def _place(it: Family) -> str:
    return f"{it.draw.__module__}.{it.draw.__qualname__}"


def _cell() -> str:
    """Return the id of the notebook's cell that runs, "" outside of notebooks."""
    ipython: Any = sys.modules.get("IPython")
    kernel = getattr(ipython and ipython.get_ipython(), "kernel", None)
    request: Any = getattr(kernel, "get_parent", dict)()
    return str(request.get("metadata", {}).get("cellId", ""))
