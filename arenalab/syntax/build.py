"""Called by the parser for each rule of the grammar: make the tree, bottom up.

Each method bears the name of a rule in go_types.lark and gets the parts of that rule in order;
what is optional and absent is None.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from arenalab.errors import TypeTextError
from arenalab.syntax import constants
from arenalab.syntax.constants import Number
from arenalab.syntax.signatures import Param, function_type, refuse_dots, spread_types
from arenalab.syntax.tree import (
    ArrayOf,
    ChanOf,
    Declaration,
    FieldOf,
    FuncOf,
    InterfaceOf,
    MapOf,
    Method,
    NameRef,
    PointerTo,
    SliceOf,
    StructOf,
    TypeNode,
    make_node,
)


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of an interface's union."""

    type: TypeNode
    tilde: bool


@dataclass(frozen=True, slots=True)
class _Union:
    """An element of an interface that is no method."""

    terms: tuple[_Term, ...]


class TreeBuilder:
    """The parser's callbacks."""

    def declarations(self, parts: list[Any]) -> list[Declaration]:
        """Keep the declarations; the package clause and imports say nothing about types."""
        return [part for part in parts if isinstance(part, Declaration)]

    def expression(self, parts: list[Any]) -> TypeNode:
        """Return the one type."""
        return _only(parts)

    def import_spec(self, parts: list[Any]) -> None:
        """Allow `import "unsafe"` and nothing else."""
        keyword, path = parts
        if path[1:-1] != "unsafe":
            raise TypeTextError(
                f"package {path} cannot be imported here, only unsafe", keyword.line, keyword.column
            )

    def defined(self, parts: list[Any]) -> Declaration:
        """Make `type name T`."""
        return _declare(parts, alias=False)

    def alias(self, parts: list[Any]) -> Declaration:
        """Make `type name = T`."""
        return _declare(parts, alias=True)

    def paren(self, parts: list[Any]) -> TypeNode:
        """Drop the parentheses."""
        return _only(parts)

    def name(self, parts: list[Any]) -> NameRef:
        """Make `name` or `package.name`."""
        first, second = parts
        if second is None:
            return make_node(NameRef, first, str(first), package=None, name=str(first))
        at = second if first == "unsafe" and second != "Pointer" else first  # the word in error, if any
        return make_node(NameRef, at, f"{first}.{second}", package=str(first), name=str(second))

    def pointer(self, parts: list[Any]) -> PointerTo:
        """Make `*T`."""
        star, elem = parts
        return make_node(PointerTo, star, f"*{elem.text}", (elem,), elem=elem)

    def array(self, parts: list[Any]) -> ArrayOf:
        """Make `[N]T`."""
        bracket, length, elem = parts
        number = constants.array_length(length)
        return make_node(ArrayOf, bracket, f"[{number}]{elem.text}", (elem,), length=number, elem=elem)

    def slice(self, parts: list[Any]) -> SliceOf:
        """Make `[]T`."""
        bracket, elem = parts
        return make_node(SliceOf, bracket, f"[]{elem.text}", (elem,), elem=elem)

    def open_array(self, parts: list[Any]) -> None:
        """Refuse `[...]T`, with Go's reason."""
        raise TypeTextError(
            "invalid use of [...] array (outside a composite literal)", parts[0].line, parts[0].column
        )

    def map(self, parts: list[Any]) -> MapOf:
        """Make `map[K]T`."""
        keyword, key, elem = parts
        return make_node(MapOf, keyword, f"map[{key.text}]{elem.text}", (key, elem), key=key, elem=elem)

    def chan(self, parts: list[Any]) -> ChanOf:
        """Make `chan T`; an element that begins with an arrow keeps its parentheses."""
        keyword, elem = parts
        shown = f"({elem.text})" if elem.text.startswith("<-") else elem.text
        return make_node(ChanOf, keyword, f"chan {shown}", (elem,), elem=elem)

    def send(self, parts: list[Any]) -> ChanOf:
        """Make `chan<- T`."""
        keyword, elem = parts
        return make_node(ChanOf, keyword, f"chan<- {elem.text}", (elem,), elem=elem)

    def receive(self, parts: list[Any]) -> ChanOf:
        """Make `<-chan T`."""
        arrow, _, elem = parts
        return make_node(ChanOf, arrow, f"<-chan {elem.text}", (elem,), elem=elem)

    def func(self, parts: list[Any]) -> FuncOf:
        """Make `func(...) ...`."""
        keyword, signature = parts
        return function_type(keyword, signature, "func")

    def signature(self, parts: list[Any]) -> list[Any]:
        """Keep [parameters, result or None]."""
        return parts

    def result(self, parts: list[Any]) -> Any:
        """Keep the parameters or the one type."""
        return parts[0]

    def params(self, parts: list[Any]) -> list[Param]:
        """Sort out which words are names, as Go does once the list is complete."""
        params = [part for part in parts if part is not None]
        if any(param.named for param in params):
            params = spread_types(params)
        refuse_dots(params[:-1])
        return params

    def param(self, parts: list[Any]) -> Param:
        """Keep a type."""
        return Param(parts[0], named=False)

    def named_param(self, parts: list[Any]) -> Param:
        """Keep a type that has a name before it."""
        return Param(parts[1], named=True)

    def rest_param(self, parts: list[Any]) -> Param:
        """Keep `...T`."""
        return Param(parts[1], named=False, dots=parts[0])

    def named_rest_param(self, parts: list[Any]) -> Param:
        """Keep `name ...T`."""
        return Param(parts[2], named=True, dots=parts[1])

    def struct(self, parts: list[Any]) -> StructOf:
        """Make `struct{ ... }`."""
        keyword, *groups = parts
        fields = tuple(field for group in groups if group is not None for field in group)
        _refuse_twice(fields, "redeclared")
        shown = "; ".join(_field_text(field) for field in fields)
        text = f"struct{{ {shown} }}" if fields else "struct{}"
        return make_node(StructOf, keyword, text, [field.type for field in fields], fields=fields)

    def plain_fields(self, parts: list[Any]) -> list[FieldOf]:
        """Make one field for each of the names before the type."""
        *names, type_, tag = parts
        return [_field(name, str(name), type_, tag, embedded=False) for name in names]

    def embedded_field(self, parts: list[Any]) -> list[FieldOf]:
        """Make a field named as its type."""
        name, tag = parts
        return [_field(name, name.name, name, tag, embedded=True)]

    def embedded_pointer(self, parts: list[Any]) -> list[FieldOf]:
        """Make a field named as what its type points to."""
        star, name, tag = parts
        return [_field(star, name.name, self.pointer([star, name]), tag, embedded=True)]

    def interface(self, parts: list[Any]) -> InterfaceOf:
        """Make `interface{ ... }`."""
        keyword, *elements = parts
        elements = [element for element in elements if element is not None]
        methods = tuple(element for element in elements if isinstance(element, Method))
        terms = [term for element in elements if isinstance(element, _Union) for term in element.terms]
        constraint = any(
            term.tilde or not isinstance(term.type, NameRef | InterfaceOf) for term in terms
        ) or any(isinstance(element, _Union) and len(element.terms) > 1 for element in elements)
        _refuse_twice([method for method in methods if method.name != "_"], "duplicate")
        shown = "; ".join(_element_text(element) for element in elements)
        return make_node(
            InterfaceOf, keyword, f"interface{{ {shown} }}" if elements else "interface{}",
            [*(method.signature for method in methods), *(term.type for term in terms)],
            methods=methods, embeds=tuple(term.type for term in terms), constraint=constraint,
        )  # fmt: skip

    def method(self, parts: list[Any]) -> Method:
        """Make a method; it needs a name."""
        name, signature = parts
        if name == "_":
            raise TypeTextError("methods must have a unique non-blank name", name.line, name.column)
        return Method(
            name=str(name), signature=function_type(name, signature, ""), line=name.line, column=name.column
        )

    def union(self, parts: list[Any]) -> _Union:
        """Keep the terms."""
        return _Union(tuple(parts))

    def term(self, parts: list[Any]) -> _Term:
        """Keep the type, and whether a tilde stood before it."""
        return _Term(parts[1], tilde=parts[0] is not None)

    def integer(self, parts: list[Any]) -> Number:
        """Read a whole number."""
        return constants.integer(str(parts[0]), parts[0].line, parts[0].column)

    def decimal(self, parts: list[Any]) -> Number:
        """Read a number such as 1e6."""
        return constants.decimal(str(parts[0]), parts[0].line, parts[0].column)

    def not_integer(self, parts: list[Any]) -> None:
        """Refuse a string, with Go's reason."""
        token = parts[0]
        raise TypeTextError(
            f"array length {token} (untyped string constant) must be integer", token.line, token.column
        )

    def not_constant(self, parts: list[Any]) -> None:
        """Refuse a name: there are no constants here."""
        token = parts[0]
        raise TypeTextError(f"undefined array length {token}", token.line, token.column, ("a number",))

    def binary(self, parts: list[Any]) -> Number:
        """Compute `left operator right`."""
        left, operator, right = parts
        return constants.binary(left, str(operator), right)

    def sign(self, parts: list[Any]) -> Number:
        """Compute `+x` or `-x`."""
        sign, number = parts
        return Number(-number.value if sign == "-" else number.value, sign.line, sign.column)


