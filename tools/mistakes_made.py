"""The mistakes themselves: calls of the Python API, and command lines."""

# mypy: disable-error-code="arg-type,call-arg,dict-item,return-value"
# Wrong kinds of arguments are what this file is about.

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import arenalab
from arenalab.course import Question, after, end_of, family
from arenalab.course.answers import Whole
from arenalab.course.exercise import Exercise
from arenalab.course.registry import question
from arenalab.explore import (
    ChunkMap,
    Cloning,
    Collector,
    Counters,
    DanglingPointer,
    HeapBitmap,
    LifeCycle,
    Types,
    WhatIf,
    Workbench,
)  # fmt: skip
from arenalab.go.rules import GoRules
from arenalab.go.versions import GO_NEWEST, NEWEST
from arenalab.machine.machine import Machine
from arenalab.replay.replay import replay
from arenalab.replay.trace import Trace
from arenalab.replay.trace_file import save_trace
from arenalab.replay.workloads import workload
from arenalab.scenarios import load_scenario, parse_scenario
from arenalab.scenarios.run import run
from arenalab.world import end_events
from arenalab.world.history import History
from arenalab.world.ops import (
    AddCleanup,
    Clone,
    Drop,
    Free,
    Hold,
    Link,
    MakeSlice,
    MarkEnd,
    New,
    NewArena,
    Pin,
    Read,
    Rep,
    RunGC,
    SetFinalizer,
    Store,
    SweepStep,
    Unhold,
    Write,
)  # fmt: skip
from arenalab.world.touch import Pointer

INT = arenalab.type_of("int")
NODE = arenalab.type_of("struct{ next *int }")


MADE: list[Machine] = []  #: the programs of the mistake that is being made.


def machine(go: str = NEWEST) -> Machine:
    """Return a machine with one arena of two values."""
    made = Machine(replace(arenalab.go_rules(go), gogc=-1))
    made.run([NewArena(0), New(0, NODE), New(0, INT)])
    MADE.append(made)
    return made


def history() -> History:
    """Return its history."""
    return machine().history


def do(*ops: Any) -> Any:
    """Go on with that program."""
    return machine().run(ops)


def chunk_map(**chosen: Any) -> Any:
    """Open the usual explorer."""
    return ChunkMap(machine(), **chosen)


def assigned(name: str, value: Any) -> Any:
    """Set a trait of the usual explorer."""
    made = chunk_map()
    setattr(made, name, value)
    return made


def scenario(**changed: Any) -> Any:
    """Read a scenario that is right but for what was changed."""
    right: dict[str, Any] = {
        "name": "x", "about": "Makes an arena.", "shows": ["make"], "recordable": True,
        "ops": [{"op": "new_arena", "arena": 0}],
    }  # fmt: skip
    return parse_scenario(right | changed, "x.toml")


def asked(**changed: Any) -> Any:
    """Enter a family of exercises that is right but for what was changed, and ask a question of it."""
    right: dict[str, Any] = {
        "text": "How many?", "program": (NewArena(0),), "answer": Whole("chunks"), "read": lambda _: 1,
        "decided": end_of(-1),
    }  # fmt: skip

    @family("my-own", title="My own", chapter=1)
    def my_own(_: Any) -> Question:
        return Question(**right | changed)

    return question("my-own")


def renamed(name: str) -> Any:
    """Give a family of one's own the name of one of the course."""
    question(name)
    return family(name, title="My own", chapter=1)(lambda _: None)


MAKE: dict[str, Any] = {"op": "new_arena", "arena": 0}


