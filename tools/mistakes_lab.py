"""Mistakes in a program by hand, in what is opened, and in names after a dot."""

# mypy: disable-error-code="arg-type,attr-defined,dict-item,call-arg,operator,index,union-attr,misc"
# Wrong kinds of arguments are what this file is about.

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import arenalab
from arenalab.lab import Arena, Lab, Ptr
from tools.mistakes_made import MADE

TYPES = """
type Node struct {
    next *Node; n int8; ok bool; key string; buf []byte; any any; m map[string]int; in struct{ a int }; xs [3]*Node
    f float64
}
"""


def lab(go: str = "1.27", **chosen: Any) -> Lab:
    """Return a lab that knows some types."""
    made = Lab(go, gogc="off", **chosen)
    made.types(TYPES)
    MADE.append(made)
    return made


def arena(go: str = "1.27") -> Arena:
    """Return a new arena."""
    return lab(go).new_arena()


def node(go: str = "1.27") -> Ptr:
    """Return a pointer to a new value of type Node."""
    made = arena(go).new("Node")
    assert made is not None  # noqa: S101  # nothing has panicked
    return made


def field(name: str, value: Any) -> Any:
    """Store into a field of a new Node; what is called is made in its arena."""
    made = node()
    return made.set(name, value(made) if callable(value) else value)


def then(*verbs: str) -> Any:
    """Ask a new arena for one thing after the other."""
    made = arena()
    for verb in verbs:
        getattr(made, verb)()
    return made


def assigned(whom: Any, name: str, value: Any) -> Any:
    """Set an attribute."""
    setattr(whom, name, value)
    return whom


def slice_(index: Any) -> Any:
    """Return an element of a slice of len 13 and cap 64."""
    return arena().make_slice("byte", 13, 64)[index]


def held() -> Any:
    """Hold an object that is not the last of its arena."""
    made = arena()
    first = made.new("Node")
    made.new("int")
    return made.lab.hold(first)