def _only(parts: list[Any]) -> TypeNode:
    node: TypeNode = parts[0]
    return node


def _declare(parts: list[Any], *, alias: bool) -> Declaration:
    name, type_ = parts
    return Declaration(name=str(name), type=type_, alias=alias, line=name.line, column=name.column)


def _field(at: Any, name: str, type_: TypeNode, tag: Any, *, embedded: bool) -> FieldOf:
    return FieldOf(
        name=name, type=type_, embedded=embedded, tag=None if tag is None else str(tag),
        line=at.line, column=at.column,
    )  # fmt: skip


def _field_text(field: FieldOf) -> str:
    shown = field.type.text if field.embedded else f"{field.name} {field.type.text}"
    return shown if field.tag is None else f"{shown} {field.tag}"


def _element_text(element: Method | _Union) -> str:
    if isinstance(element, Method):
        return element.name + element.signature.text
    return " | ".join(("~" if term.tilde else "") + term.type.text for term in element.terms)


def _refuse_twice(named: Iterable[FieldOf | Method], reason: str) -> None:
    """Refuse a name that stands twice in one struct or interface, with Go's reason."""
    seen: set[str] = set()
    for item in named:
        if item.name in seen and item.name != "_":
            said = f"{item.name} redeclared" if reason == "redeclared" else f"duplicate method {item.name}"
            raise TypeTextError(said, item.line, item.column)
        seen.add(item.name)
