"""Which types have methods: the descriptors of those carry a flag.

Only interfaces declare methods in a type text, so a struct has methods when it embeds an interface
(or a struct that does), and a pointer when it points to such a struct.
Go: methods and uncommonSize, cmd/compile/internal/reflectdata/reflect.go; CalcMethods, 1.21.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from arenalab.syntax.tree import InterfaceOf, NameRef, PointerTo, StructOf, TypeNode

#: From a name to what it is declared as: None when it is predeclared or unknown.
Lookup = Callable[[NameRef], TypeNode | None]

_SAME = {"byte": "uint8", "rune": "int32", "any": "interface{}"}
_ALIAS = re.compile(r"\b(byte|rune|any)\b")
_AMBIGUOUS = 2  # a name that stands twice at one depth is promoted from neither


def struct_has_methods(struct: StructOf, lookup: Lookup) -> bool:
    """Return whether any method is promoted to the struct, at the shallowest depth where its name stands."""
    shadowed: set[str] = set()
    visited: set[int] = set()
    level = [(struct, 1)]  # the structs of one depth, and how often each is embedded there, 2 for more
    while level:
        shadowed |= {name for one, _ in level for name in _field_names(one)}
        methods, deeper = Counter[str](), dict[int, tuple[StructOf, int]]()
        for one, times in level:
            for embedded in _embedded(one, lookup):
                if isinstance(embedded, StructOf):
                    _, before = deeper.get(id(embedded), (embedded, 0))
                    deeper[id(embedded)] = (embedded, min(before + times, _AMBIGUOUS))
                else:
                    methods.update(dict.fromkeys(method_names(embedded, lookup), times))
        level = [(one, times) for key, (one, times) in deeper.items() if key not in visited]
        beside = Counter[str]()  # fields of embedded structs stand as deep as methods of interfaces
        for one, times in level:
            beside.update(dict.fromkeys(_field_names(one), times))
        if any(count + beside[name] == 1 for name, count in methods.items() if name not in shadowed):
            return True
        shadowed |= set(methods)
        visited |= set(deeper)
    return False


def pointer_has_methods(pointer: PointerTo, lookup: Lookup) -> bool:
    """Return whether the pointed-to type is a struct with methods."""
    target = follow(pointer.elem, lookup)
    return isinstance(target, StructOf) and struct_has_methods(target, lookup)


def method_names(interface: InterfaceOf | NameRef, lookup: Lookup) -> set[str]:
    """Return the names of an interface's methods, embedded ones included."""
    return {name for name, _, _ in _methods_of(interface, lookup)}


def refuse_twice_declared(interface: InterfaceOf, lookup: Lookup) -> None:
    """Refuse a method that comes in twice with different signatures, by embedding; Go's reason."""
    found: dict[str, str] = {}
    for name, signature, element in _methods_of(interface, lookup):
        if found.setdefault(name, signature) != signature:
            raise element.refuse(f"duplicate method {name}")


def _methods_of(interface: TypeNode, lookup: Lookup) -> Iterator[tuple[str, str, TypeNode]]:
    """Yield (name, signature, the element of `interface` that brings it in), each interface once."""
    pending = [(interface, interface)]
    visited: set[int] = set()
    while pending:
        node, element = pending.pop()
        target = follow(node, lookup)
        if id(target) in visited:
            continue
        visited.add(id(target))
        if isinstance(target, NameRef) and target.text == "error":
            yield "Error", "() string", element
        elif isinstance(target, InterfaceOf):
            for method in target.methods:
                signature = _ALIAS.sub(lambda found: _SAME[found[0]], method.signature.text)
                yield method.name, signature, element
            pending += [(part, part if target is interface else element) for part in target.embeds]


def follow(node: TypeNode, lookup: Lookup) -> TypeNode:
    """Replace a declared name by what it is declared as, until it is none."""
    visited: set[int] = set()
    while isinstance(node, NameRef) and id(node) not in visited:
        visited.add(id(node))
        target = lookup(node)
        if target is None:
            return node
        node = target
    return node


def _field_names(struct: StructOf) -> Iterable[str]:
    return (field.name for field in struct.fields if field.name != "_")


def _embedded(struct: StructOf, lookup: Lookup) -> Iterator[StructOf | InterfaceOf | NameRef]:
    """Yield what the struct's embedded fields are, pointers looked through."""
    for field in struct.fields:
        if field.embedded:
            node = field.type.elem if isinstance(field.type, PointerTo) else field.type
            target = follow(node, lookup)
            if isinstance(target, StructOf | InterfaceOf | NameRef):
                yield target