LAB: dict[str, Callable[[], Any]] = {
    # the lab
    "Lab of two versions": lambda: Lab("1.27", "1.21"),
    "Lab with a mistyped setting": lambda: Lab(gogcc=50),
    "Lab with half a GOGC": lambda: Lab(gogc=0.5),
    "Lab that shall catch panics by a text": lambda: Lab(catch_panics="yes"),
    "Lab with an unknown treatment of cycles": lambda: Lab(cycles="never"),
    "a mistyped verb": lambda: lab().new_aren(),
    "a verb of a machine's inside": lambda: lab().procedure,
    "a mistyped attribute set": lambda: assigned(lab(), "catch_panic", value=True),
    "GOGC set later": lambda: assigned(lab(), "gogc", 50),
    "catch_panics set to a number": lambda: assigned(lab(), "catch_panics", 1),
    "new_arena with a number": lambda: lab().new_arena(0),
    "arena of no number": lambda: lab().arena(9),
    "arena by a text": lambda: lab().arena("a"),
    "object of no number": lambda: lab().object(9),
    "object by a text": lambda: lab().object("p"),
    # types
    "new of an undeclared type": lambda: Lab().new_arena().new("Node"),
    "new of a mistyped type": lambda: arena().new("Nod"),
    "new of a misspelt basic type": lambda: arena().new("strinng"),
    "new of a Python type": lambda: arena().new(int),
    "new of a Python value": lambda: arena().new(5),
    "new of nothing": lambda: arena().new(),
    "new of a type and a value": lambda: arena().new("int", 5),
    "new of half a type": lambda: arena().new("struct{ next *int"),
    "types in a table": lambda: lab().types({"Node": "int"}),
    "types that name an undeclared one": lambda: lab().types("type T struct { p *Nod }"),
    "types that hold themselves": lambda: lab().types("type T struct { t T }"),
    "types declared twice at once": lambda: lab().types("type T int\ntype T string"),
    "type_of of a number": lambda: lab().type_of(5),
    # slices
    "make_slice without a len": lambda: arena().make_slice("int"),
    "make_slice with a text for a len": lambda: arena().make_slice("int", "10"),
    "make_slice with half a len": lambda: arena().make_slice("int", 1.5),
    "make_slice of a negative len": lambda: arena().make_slice("int", -1),
    "make_slice with a len beyond its cap": lambda: arena().make_slice("int", 5, 2),
    "make_slice with an unknown argument": lambda: arena().make_slice("int", 5, capacity=9),
    "new_many of a negative number": lambda: arena().new_many("int", -1),
    "new_many without a number": lambda: arena().new_many("int"),
    "element beyond a slice": lambda: slice_(13),
    "element from the end of a slice": lambda: slice_(-1),
    "element by a text": lambda: slice_("first"),
    "slice beyond a slice's cap": lambda: slice_(slice(0, 65)),
    "slice by steps": lambda: slice_(slice(0, 13, 2)),
    "field of a slice": lambda: arena().make_slice("Node", 2).next,
    "len of a slice set": lambda: assigned(arena().make_slice("Node", 2), "len", 5),
    # arenas
    "new in a freed arena": lambda: then("free").new("int"),
    "free of a freed arena": lambda: then("free", "free"),
    "new in a dropped arena": lambda: then("drop").new("int"),
    "free of a dropped arena": lambda: then("drop", "free"),
    "drop of a dropped arena": lambda: then("drop", "drop"),
    "a mistyped verb of an arena": lambda: arena().neww("int"),
    "an attribute of an arena set": lambda: assigned(arena(), "number", 3),
    "drop of a pointer": lambda: lab().drop(node()),
    "drop of another lab's arena": lambda: lab().drop(arena()),
    # fields
    "a field that there is not": lambda: node().nxt,
    "a field set that there is not": lambda: assigned(node(), "nxt", None),
    "a field of an int": lambda: arena().new("int").n,
    "a field got by a number": lambda: node().get(0),
    "an index into a struct": lambda: node()[0],
    "an index beyond an array": lambda: node().xs[3],
    "a slice where a pointer is due": lambda: field("next", lambda p: p.arena.make_slice("Node", 1)),
    "a pointer to another type": lambda: field("next", lambda p: p.arena.new("int")),
    "a number where a pointer is due": lambda: field("next", 5),
    "a pointer of another lab": lambda: field("next", lambda _: node()),
    "a pointer to the heap": lambda: field("next", arenalab.clone),
    "a pointer in a copy on the heap": lambda: assigned(arenalab.clone(node()), "next", None),
    "a text where a number is due": lambda: field("n", "3"),
    "a number too large for its field": lambda: field("n", 200),
    "a number where a bool is due": lambda: field("ok", 1),
    "a text where a float is due": lambda: field("f", "0.5"),
    "a Python text where a string is due": lambda: field("key", "abc"),
    "a list where a slice is due": lambda: field("buf", [1, 2]),
    "a slice of another type": lambda: field("buf", lambda p: p.arena.make_slice("int", 2)),
    "a pointer where an interface is due": lambda: field("any", lambda p: p),
    "a dict where a map is due": lambda: field("m", {"a": 1}),
    "a number where a struct is due": lambda: field("in", 5),
    "a list where an array is due": lambda: field("xs", [None] * 3),
    # other verbs
    "clone of a text": lambda: arenalab.clone("p"),
    "clone of an arena": lambda: arenalab.clone(arena()),
    "hold of an object that is not the last": held,
    "hold of a text": lambda: lab().hold("p"),
    "hold of another lab's arena": lambda: lab().hold(arena()),
    "make_weak in a Go that doesn't have it": lambda: (p := node("1.21")).lab.make_weak(p),
    "add_cleanup to an arena's object": lambda: (p := node()).lab.add_cleanup(p),
    "set_finalizer of an arena's object": lambda: (p := node()).lab.set_finalizer(p),
    "pin of an arena's object": lambda: (p := node()).lab.pin(p),
    "pin of a number": lambda: lab().pin(5),
    "gc with a number": lambda: lab().gc(1),
    "gc with a number for detail": lambda: lab().gc(detail=1),
    "mark_end without a cycle": lambda: lab().mark_end(),
    "sweep_step of a text": lambda: lab().sweep_step("next"),
    "goroutine by a text": lambda: lab().goroutine("g"),
    "goroutine 0": lambda: lab().goroutine(0),
    "goroutine on a P that there is not": lambda: lab().goroutine(p=1000),
    "a verb of a goroutine": lambda: lab().goroutine().new_arena(),
    "touch of an arena": lambda: lab().touch(arena()),
    # events
    "events of an unknown kind": lambda: arena().events.of("ChunkRedied"),
    "events of an operation": lambda: arena().events.of(arenalab.ops.NewArena),
    "events by an unknown field": lambda: arena().events.of(colour="red"),
    "events by a chunk's name": lambda: arena().events.of(chunk="0"),
    "a kind of event that there is not": lambda: arenalab.events.ChunkRedied,
    "a mistyped verb of events": lambda: arena().events.off(chunk=0),
    # explorers
    "a mistyped explorer": lambda: lab().chunkmap(),
    "an explorer after an operation that there is not": lambda: lab().chunk_map(after=99),
    "an explorer after and at a moment": lambda: lab().chunk_map(after=0, cursor=3),
    "an explorer with an unknown argument": lambda: lab().life_cycle(arena=0),
    "an explorer by position": lambda: lab().chunk_map(3),
    "layout of a number": lambda: lab().layout(5),
    "dangling_pointer of an arena": lambda: lab().dangling_pointer(arena()),
    # names after a dot
    "a class that there is not": lambda: arenalab.Labb,
    "a function that there is not": lambda: arenalab.load("x"),
    "an operation that there is not": lambda: arenalab.ops.Fre,
    "a history's name that there is not": lambda: lab().history.operations,
    "a world's name that there is not": lambda: lab().world.quarantined,
    "a type's name that there is not": lambda: lab().type_of("int").bytes,
    "a machine's name that there is not": lambda: arenalab.Machine().doo,
    # open
    "open of nothing": lambda: arenalab.open(None),
    "open without a file": arenalab.open,
    "open of a number": lambda: arenalab.open(5),
    "open of no file": lambda: arenalab.open("nowhere"),
    "open of a folder": lambda: arenalab.open("folder"),
    "open of an empty file": lambda: arenalab.open("empty"),
    "open of a text": lambda: arenalab.open("text"),
    "open of bytes": lambda: arenalab.open("bytes"),
    "open of a list": lambda: arenalab.open("list.json"),
    "open of half a scenario": lambda: arenalab.open("half.toml"),
    "open of half a history": lambda: arenalab.open("cut"),
    "open of a broken gzip file": lambda: arenalab.open("broken.gz"),
}  # fmt: skip
