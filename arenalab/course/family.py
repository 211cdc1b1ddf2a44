"""Families of questions: a function that draws a question for each seed, entered under a name.

Rule of this module: a family from outside the package is tried on its first seeds as it is entered, so that its author
sees what is wrong in the very cell.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from arenalab.asked import called, instance, whole
from arenalab.course.question import Question, tried
from arenalab.errors import ArgumentError, ScenarioError

TRIED_SEEDS = range(1, 9)  #: questions that a new family is tried on.
OURS = "arenalab.course.families."  #: modules whose families the tests try on many more.


@dataclass(frozen=True)
class Family:
    """Questions of one kind, one for each seed."""

    name: str  #: by which `Exercise` finds it.
    title: str  #: above the exercise.
    chapter: int  #: notebook in which it stands.
    draw: Callable[[Random], Question]  #: makes the question of a random generator.
    cell: str = ""  #: id of the notebook's cell that entered it; "" where there is none.

    def make(self, seed: int) -> Question:
        """Return the question of a seed; the same one every time, on every machine.

        Raises:
            ScenarioError: the function draws no question, or one that can't be answered; says which part fails.

        """
        where = f"exercise {self.name!r}, seed {seed}"
        drawn = tried(where, "its function", lambda: self.draw(Random(f"{self.name}:{seed}")))
        if not isinstance(drawn, Question):
            raise ArgumentError(f"{where}: its function", drawn, "a Question, returned")
        named = replace(drawn, family=self.name, title=self.title, chapter=self.chapter, seed=seed)
        return named.checked(where)


FAMILIES: dict[str, Family] = {}


@called
def family(name: str, *, title: str, chapter: int) -> Callable[[Callable[[Random], Question]], Family]:
    """Enter a function that draws questions into the registry: `@family("which-end", title=..., chapter=1)`.

    A cell that runs again replaces its family; so does a function of the same name from the same module or notebook.

    Raises:
        ScenarioError: the name is taken, or a question of the first seeds can't be asked; nothing is entered then.

    """
    instance("name", name, str, 'a name, such as "which-end"')
    instance("title", title, str, 'a text, such as "Which end?"')
    whole("chapter", chapter, "the number of a notebook, such as 1")

    def enter(draw: Callable[[Random], Question]) -> Family:
        made = Family(name, title, chapter, draw, _cell())
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
