"""Go types from Go text: `types` reads declarations, `type_of` one expression.

Stands beside the model and above `go`: the text is read with a grammar (go_types.lark, by lark),
the layout is `arenalab.go.type_layout`. lark is imported when the first text is read.
"""

from __future__ import annotations

import re

from arenalab.asked import called
from arenalab.errors import TypeTextError
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.go.versions import GO_NEWEST
from arenalab.syntax.parse import parse_declarations, parse_expression
from arenalab.syntax.resolve import Resolver
from arenalab.syntax.tree import NameRef

__all__ = ["is_declarations", "type_of", "types"]

_DECLARATIONS = re.compile(r"(?:\s|//[^\n]*\n|/\*.*?\*/)*(?:type|package|import)\b", re.DOTALL)


@called
def types(text: str, rules: GoRules = GO_NEWEST) -> dict[str, GoType]:
    """Read Go type declarations and return their types by name, in order.

    >>> types("type Node struct { next *Node; key string }")["Node"].size
    24

    Args:
        text: Go source of `type` declarations; comments, groups and aliases are fine. A package
            clause and `import "unsafe"` are skipped over.
        rules: what the compiler does: how long a pointer is, what has a GC program.

    Returns:
        One GoType for each declared name; an alias stands for the type it names.

    Raises:
        TypeTextError: the text is no Go, or Go refuses it; says line, column and reason.
        MissingExtraError: lark is not installed.
    """
    declarations = parse_declarations(text)
    resolver = Resolver(declarations, rules)
    made = {}
    for declaration in declarations:
        if declaration.name == "_":  # declares nothing, but must be a type all the same
            resolver.type_of(declaration.type)
            continue
        name = NameRef(
            text=declaration.name, line=declaration.line, column=declaration.column,
            package=None, name=declaration.name,
        )  # fmt: skip
        made[declaration.name] = resolver.type_of(name)
    return made


@called
def type_of(text: str, declarations: str = "", *, rules: GoRules = GO_NEWEST) -> GoType:
    """Read one Go type: an expression, such as `[4]*int` or `struct{ next *byte; n int }`, or the declaration of one.

    `declarations` are Go `type` declarations whose names the expression may use; `rules` are what the
    compiler does: how long a pointer is, what has a GC program.

    >>> type_of("type Node struct { next *Node; key string }").size
    24
    >>> type_of("[4]*int").ptr_bytes
    32

    Raises:
        TypeTextError: the text is no Go type, or Go refuses it; says line, column and reason.
        MissingExtraError: lark is not installed.
    """
    if is_declarations(text):
        return _declared(text, declarations, rules)
    return Resolver(parse_declarations(declarations), rules).type_of(parse_expression(text))


def is_declarations(text: object) -> bool:
    """Return whether a text is declarations of types, as they stand in a Go file, and no expression."""
    return isinstance(text, str) and _DECLARATIONS.match(text) is not None


def _declared(text: str, declarations: str, rules: GoRules) -> GoType:
    """Return the one type that a text declares."""
    names = [each.name for each in parse_declarations(text) if each.name != "_"]
    if len(names) != 1:
        count = f"{', '.join(names)}: {len(names)} types" if names else "no type"
        raise TypeTextError(
            f"declares {count}; arenalab.types(TEXT) returns all by name", 1, 1, ("one type",)
        )
    return types(f"{text}\n{declarations}", rules)[names[0]]
