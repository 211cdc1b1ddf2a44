"""The tree a Go type text is read into; every node knows its place and its text.

Rules:
1. A node's `text` is its one-line Go form, laid out as gofmt and Go's own type strings do; reading it
   again gives the same text.
2. No tree is deeper than `MAX_DEPTH`, so everything above may walk it by recursion.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from arenalab.errors import TypeTextError

MAX_DEPTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Where a type stands in the text, and how it is written."""

    text: str
    line: int = 1
    column: int = 1
    depth: int = field(default=1, compare=False)

    def refuse(self, reason: str) -> TypeTextError:
        """Return the error that says `reason` at this node's place."""
        return TypeTextError(reason, self.line, self.column)


Made = TypeVar("Made", bound=Node)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRef(Node):
    """A type by name: predeclared, declared in the same text, or unsafe.Pointer."""

    package: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PointerTo(Node):
    """*elem."""

    elem: TypeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayOf(Node):
    """[length]elem; the length is already a number."""

    length: int
    elem: TypeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceOf(Node):
    """[]elem."""

    elem: TypeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf(Node):
    """map[key]elem."""

    key: TypeNode
    elem: TypeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanOf(Node):
    """A channel of elem, whatever its direction."""

    elem: TypeNode


@dataclass(frozen=True, slots=True, kw_only=True)
class FuncOf(Node):
    """A function: only the types of its parameters and results matter."""

    types: tuple[TypeNode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of an interface."""

    name: str
    signature: FuncOf
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceOf(Node):
    """An interface: methods of its own and embedded interfaces.

    `constraint` holds when it lists types (`int | string`, `~int`), so that it has no values.
    """

    methods: tuple[Method, ...]
    embeds: tuple[TypeNode, ...]
    constraint: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOf:
    """One field of a struct; `a, b T` makes two."""

    name: str
    type: TypeNode
    embedded: bool
    tag: str | None
    line: int
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StructOf(Node):
    """A struct with its fields in order."""

    fields: tuple[FieldOf, ...]


TypeNode: TypeAlias = (
    NameRef | PointerTo | ArrayOf | SliceOf | MapOf | ChanOf | FuncOf | InterfaceOf | StructOf
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """`type name T`, or `type name = T` when `alias`."""

    name: str
    type: TypeNode
    alias: bool
    line: int
    column: int


def children(node: TypeNode) -> tuple[TypeNode, ...]:
    """Return the types a type is written with, in order."""
    match node:
        case PointerTo() | ArrayOf() | SliceOf() | ChanOf():
            return (node.elem,)
        case MapOf():
            return (node.key, node.elem)
        case FuncOf():
            return node.types
        case StructOf():
            return tuple(field.type for field in node.fields)
        case InterfaceOf():
            return (*(method.signature for method in node.methods), *node.embeds)
        case NameRef():
            return ()


def make_node(kind: type[Made], at: Any, text: str, parts: Sequence[Node] = (), **rest: Any) -> Made:
    """Make a node that stands where `at` (a token or a node) stands, above `parts`.

    Raises TypeTextError beyond MAX_DEPTH.
    """
    depth = 1 + max((part.depth for part in parts), default=0)
    if depth > MAX_DEPTH:
        raise TypeTextError(f"types are nested more than {MAX_DEPTH} deep", at.line, at.column)
    return kind(text=text, line=at.line, column=at.column, depth=depth, **rest)
