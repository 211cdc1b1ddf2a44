"""From the tree to `GoType`s: look names up, refuse what Go refuses, lay the rest out.

Rules:
1. A value's parts (array elements, fields, embedded interfaces) are laid out before it; what stands
   behind a pointer is looked at after everything else, so recursion through pointers is fine and
   recursion by value is found.
2. Laying out is a small machine with a stack of its own (`_run`), never Python's: a text can nest as
   deep as MAX_OPEN types, by names or by brackets, and no deeper.

Reasons are worded as Go 1.21's compiler words them (cmd/compile/internal/types2 and types).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TypeAlias

from arenalab.asked import instance
from arenalab.errors import TypeTextError
from arenalab.go.rules import GoRules
from arenalab.go.type_layout import BASIC_NAMES, MAX_NESTED, FieldSpec, TypeLayout, TypeLayoutError
from arenalab.go.types import GoType
from arenalab.syntax.methods import pointer_has_methods, refuse_twice_declared, struct_has_methods
from arenalab.syntax.tree import (
    ArrayOf,
    ChanOf,
    Declaration,
    FuncOf,
    InterfaceOf,
    MapOf,
    NameRef,
    PointerTo,
    SliceOf,
    StructOf,
    TypeNode,
    children,
)

MAX_OPEN = 2 * MAX_NESTED  # a name and what it stands for are two
_MAX_CHAN_ELEM = 64 * 1024
_OUTSIDE = "outside a type constraint: interface"
#: A layout under way: it yields the parts it needs first and is sent their types.
Steps: TypeAlias = Generator[TypeNode, GoType, GoType]
Check: TypeAlias = Callable[[TypeNode, GoType], None]


class Resolver:
    """Lay out the types of one text; each declared name once."""

    def __init__(self, declarations: Sequence[Declaration], rules: GoRules) -> None:
        """Know the declared names. Raises TypeTextError for one declared twice, or an endless alias."""
        self._layout = TypeLayout(
            instance("rules", rules, GoRules, 'GoRules, such as arenalab.go_rules("1.24") returns')
        )
        self._declared: dict[str, Declaration] = {}
        for declaration in declarations:
            if declaration.name in self._declared:
                raise _at(declaration, f"{declaration.name} redeclared in this block")
            if declaration.name != "_":
                self._declared[declaration.name] = declaration
        refuse_endless_aliases(self._declared)
        self._made: dict[str, GoType] = {}
        self._open: list[str] = []
        self._later: list[tuple[TypeNode, Check | None]] = []

    def type_of(self, node: TypeNode) -> GoType:
        """Return the type of a node, after everything it mentions was found to be a type."""
        made = self._run(node)
        while self._later:
            behind, check = self._later.pop()
            found = self._run(behind)
            if check is not None:
                check(behind, found)
        return made

    def lookup(self, name: NameRef) -> TypeNode | None:
        """Return what a declared name is declared as, None for any other."""
        declaration = self._declared.get(name.name) if name.package is None else None
        return None if declaration is None else declaration.type

    def _run(self, node: TypeNode) -> GoType:
        """Drive the layouts: the topmost runs until it needs a part, whose layout is put on top."""
        stack = [self._steps(node)]
        answer: GoType | None = None
        while True:
            try:
                need = next(stack[-1]) if answer is None else stack[-1].send(answer)
            except StopIteration as done:
                made: GoType = done.value
                stack.pop()
                if not stack:
                    return made
                answer = made
            else:
                if len(stack) == MAX_OPEN:
                    raise need.refuse(f"types stand in one another more than {MAX_NESTED} deep")
                stack.append(self._steps(need))
                answer = None

    def _steps(self, node: TypeNode) -> Steps:
        """Lay one node out; the compiler's refusals get the node's place."""
        try:
            return (yield from self._layout_of(node))
        except TypeLayoutError as error:
            raise node.refuse(str(error)) from error

    def _layout_of(self, node: TypeNode) -> Steps:
        match node:
            case NameRef():
                made = yield from self._name(node)
            case ArrayOf():
                made = self._layout.array(node.text, (yield node.elem), node.length)
            case StructOf():
                made = yield from self._struct(node)
            case InterfaceOf():
                made = yield from self._interface(node)
            case SliceOf():
                self._later.append((node.elem, None))
                made = self._layout.slice(node.text)
            case PointerTo() | MapOf() | ChanOf() | FuncOf():
                made = self._word(node)
        return made

    def _word(self, node: PointerTo | MapOf | ChanOf | FuncOf) -> GoType:
        """Return a type of one word; what stands behind it is looked at later."""
        has_methods = False
        behind: list[tuple[TypeNode, Check | None]]
        match node:
            case PointerTo():
                kind, behind = "ptr", [(node.elem, None)]
                has_methods = pointer_has_methods(node, self.lookup)
            case MapOf():
                kind, behind = "map", [(node.key, _check_key), (node.elem, None)]
            case ChanOf():
                kind, behind = "chan", [(node.elem, _check_chan_elem)]
            case FuncOf():
                kind, behind = "func", [(part, None) for part in node.types]
        self._later += behind
        return self._layout.pointer_shaped(node.text, kind, has_methods=has_methods)

    def _name(self, node: NameRef) -> Steps:
        """Return a predeclared or declared type."""
        declaration = self._declared.get(node.name) if node.package is None else None
        if declaration is None:
            return self._predeclared(node)
        if node.name in self._made:
            return self._made[node.name]
        if node.name in self._open:
            raise _at(declaration, _recursion(self._open[self._open.index(node.name) :]))
        self._open.append(node.name)
        made = yield declaration.type
        self._open.pop()
        self._made[node.name] = made if declaration.alias else self._layout.named(node.name, made)
        return self._made[node.name]

    def _predeclared(self, node: NameRef) -> GoType:
        """Return the type of a name that the text does not declare."""
        if node.text == "unsafe.Pointer":
            return self._layout.unsafe_pointer()
        if node.text in BASIC_NAMES:
            return self._layout.basic(node.text)
        if node.text == "any":
            return self._layout.interface("any")
        if node.text == "error":
            return self._layout.named("error", self._layout.interface("error"))
        if node.text == "comparable":
            raise node.refuse(f"cannot use type comparable {_OUTSIDE} is (or embeds) comparable")
        if node.text == "_":
            raise node.refuse("cannot use _ as value or type")
        raise node.refuse(f"undefined: {node.text if node.package in (None, 'unsafe') else node.package}")

    def _struct(self, node: StructOf) -> Steps:
        specs = []
        for field in node.fields:
            made = yield field.type
            if field.embedded:
                self._check_embedded(field.type, made)
            specs.append(FieldSpec(field.name, made, field.embedded, field.tag))
        return self._layout.struct(node.text, specs, has_methods=struct_has_methods(node, self.lookup))

    def _check_embedded(self, node: TypeNode, made: GoType) -> None:
        """Refuse to embed pointers to pointers and the like, with Go's reason."""
        if isinstance(node, PointerTo):
            self._later.append((node.elem, lambda _, found: _check_embedded_pointer(node, found)))
        else:
            _check_no_pointer(node, made)

    def _interface(self, node: InterfaceOf) -> Steps:
        """Return an interface whose embedded ones are interfaces with methods only."""
        constraint = f"cannot use type {node.text} {_OUTSIDE} contains type constraints"
        if node.constraint:
            raise node.refuse(constraint)
        for embedded in node.embeds:
            made = yield embedded
            if made.kind != "interface":
                raise node.refuse(constraint)
        refuse_twice_declared(node, self.lookup)
        self._later += [(method.signature, None) for method in node.methods]
        return self._layout.interface(node.text)