def prepare() -> None:
    """Write the files that the mistakes open into the folder where we are."""
    Path("empty").write_text("")
    Path("text").write_text("Dear reader,\n")
    Path("broken.gz").write_bytes(b"\x1f\x8b\x08\x00broken")
    Path("bytes").write_bytes(b"\xff\xfe\x00\x01")
    Path("list.json").write_text("[1, 2]\n")
    Path("folder").mkdir()
    Path("half.toml").write_text('name = "half"\nops = [\n')
    Path("nameless.toml").write_text('about = "x"\nops = []\n')
    history().save("saved.jsonl")
    whole = Path("saved.jsonl").replace("saved").read_text().splitlines()
    Path("cut").write_text("\n".join([*whole[:-1], whole[-1][:20]]) + "\n")
    Path("strange").write_text("\n".join([whole[0], json.dumps({"op": "dance"})]) + "\n")
    Path("sweep").write_text("hello\n")
    save_trace(Trace.from_ops([NewArena(0)]), "trace")


def _sweep(grid: Any, *more: Any, **options: Any) -> Any:
    return arenalab.sweep(grid, *more, **options)


API: dict[str, Callable[[], Any]] = {
    # operations
    "New of a text": lambda: New(0, "int"),
    "New without a type": lambda: New(0),
    "New with an unknown argument": lambda: New(0, INT, size=8),
    "NewArena without a number": NewArena,
    "NewArena of a negative number": lambda: NewArena(-1),
    "NewArena of a text": lambda: NewArena("a"),
    "NewArena of True": lambda: NewArena(bool(1)),
    "NewArena twice": lambda: do(NewArena(0)),
    "New in an arena never made": lambda: do(New(7, INT)),
    "MakeSlice of 1e3": lambda: MakeSlice(0, INT, 1e3),
    "MakeSlice of a text": lambda: MakeSlice(0, INT, "10"),
    "MakeSlice without a cap": lambda: MakeSlice(0, INT, None),
    "Rep of a negative number": lambda: Rep(0, INT, -1),
    "Rep without end": lambda: Rep(0, INT, 10**12),
    "Free of an arena never made": lambda: do(Free(3)),
    "Drop of an arena never made": lambda: do(Drop(3)),
    "New after Drop": lambda: do(Drop(0), New(0, INT)),
    "Hold of an arena never made": lambda: do(Hold(0, 9)),
    "Unhold of nothing": lambda: do(Unhold(5)),
    "Link to an arena never made": lambda: do(Link(0, 7)),
    "Write into no object": lambda: do(Write(99, 0, 1)),
    "Write over a pointer": lambda: do(Write(0, 0, 1)),
    "Read of half a byte": lambda: Read(0, 0.5),
    "Store outside all chunks": lambda: do(Store(0x1000, 0)),
    "Store into a word without a pointer": lambda: do(Store(0x40C000000100, 0)),
    "Clone of no object": lambda: do(Clone(99, INT)),
    "Clone of an unknown kind": lambda: Clone(0, INT, "pointer"),
    "SetFinalizer of no object": lambda: do(SetFinalizer(99)),
    "AddCleanup in a Go that doesn't have it": lambda: machine("1.21").do(AddCleanup(0)),
    "Pin of no object": lambda: do(Pin(99)),
    "MarkEnd without a cycle": lambda: do(MarkEnd()),
    "SweepStep of no chunk": lambda: do(SweepStep(99)),
    "RunGC with a number for detail": lambda: RunGC(1),
    # the machine
    "do of a text": lambda: machine().do("NewArena(0)"),
    "do of a class": lambda: machine().do(RunGC),
    "do of nothing": lambda: machine().do(None),
    "run of one operation": lambda: machine().run(RunGC()),
    "run of a number": lambda: machine().run(5),
    "Machine of a version's name": lambda: Machine("1.21"),
    "Machine of a version as a number": lambda: Machine(go=1.27),
    "Machine of a version that is not modelled": lambda: Machine(go="1.20"),
    "Lab of a version as a number": lambda: arenalab.Lab(1.27),
    "Lab with a setting that it has not": lambda: arenalab.Lab(rules=GO_NEWEST),
    "Lab with GOGC as a text": lambda: arenalab.Lab(gogc="50%"),
    "rules without a version": lambda: GoRules(gogc=-1),
    "Machine with an unknown argument": lambda: Machine(gogc=100),
    "Machine that starts from a history": lambda: Machine(start=history()),
    "rules with an unknown setting": lambda: replace(GO_NEWEST, goggc=50),
    "rules with a text for GOGC": lambda: replace(GO_NEWEST, gogc="off"),
    "rules with no chunk": lambda: Machine(replace(GO_NEWEST, user_arena_chunk_bytes_max=0)),
    "rules of a version to come": lambda: arenalab.go_rules("2.0"),
    "rules of a platform that is none": lambda: arenalab.go_rules("1.21", goos="amiga"),
    "touch of a text": lambda: machine().touch("0x40"),
    "touch of no object": lambda: machine().touch(Pointer(99)),
    "interleave of a text": lambda: machine().interleave("gc"),
    # types
    "type without a brace": lambda: arenalab.type_of("struct{ a int"),
    "type of C": lambda: arenalab.type_of("unsigned int"),
    "type that is empty": lambda: arenalab.type_of(""),
    "type that is a number": lambda: arenalab.type_of(5),
    "type of nothing": lambda: arenalab.type_of(None),
    "type of two texts": lambda: arenalab.type_of("int", "string"),
    "type too large": lambda: arenalab.type_of("[1<<62]int"),
    "types without the word type": lambda: arenalab.types("T struct{}"),
    # history
    "at a moment that never comes": lambda: history().at(99999),
    "at a text": lambda: history().at("end"),
    "after no operation": lambda: history().after_op(99),
    "end of no operation": lambda: history().op_end(99),
    "events of no operation": lambda: history().events_of(0),
    "story of no chunk": lambda: history().story(chunk=99),
    "story of no kind of event": lambda: history().story(kind="Freed"),
    "list of no chunk": lambda: history().world.list_of(99),
    "save into no folder": lambda: history().save("nowhere/history"),
    "save over a folder": lambda: history().save("folder"),
    "save under a number": lambda: history().save(5),
    "load of no file": lambda: History.load("nowhere"),
    "load of a folder": lambda: History.load("folder"),
    "load of an empty file": lambda: History.load("empty"),
    "load of a text": lambda: History.load("text"),
    "load of bytes": lambda: History.load("bytes"),
    "load of half a file": lambda: History.load("cut"),
    "load of an unknown operation": lambda: History.load("strange"),
    "load of nothing": lambda: History.load(None),
    # recordings, traces, scenarios, sweeps
    "recording that is not there": lambda: arenalab.load_recording("nowhere.jsonl"),
    "recording that is a folder": lambda: arenalab.load_recording("folder"),
    "recording that is a text": lambda: arenalab.load_recording("text"),
    "recording that is a list": lambda: arenalab.load_recording("list.json"),
    "recording that is a history": lambda: arenalab.load_recording("saved"),
    "check of a path": lambda: arenalab.check("nowhere.jsonl"),
    "history of a path": lambda: arenalab.history_of("nowhere.jsonl"),
    "trace that is not there": lambda: arenalab.load_trace("nowhere"),
    "trace that is a text": lambda: arenalab.load_trace("text"),
    "trace of a text": lambda: Trace.from_ops("NewArena(0)"),
    "trace of a Clone": lambda: Trace.from_ops([Clone(0, INT)]),
    "replay of a number": lambda: replay(5),
    "replay of nonsense": lambda: replay([NewArena(0), Free(9)]),
    "scenario that is not there": lambda: load_scenario("nowhere"),
    "scenario file that is not there": lambda: load_scenario("nowhere.toml"),
    "scenario that is cut off": lambda: load_scenario("half.toml"),
    "scenario without a name": lambda: load_scenario("nameless.toml"),
    "scenario with an unknown key": lambda: scenario(operations=[]),
    "scenario with an unknown operation": lambda: scenario(ops=[{"op": "dance"}]),
    "scenario with a negative arena": lambda: scenario(ops=[{"op": "new_arena", "arena": -3}]).ops,
    "scenario with a wrong expectation": lambda: run(scenario(expect=[{"after": 0, "ready": [5]}])),
    "scenario with an unknown expectation": lambda: scenario(expect=[{"after": 0, "colour": "red"}]),
    "scenario with a panic that nobody expects": lambda: run(
        scenario(ops=[{"op": "new_arena", "arena": 0}, *[{"op": "free", "arena": 0}] * 2])
    ),
    "scenario of an undeclared type": lambda: (
        scenario(ops=[MAKE, {"op": "new", "arena": 0, "type": "Node"}]).ops
    ),
    "scenario with a New without a type": lambda: scenario(ops=[MAKE, {"op": "new", "arena": 0}]),
    "scenario with a mistyped key of an operation": lambda: scenario(ops=[{"op": "new_arena", "arna": 0}]),
    "scenario with an expectation of no moment": lambda: scenario(expect=[{"ready": []}]),
    "scenario with an expectation after its end": lambda: scenario(expect=[{"after": 5, "ready": []}]),
    "scenario with a mistyped setting": lambda: scenario(rules={"gogcc": 50}).rules,
    "scenario with operations as a text": lambda: scenario(ops="new_arena"),
    "scenario for no Go": lambda: scenario(go="newest"),
    "sweep of nothing": lambda: _sweep({}),
    "sweep of an unknown setting": lambda: _sweep({"gogcc": [50]}),
    "sweep of one value": lambda: _sweep({"gogc": 50}),
    "sweep of a list": lambda: _sweep([50, 100]),
    "sweep of an unknown workload": lambda: _sweep({"gogc": [50]}, "nonsense"),
    "sweep of a number": lambda: _sweep({"gogc": [50]}, 5),
    "sweep with a results file that is none": lambda: _sweep({"gogc": [50]}, results="sweep"),
    "sweep with results in no folder": lambda: _sweep({"gogc": [50]}, results="nowhere/rows"),
    "workload that is none": lambda: workload("nonsense", 10),
    "workload of no operations": lambda: workload("mixed", 0),
    # explorers
    "explorer of nothing": lambda: ChunkMap(None),
    "explorer without a history": ChunkMap,
    "explorer of a World": lambda: ChunkMap(history().world),
    "explorer of a file that is not there": lambda: ChunkMap("nowhere.jsonl"),
    "explorer of a text file": lambda: ChunkMap("text"),
    "explorer of a folder": lambda: ChunkMap("folder"),
    "explorer with no such chunk": lambda: chunk_map(chunk=99),
    "explorer with a text for a chunk": lambda: chunk_map(chunk="0"),
    "explorer with no such moment": lambda: chunk_map(cursor=99999),
    "explorer with half a moment": lambda: chunk_map(cursor=0.5),
    "explorer with an unknown argument": lambda: chunk_map(operation=3),
    "explorer set to no such chunk": lambda: assigned("chunk", 99),
    "explorer set to a text": lambda: assigned("cursor", "end"),
    "explorer in an unknown colour": lambda: assigned("colour", "red"),
    "explorer with a mistyped trait": lambda: assigned("kursor", 3),
    "explorer saved into no folder": lambda: chunk_map().save_html("nowhere/page.html"),
    "explorer saved by an unknown unit": lambda: chunk_map().save_html("page.html", unit="second"),
    "explorer saved from no step": lambda: chunk_map().save_html("page.html", first=99),
    "explorer still on unknown paper": lambda: chunk_map().still("blue"),
    "explorer of a history that shall go on": lambda: ChunkMap(history()).do(RunGC()),
    "Counters of an unknown group": lambda: setattr(Counters(machine()), "group", "money"),
    "LifeCycle with an unknown argument": lambda: LifeCycle(machine(), arena=0),
    "Collector of no such chunk": lambda: Collector(machine(), chunk=-1),
    "HeapBitmap of no such chunk": lambda: HeapBitmap(machine(), chunk=8),
    "DanglingPointer to no object": lambda: DanglingPointer(machine(), pointer=Pointer(99)),
    "DanglingPointer to a number": lambda: DanglingPointer(machine(), pointer=0),
    "DanglingPointer with an unknown argument": lambda: DanglingPointer(machine(), object=0),
    "Cloning of no object": lambda: setattr(Cloning(machine()), "object", 99),
    "WhatIf with an unknown setting": lambda: WhatIf(machine(), left={"gogcc": 1}),
    "WhatIf with a text for a setting": lambda: WhatIf(machine(), left={"gogc": "50%"}),
    "WhatIf with an unknown heap": lambda: WhatIf(machine(), right={"heap": "none"}),
    "WhatIf with a list": lambda: WhatIf(machine(), left=[1]),
    "Workbench with an unknown explorer": lambda: Workbench(machine(), first="Chunks"),
    "Workbench with an unknown argument": lambda: Workbench(machine(), third="Chunk map"),
    "Types of a number": lambda: Types(5),
    # the course
    "exercise that is not there": lambda: Exercise("nothing"),
    "exercise without a name": Exercise,
    "exercise with a text for a seed": lambda: Exercise("which-end", "first"),
    "exercise of a number": lambda: Exercise(5),
    "family without a title": lambda: family("x"),
    "family that returns nothing": lambda: family("x", title="X", chapter=1)(lambda _: None).make(1),
    "family under a name of the course": lambda: (
        question("which-end"),
        family("which-end", title="X", chapter=1)(lambda _: None),
    ),
    "question without a program": lambda: Question("How many?"),
    "question whose read raises": lambda: asked(read=lambda run: run.events[10**6]),
    "question whose moment never comes": lambda: asked(decided=after(end_events.ArenaEmptied)),
    "question about the end of no operation": lambda: asked(decided=end_of(99)),
    "question about no moment": lambda: asked(decided=lambda _: 10**6),
    "question with a program that makes no sense": lambda: asked(program=(Free(0),)),
    "question with a text for a program": lambda: asked(program="NewArena(0)"),
    "question without an answer": lambda: asked(answer=None),
    "question whose reason raises": lambda: asked(why=lambda run: run.nothing),
    "answer of another kind": lambda: Exercise("which-end").answer(3.5),
    "answer that is none of those there are": lambda: Exercise("which-end").answer("the middle"),
    "answer by a text where a number is due": lambda: Exercise("chunks-taken").answer("two"),
    "exercise with a mistyped argument": lambda: Exercise("which-end", sed=2),
    "exercise with its progress in no folder": lambda: Exercise("which-end", folder=5),
    "answer that is empty": lambda: Exercise("which-end").answer(""),
}

