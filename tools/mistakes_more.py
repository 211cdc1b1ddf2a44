"""More mistakes: other types than are meant, other labs' things, other languages' names, what only Python has."""

# mypy: disable-error-code="list-item,dict-item,call-overload,arg-type,attr-defined,call-arg,operator,index"
# mypy: disable-error-code="union-attr,misc,func-returns-value"
# Wrong kinds of arguments are what this file is about.

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import arenalab
from arenalab import ops
from arenalab.lab import Lab
from tools.mistakes_lab import arena, assigned, field, lab, node
from tools.mistakes_made import INT, chunk_map, history, machine


def slice_() -> Any:
    """Return a slice of three ints."""
    return arena().make_slice("int", 3)


def deleted(whom: Any, name: str) -> Any:
    """Delete an attribute."""
    delattr(whom, name)
    return whom


def within(made: Any) -> Any:
    """Enter what is no context."""
    with made:
        return made


def dead() -> Lab:
    """Return a lab whose program was ended by a throw."""
    made = lab()
    made.new_arena().new("Node")
    made.do(ops.SetFinalizer(0))
    return made


def then_hold(of: Callable[[Any], Any]) -> Any:
    """Hold something of an arena with two objects."""
    made = arena()
    made.new("Node")
    return made.lab.hold(of(made))