def refuse_endless_aliases(declared: dict[str, Declaration]) -> None:
    """Refuse an alias that stands for a text containing itself, even behind a pointer."""
    done: set[str] = set()
    for first in (declaration for declaration in declared.values() if declaration.alias):
        path: list[tuple[str, list[TypeNode]]] = [(first.name, [first.type])]
        while path:
            name, pending = path[-1]
            if name in done or not pending:
                done.add(name)
                path.pop()
                continue
            node = pending.pop()
            pending += children(node)
            target = declared.get(node.name) if isinstance(node, NameRef) and node.package is None else None
            if target is None or not target.alias:
                continue
            names = [open_name for open_name, _ in path]
            if target.name in names:
                raise _at(target, _recursion(names[names.index(target.name) :]))
            path.append((target.name, [target.type]))


def _at(declaration: Declaration, reason: str) -> TypeTextError:
    return TypeTextError(reason, declaration.line, declaration.column)


def _recursion(names: list[str]) -> str:
    """Describe a cycle as Go does."""
    if len(names) == 1:
        return f"invalid recursive type: {names[0]} refers to itself"
    steps = ", ".join(
        f"{name} refers to {after}" for name, after in zip(names, [*names[1:], names[0]], strict=True)
    )
    return f"invalid recursive type {names[0]}: {steps}"


def _check_key(node: TypeNode, made: GoType) -> None:
    if made.alg == "noeq":
        raise node.refuse(f"invalid map key type {node.text}")


def _check_chan_elem(node: TypeNode, made: GoType) -> None:
    if made.size >= _MAX_CHAN_ELEM:
        raise node.refuse("channel element type too large (>64kB)")


def _check_embedded_pointer(node: TypeNode, made: GoType) -> None:
    if made.kind == "interface":
        raise node.refuse("embedded field type cannot be a pointer to an interface")
    _check_no_pointer(node, made)


def _check_no_pointer(node: TypeNode, made: GoType) -> None:
    if made.kind in ("ptr", "unsafe.Pointer"):
        what = "a pointer" if made.kind == "ptr" else "unsafe.Pointer"
        raise node.refuse(f"embedded field type cannot be {what}")
