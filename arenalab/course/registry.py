"""Which families of questions there are: every module of `families` is read once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from arenalab.asked import called, whole
from arenalab.course import families as folder
from arenalab.course.family import FAMILIES, Family
from arenalab.course.question import LONGEST_TITLE, Question, under
from arenalab.errors import ArgumentError, NoSuchError, cut
from arenalab.go.versions import version_of


@cache
def _read_all() -> None:
    for module in iter_modules(folder.__path__, f"{folder.__name__}."):
        import_module(module.name)


def families(chapter: int | None = None) -> list[Family]:
    """Return all families in the order of the chapters, or those of one chapter."""
    _read_all()
    wanted = (it for it in FAMILIES.values() if chapter in (None, it.chapter))
    return sorted(wanted, key=lambda it: it.chapter)


@called
def question(name: str, seed: int = 1, go: str | None = None) -> Question:
    """Return the question of a family and a seed, under a version of Go; without one, the newest that it is about.

    Raises:
        NoSuchError: no such family; the text lists those there are.
        ArgumentError: the family is not about that Go.
        ScenarioError: its function, or what it returns, is wrong.

    """
    return _named(name).make(whole("seed", seed, "a whole number"), go)


def _named(name: str) -> Family:
    _read_all()
    if name not in FAMILIES:
        raise NoSuchError("exercise", name, f"one of {', '.join(sorted(FAMILIES))}")
    return FAMILIES[name]


@dataclass(frozen=True)
class Single:
    """A question that stands alone: the same one for every seed."""

    question: Question  #: the question itself.

    @property
    def name(self) -> str:
        """The name under which progress is kept: its title, or how its text begins."""
        return cut(self.question.title or self.question.text, LONGEST_TITLE)

    def make(self, seed: int, go: str | None = None) -> Question:
        """Return the question itself, under a version of Go if one is named."""
        asked = self.question if go is None else under(self.question, version_of(go))
        return replace(asked, family="", seed=seed)


def maker_of(asked: str | Family | Question) -> Family | Single:
    """Return what makes the questions of an exercise: a family, by its name or itself, or a question that stands alone.

    Raises:
        ArgumentError: none of these.
        NoSuchError: no family of that name.
        ScenarioError: a part of the question fails.

    """
    if isinstance(asked, Question):
        return FAMILIES[asked.family] if asked.family in FAMILIES else Single(asked.checked())
    if not isinstance(asked, str | Family):
        raise ArgumentError(
            "exercise", asked, 'the name of a family, such as "which-end", a Family or a Question'
        )
    return _named(asked) if isinstance(asked, str) else asked