MORE: dict[str, Callable[[], Any]] = {
    # versions and settings
    "Lab of nothing": lambda: Lab(None),
    "Lab of no text": lambda: Lab(""),
    "Lab of a Go to come": lambda: Lab("1.28"),
    "Lab of a release candidate": lambda: Lab("go1.24rc1"),
    "Lab of a version as a module has it": lambda: Lab("v1.24"),
    "Lab of a version and a space": lambda: Lab("1.24 "),
    "Lab of what go version prints": lambda: Lab("go version go1.24.11 linux/amd64"),
    "Lab of tip": lambda: Lab("tip"),
    "Lab of a version in bytes": lambda: Lab(b"1.24"),
    "Lab of a version as a path": lambda: Lab(Path("1.24")),
    "Lab of versions in a list": lambda: Lab(["1.24"]),
    "Lab with GOGC True": lambda: Lab(gogc=True),
    "Lab with GOGC nan": lambda: Lab(gogc=math.nan),
    "Lab with GOGC beyond all": lambda: Lab(gogc=10**30),
    "Lab with GOGC OFF": lambda: Lab(gogc="OFF"),
    "Lab with GOGC 50 as a text": lambda: Lab(gogc="50"),
    "Lab with a memory limit": lambda: Lab(gomemlimit=2**30),
    "Lab in bulk by a number": lambda: Lab(in_bulk=1),
    "Machine with a number for a check": lambda: arenalab.Machine(check=5),
    "Machine with no treatment of cycles": lambda: arenalab.Machine(cycles=None),
    "Machine of rules and a version": lambda: arenalab.Machine(arenalab.go_rules("1.24"), go="1.21"),
    "Machine of rules in a table": lambda: arenalab.Machine({"gogc": 50}),
    "rules of a platform in capitals": lambda: arenalab.go_rules("1.24", goos="Linux"),
    "rules of x86_64": lambda: arenalab.go_rules("1.24", goarch="x86_64"),
    "rules with a setting": lambda: arenalab.go_rules("1.24", gogc=50),
    "rules changed": lambda: assigned(arenalab.go_rules("1.24"), "gogc", 50),
    "a setting that there is not": lambda: arenalab.go_rules("1.24").gogcc,
    # types
    "new of str": lambda: arena().new(str),
    "new of float": lambda: arena().new(float),
    "new of bytes": lambda: arena().new(b"int"),
    "new of a list": lambda: arena().new(["int"]),
    "new of Int": lambda: arena().new("Int"),
    "new of char": lambda: arena().new("char"),
    "new of double": lambda: arena().new("double"),
    "new of a generic type": lambda: arena().new("Tree[int]"),
    "new of a literal": lambda: arena().new("[]byte{1, 2}"),
    "new of a call of make": lambda: arena().new("make([]int, 3)"),
    "new of a map with slices for keys": lambda: arena().new("map[[]int]int"),
    "new of a negative array": lambda: arena().new("[-1]int"),
    "new of a type without end": lambda: arena().new("*" * 5000 + "int"),
    "new of a name without end": lambda: arena().new("x" * 100_000),
    "new of a sign that is no letter": lambda: arena().new("struct{ \N{SLIGHTLY SMILING FACE} int }"),
    "new of a NUL": lambda: arena().new("int\0"),
    "new of half a character": lambda: arena().new("\ud800"),
    "types of nothing": lambda: lab().types(""),
    "types with a function": lambda: lab().types("func main() {}"),
    "types with a type parameter": lambda: lab().types("type T[P any] struct { p P }"),
    "types with a field twice": lambda: lab().types("type T struct { a int; a int }"),
    "type_of under a version": lambda: arenalab.type_of("int", rules="1.24"),
    "types under a version": lambda: arenalab.types("type T int", "1.21"),
    "layout of an undeclared type": lambda: lab().layout("Nod"),
    # making
    "make_slice with None for a len": lambda: arena().make_slice("int", None),
    "make_slice with True for a len": lambda: arena().make_slice("int", len=True),
    "make_slice with a len in an array": lambda: arena().make_slice("int", np.array([3])),
    "make_slice with a len of numpy's floats": lambda: arena().make_slice("int", np.float64(3)),
    "make_slice beyond an int": lambda: arena().make_slice("int", 2**70),
    "make_slice with a text for a cap": lambda: arena().make_slice("int", 1, "2"),
    "new_many with its arguments changed": lambda: arena().new_many(3, "int"),
    "new_many without end": lambda: arena().new_many("int", 10**12),
    "new of a lab": lambda: lab().new("int"),
    "MakeSlice of a lab": lambda: lab().MakeSlice("int", 3),
    "free of a lab": lambda: lab().free(arena()),
    "gc of an arena": lambda: arena().gc(),
    "an arena's end by with": lambda: within(arena()),
    "an operation of the package": lambda: arenalab.NewArena,
    "a kind of event of the package": lambda: arenalab.ChunkReadied,
    # what Python has
    "an arithmetic of pointers": lambda: node() + 1,
    "a difference of pointers": lambda: node() - 8,
    "a sum of slices": lambda: slice_() + slice_(),
    "the length of a struct": lambda: len(node()),
    "a field deleted": lambda: deleted(node(), "n"),
    "an arena's number deleted": lambda: deleted(arena(), "number"),
    "the last events deleted": lambda: deleted(lab(), "last"),
    "the history set": lambda: assigned(lab(), "history", None),
    "the last events set": lambda: assigned(lab(), "last", []),
    "a goroutine moved": lambda: assigned(lab().goroutine(), "p", 3),
    "a pointer pickled": lambda: pickle.dumps(node()),
    "a pointer of numpy's kinds": lambda: field("next", np.int64(0)),
    "a float beyond all floats": lambda: field("f", 10**400),
    "a complex number where a float is due": lambda: field("f", 1j),
    "bytes where a slice is due": lambda: field("buf", b"ab"),
    "an arena where a pointer is due": lambda: field("next", lambda p: p.arena),
    "a slice by no number": lambda: slice_()["a":],
    "a slice by single steps": lambda: slice_()[::1],
    "a slice from the end": lambda: slice_()[-1:],
    "elements set at once": lambda: slice_().__setitem__(slice(0, 2), [1, 2]),
    "an element by two numbers": lambda: slice_()[0, 1],
    "append to a slice": lambda: slice_().append(1),
    # another lab's
    "hold of another lab's pointer": lambda: lab().hold(node()),
    "hold of None": lambda: lab().hold(None),
    "hold of a copy on the heap": lambda: then_hold(lambda a: arenalab.clone(a.new("int"))),
    "hold of what has no bytes": lambda: then_hold(lambda a: a.new("struct{}")),
    "clone of another lab's pointer": lambda: lab().clone(node()),
    "touch of another lab's pointer": lambda: lab().touch(node()),
    "an explorer of another lab's pointer": lambda: lab().dangling_pointer(node()),
    "make_weak of another lab's pointer": lambda: lab().make_weak(node()),
    "clone of two": lambda: arenalab.clone(node(), node()),
    "an operation on an arena's handle": lambda: (a := arena()).lab.do(ops.Free(a)),
    "a verb of a dead program": lambda: dead().new_arena(),
    # machine and history
    "do of two operations": lambda: machine().do(ops.NewArena(1), ops.NewArena(2)),
    "do without an operation": lambda: machine().do(),
    "do by an unknown name": lambda: machine().do(operation=ops.RunGC()),
    "run without a program": lambda: machine().run(),
    "run of a list in a list": lambda: machine().run([[ops.RunGC()]]),
    "touch of a negative address": lambda: machine().touch(-1),
    "touch beyond 64 bits": lambda: machine().touch(2**70),
    "touch without a pointer": lambda: machine().touch(),
    "step of a goroutine by a text": lambda: machine().step("main"),
    "until a text": lambda: machine().until("ChunkSwept"),
    "fork with a number": lambda: machine().fork(1),
    "at two moments": lambda: history().at(1, 2),
    "story by position": lambda: history().story(0),
    "save under no name": lambda: history().save(""),
    "save under a NUL": lambda: history().save("a\0b"),
    "save under half a character": lambda: history().save("\ud800"),
    "save under a name without end": lambda: history().save("x" * 5000),
    "save without a name": lambda: history().save(),
    "History of nothing": arenalab.History,
    "History of a number": lambda: arenalab.History(5),
    "events beyond the last": lambda: arena().events[99],
    "events by a text": lambda: arena().events["ChunkReadied"],
    "events and a number": lambda: arena().events + 1,
    # explorers and others
    "an explorer's verb that there is not": lambda: chunk_map().stepp,
    "an explorer stepped by a number": lambda: chunk_map().step(5),
    "an explorer that finds a number": lambda: chunk_map().find(5),
    "an explorer still without a name": lambda: chunk_map().save_html(),
    "an explorer still of a width": lambda: chunk_map().still(width=400),
    "an explorer after a text": lambda: lab().chunk_map(after="end"),
    "an explorer of a chunk by a pointer": lambda: (p := node()).lab.chunk_map(chunk=p),
    "WhatIf with a number for a setting's name": lambda: arenalab.WhatIf(machine(), left={5: 5}),
    "WhatIf with GOGC as a text": lambda: lab().what_if(left={"gogc": "50"}),
    "HeapMovie of a machine": lambda: arenalab.HeapMovie(machine()),
    "open of operations": lambda: arenalab.open([ops.NewArena(0)]),
    "open of no name": lambda: arenalab.open(""),
    "open of an arena": lambda: arenalab.open(arena()),
    "open of bytes, no name": lambda: arenalab.open(b"saved"),
    "open for writing": lambda: arenalab.open("saved", "w"),
    "trace run of a number": lambda: arenalab.TraceRun.read(5),
    "sweep of a number's name": lambda: arenalab.sweep({5: [1]}),
    "pick_go of a Go that is not modelled": lambda: arenalab.pick_go("1.20"),
    "answer without an answer": lambda: arenalab.Exercise("which-end").answer(),
    "trace of no program": arenalab.Trace.from_ops,
    "type of an operation": lambda: ops.New(0, INT, given=5),
    "a deep copy, then a name that is none": lambda: copy.deepcopy(node()).nxt,
}
