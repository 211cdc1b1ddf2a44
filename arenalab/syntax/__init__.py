"""Go types from Go text: `types` reads declarations, `type_of` one expression.

Stands beside the model and above `go`: the text is read with a grammar (go_types.lark, by lark),
the layout is `arenalab.go.type_layout`. lark is imported when the first text is read.
"""

from __future__ import annotations

from arenalab.asked import called
from arenalab.go.rules import GoRules
from arenalab.go.types import GoType
from arenalab.go.versions import GO_NEWEST
from arenalab.syntax.parse import parse_declarations, parse_expression
from arenalab.syntax.resolve import Resolver
from arenalab.syntax.tree import NameRef

__all__ = ["type_of", "types"]


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
    """Read one Go type expression, such as `[4]*int` or `struct{ next *byte; n int }`.

    `declarations` are Go `type` declarations whose names the expression may use; `rules` are what the
    compiler does: how long a pointer is, what has a GC program.

    >>> type_of("[16385]*int").gcprog is None
    False

    Raises:
        TypeTextError: the text is no Go type, or Go refuses it; says line, column and reason.
        MissingExtraError: lark is not installed.
    """
    return Resolver(parse_declarations(declarations), rules).type_of(parse_expression(text))
