"""The types that a person declared in a Lab: names that later texts may use."""

from __future__ import annotations

from typing import Any

from arenalab.errors import ArgumentError, TypeTextError, meant
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import BASIC_NAMES
from arenalab.go.types import GoType
from arenalab.syntax.parse import parse_declarations, parse_expression
from arenalab.syntax.resolve import Resolver
from arenalab.syntax.tree import Declaration, NameRef

UNDEFINED = "undefined: "
#: Names of other languages -> what Go calls such a type.
NOT_GO = {
    "str": "string", "String": "string", "char": "byte", "bytes": "[]byte", "float": "float64", "double": "float64",
    "short": "int16", "long": "int64", "boolean": "bool", "object": "any", "usize": "uintptr", "list": "[]int",
}  # fmt: skip


class Declared:
    """Declarations by name, and the types that were asked for by text."""

    def __init__(self, rules: GoRules) -> None:
        """Start with none; `rules` say how types are laid out."""
        self._rules = rules
        self._declarations: dict[str, Declaration] = {}
        self._made: dict[str, GoType] = {}

    def copy(self) -> Declared:
        """Return the same declarations, to go on with apart."""
        twin = Declared(self._rules)
        twin._declarations = dict(self._declarations)
        return twin

    def text(self) -> str:
        """Return the declarations as Go text."""
        each = self._declarations.values()
        return "\n".join(f"type {it.name} {'= ' * it.alias}{it.type.text}" for it in each)

    def add(self, text: str) -> dict[str, GoType]:
        """Declare types; return them by name.

        Raises:
            TypeTextError: no Go, or a type that Go refuses; nothing is declared then.

        """
        new = parse_declarations(text)
        if not new:
            raise ArgumentError("text", text, 'a declaration, such as "type Node struct { next *Node }"')
        names = [declaration.name for declaration in new]
        kept = [old for old in self._declarations.values() if old.name not in names]
        resolver = Resolver([*kept, *new], self._rules)
        made = {each.name: self._named(resolver, each) for each in new if each.name != "_"}
        for each in new:
            if each.name == "_":
                resolver.type_of(each.type)
        self._declarations.update({each.name: each for each in new if each.name != "_"})
        self._made.clear()
        return made

    def _named(self, resolver: Resolver, each: Declaration) -> GoType:
        try:
            name = NameRef(text=each.name, line=each.line, column=each.column, package=None, name=each.name)
            return resolver.type_of(name)
        except TypeTextError as error:
            raise self._explained(error, [each.name]) from None

    def type_of(self, given: Any) -> GoType:
        """Return the type of a text, or the GoType itself.

        Raises:
            TypeTextError: no Go type, or an undeclared name.
            ArgumentError: neither a text nor a GoType.

        """
        if isinstance(given, GoType):
            return given
        if not isinstance(given, str):
            name = getattr(given, "__name__", None)
            name = NOT_GO.get(name, name) if isinstance(name, str) else ""
            hint = f'did you mean "{name}"?' if name in {*BASIC_NAMES, *NOT_GO.values()} else ""
            raise ArgumentError("type", given, 'a Go type as text, such as "[4]*int", or a GoType', hint)
        if given not in self._made:
            self._made[given] = self._resolved(given)
        return self._made[given]

    def _resolved(self, text: str) -> GoType:
        try:
            return Resolver(list(self._declarations.values()), self._rules).type_of(parse_expression(text))
        except TypeTextError as error:
            raise self._explained(error, []) from None

    def _explained(self, error: TypeTextError, more: list[str]) -> TypeTextError:
        """Describe of an undefined name how it is declared, and which may have been meant."""
        name = error.reason.removeprefix(UNDEFINED)
        if name == error.reason:
            return error
        there = [*self._declarations, *more, *BASIC_NAMES]
        near = f"; did you mean {NOT_GO[name]}?" if name in NOT_GO else meant(name, there, "; ")
        how = f'lab.types("type {name} struct {{ … }}") declares it'
        return TypeTextError(f"{error.reason} ({how}{near})", error.line, error.column)
