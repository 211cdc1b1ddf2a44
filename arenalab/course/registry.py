"""Which families of questions there are: every module of `families` is read once."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from arenalab.asked import called, whole
from arenalab.course import families as folder
from arenalab.course.question import FAMILIES, Family, Question
from arenalab.errors import NoSuchError


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
def question(name: str, seed: int = 1) -> Question:
    """Return the question of a family and a seed.

    Raises:
        NoSuchError: no such family; the text lists those there are.
        ScenarioError: its function, or what it returns, is wrong.

    """
    _read_all()
    if name not in FAMILIES:
        raise NoSuchError("exercise", name, f"one of {', '.join(sorted(FAMILIES))}")
    return FAMILIES[name].make(whole("seed", seed, "a whole number"))
