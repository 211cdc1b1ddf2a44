"""Parameter lists and function types: which words are names is known only when the list is complete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from arenalab.errors import TypeTextError
from arenalab.syntax.tree import FuncOf, NameRef, TypeNode, make_node


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter before it is known whether its first word is a name or a type."""

    type: TypeNode
    named: bool
    dots: Any = None  #: the token `...` before the type of a last parameter


def refuse_dots(params: list[Param]) -> None:
    """Refuse `...` before any of these parameters, with Go's reason."""
    for param in params:
        if param.dots is not None:
            reason = "can only use ... with final parameter in list"
            raise TypeTextError(reason, param.dots.line, param.dots.column)


def function_type(at: Any, signature: list[Any], word: str) -> FuncOf:
    """Make a function type; parameter names are left out, as in Go's type strings."""
    params, result = signature
    shown = f"{word}({_params_text(params)})"
    results: list[TypeNode] = []
    if isinstance(result, list):
        results = [param.type for param in result]
        refuse_dots(result)
        inner = _params_text(result)
        alone = len(result) == 1 and not inner.startswith("(")
        shown += f" {inner}" if alone else f" ({inner})" if result else ""
    elif result is not None:
        results = [result]
        shown += f" {result.text}"
    parts = (*(param.type for param in params), *results)
    return make_node(FuncOf, at, shown, parts, types=parts)


def spread_types(params: list[Param]) -> list[Param]:
    """Give each lone name of `a, b int` the type that follows it."""
    spread: list[Param] = []
    for param in reversed(params):
        lone_name = isinstance(param.type, NameRef) and param.type.package is None and param.dots is None
        if not param.named and not (lone_name and spread):
            raise param.type.refuse("mixed named and unnamed parameters")
        spread.append(param if param.named else spread[-1])
    return spread[::-1]


def _params_text(params: Iterable[Param]) -> str:
    return ", ".join(("" if param.dots is None else "...") + param.type.text for param in params)
