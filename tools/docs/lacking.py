"""What the reference would leave unsaid: public names without a docstring, fields that nobody explains."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

from sphinx.pycode import ModuleAnalyzer

from tools.docs.fields import fields_told
from tools.docs.public import names_of

LEAST_WORDS = 4


def lacking(name: str) -> list[str]:
    """Return what is missing of a module, as "where: what" each."""
    module = import_module(name)
    return [*_unsaid(module), *_fields_unsaid(module)]


def _unsaid(module: ModuleType) -> Iterator[str]:
    if trouble := _trouble(module):
        yield f"{module.__name__}: {trouble}"
    for name, thing in names_of(module):
        for where, each in [(name, thing), *_members(name, thing)]:
            if trouble := _trouble(each):
                yield f"{module.__name__}.{where}: {trouble}"


def _members(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield the methods and properties that a class itself has; one that replaces another has that one's docstring."""
    if inspect.isclass(thing):
        for member, each in vars(thing).items():
            replaced = any(hasattr(base, member) for base in thing.__mro__[1:-1])
            is_method = inspect.isroutine(each) or isinstance(each, property | classmethod | staticmethod)
            if not member.startswith("_") and is_method and not replaced:
                yield f"{name}.{member}", each


def _trouble(thing: Any) -> str:
    said = (inspect.getdoc(thing) or "").split()
    if not said:
        return "no docstring"
    return f"a docstring of {len(said)} words: {' '.join(said)}" if len(said) < LEAST_WORDS else ""


def _fields_unsaid(module: ModuleType) -> Iterator[str]:
    said = ModuleAnalyzer.for_module(module.__name__).find_attr_docs()
    for name, thing in names_of(module):
        if not inspect.isclass(thing):
            continue
        doc, told = inspect.getdoc(thing) or "", " ".join(fields_told(thing))
        for field in _fields(thing):
            if not (
                (name, field) in said
                or f"`{field}`" in doc
                or f":param {field}:" in told
                or f"{field}: " in doc
            ):
                yield f"{module.__name__}.{name}.{field}: nothing says what it holds"


def _fields(thing: Any) -> list[str]:
    """Return the public fields of a record that its own class declares, and the attributes of one with slots."""
    if is_dataclass(thing):
        names = [field.name for field in fields(thing)]
    else:
        names = [
            *(thing._fields if issubclass(thing, tuple) and hasattr(thing, "_fields") else ()),
            *(vars(thing).get("__slots__") or ()),
        ]
    own = inspect.get_annotations(thing)
    return [name for name in names if not name.startswith("_") and (name in own or not is_dataclass(thing))]