COMMANDS: dict[str, list[str]] = {
    "no command": [],
    "an unknown command": ["inspect"],
    "an unknown option": ["check", "--stepps", "text"],
    "check of nothing": ["check"],
    "check of no file": ["check", "nowhere.jsonl"],
    "check of a folder": ["check", "folder"],
    "check of a text": ["check", "text"],
    "check of an empty file": ["check", "empty"],
    "check of a scenario": ["check", "half.toml"],
    "check of a saved history": ["check", "saved"],
    "check with a seed that is none": ["check", "--types", "--seed", "x"],
    "check of no types": ["check", "--types", "--n", "-5"],
    "check with a Go that is not there": ["check", "--types", "--n", "1", "--go", "nowhere/go"],
    "type of nothing": ["type"],
    "type that is none": ["type", "struct{"],
    "type that is empty": ["type", ""],
    "record of nothing": ["record"],
    "record without a place": ["record", "--seed", "1"],
    "record of no file": ["record", "nowhere.toml", "-o", "out.jsonl"],
    "record of a text": ["record", "text", "-o", "out.jsonl"],
    "record into no folder": ["record", "--seed", "1", "--go", "nowhere/go", "-o", "missing/out.jsonl"],
    "record of a negative count": ["record", "--seed", "1", "--ops", "-1", "-o", "out.jsonl"],
    "record of an unknown profile": ["record", "--seed", "1", "--profile", "x", "-o", "out.jsonl"],
    "record with a Go that is not there": [
        "record",
        "--program",
        ".",
        "--go",
        "nowhere/go",
        "-o",
        "out.jsonl",
    ],
    "lab of nothing": ["lab"],
    "lab of no file": ["lab", "nowhere"],
    "lab of a text": ["lab", "text"],
    "lab of a folder": ["lab", "folder"],
    "lab over a notebook": ["lab", "saved", "--notebook", "text"],
    "fuzz for a text": ["fuzz", "--minutes", "long"],
    "open of nothing": ["open"],
    "open of no file": ["open", "nowhere"],
    "open of a text": ["open", "text"],
    "open of a folder": ["open", "folder"],
    "open of half a history": ["open", "cut"],
    "report of nothing": ["report"],
    "report of no file": ["report", "nowhere"],
    "report of a text": ["report", "text"],
    "report at no address": ["report", "saved", "--at", "there"],
    "serve of nothing": ["serve"],
    "serve of no file": ["serve", "nowhere", "--no-browser"],
    "serve of a text": ["serve", "text", "--no-browser"],
    "serve at no port": ["serve", "saved", "--no-browser", "--port", "x"],
    "trace of nothing": ["trace"],
    "trace of no file": ["trace", "nowhere"],
    "trace of a history": ["trace", "saved"],
    "check of a cut history": ["check", "cut"],
    "check in no process": ["check", "--jobs", "0", "text"],
    "go of nothing": ["go", "fetch"],
    "go of a version to come": ["go", "install", "9.99"],
    "explore for a text": ["explore", "--minutes", "long"],
    "new of nothing": ["new"],
    "new of an unknown thing": ["new", "chapter", "x"],
    "new lesson without a name": ["new", "lesson"],
    "new lesson under no name": ["new", "lesson", "../x"],
    "course into a file": ["course", "text"],
    "open of an empty name": ["open", ""],
    "open of a text as an option": ["open", "saved", "--json=yes"],
    "open of two files": ["open", "saved", "text"],
    "check of an empty name": ["check", ""],
    "check by half a number of processes": ["check", "--jobs", "1.5", "saved"],
    "check of types without end": ["check", "--types", "--n", "99999999999"],
    "check of a scenario that is not there": ["check", "nowhere.toml"],
    "report with part of an option": ["report", "saved", "--check-leak"],
    "report beyond all addresses": ["report", "saved", "--at", "99999999999999999999999"],
    "fuzz for no time": ["fuzz", "--minutes", "0"],
    "fuzz for less than no time": ["fuzz", "--minutes=-1"],
    "fuzz for nan minutes": ["fuzz", "--minutes", "nan"],
    "explore for less than no time": ["explore", "--minutes=-1"],
    "explore to no depth": ["explore", "--depth", "0"],
    "explore with too many arenas": ["explore", "--arenas", "99"],
    "explore that goes on from nothing": ["explore", "--resume", "nowhere"],
    "explore that goes on from a text": ["explore", "--resume", "text"],
    "explore that keeps a folder": ["explore", "--save", "folder"],
    "lab with a mistyped option of Jupyter's": ["lab", "saved", "--no-brwser"],
    "lab with a mistyped option": ["lab", "saved", "--notebok", "x.ipynb"],
    "course with a mistyped option": ["course", "--copy-onl"],
    "record of a count in words of floats": ["record", "--seed", "1", "--ops", "1e6", "-o", "out.jsonl"],
    "trace capture of nothing": ["trace", "capture"],
    "trace capture at no address": ["trace", "capture", "--url", "nowhere:99999"],
    "type under a Go that is not modelled": ["type", "--go", "1.20", "int"],
    "completion of another shell": ["completion", "tcsh"],
    "help of an unknown command": ["help", "inspect"],
    "a command in capitals": ["CHECK", "text"],
    "an option before the command": ["--go", "1.27", "check", "text"],
    "a mistyped command": ["checks", "text"],
}
