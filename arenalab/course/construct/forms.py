"""Forms: the statements that a reader may write, as Go has them, and what each has a Lab do.

Beside Go's own: `mark_begin()` and `mark_end()`, a cycle held before mark termination, and `global = p`, a pointer
that the collector starts from. What pages print of a program can be typed again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

from arenalab.course.construct.names import ArenaCopy, Names
from arenalab.course.construct.statements import NUMBER, number
from arenalab.errors import ScenarioError, shown
from arenalab.lab.kept import Weak, last_of
from arenalab.lab.values import Ptr, Slice
from arenalab.world import ops

NAME, GLOBAL = r"[a-zA-Z_]\w{0,40}", r"global\d{0,6}"
KEYWORDS = ("var", "go", "defer", "func", "if", "return", "package", "import", "nil")


class Form(NamedTuple):
    """A statement or a value: its pattern, how one looks, what a match of it does."""

    pattern: re.Pattern[str]
    looks: str
    does: Callable[[Names, re.Match[str]], Any]


def _form(pattern: str, looks: str, does: Callable[[Names, re.Match[str]], Any]) -> Form:
    names = {"NAME": NAME, "N": NUMBER, "GLOBAL": GLOBAL}
    return Form(
        re.compile(re.sub("<(NAME|N|GLOBAL)>", lambda it: names[it[1]], pattern), re.DOTALL), looks, does
    )


# values: what may stand behind := and =, or alone


def _new(run: Names, found: re.Match[str]) -> Any:
    arena, go_type = run.arena(found["a"]), run.type(found["type"])
    run.ask(1, go_type)
    if isinstance(arena, ArenaCopy):
        return run.lab.perform(ops.New(arena.arena.number, go_type, copied=True))
    return arena.new(go_type)


def _make_slice(run: Names, found: re.Match[str]) -> Any:
    arena, go_type = run.live(found["a"]), run.type(found["type"])
    run.ask(number(found["cap"]), go_type)
    return arena.make_slice(go_type, number(found["len"]), number(found["cap"]))


def _copy(run: Names, found: re.Match[str]) -> ArenaCopy:
    return ArenaCopy(run.live(found["a"]))


VALUES = (
    _form(r"arena\.NewArena\(\)", "a := arena.NewArena()", lambda run, _: run.lab.new_arena()),
    _form(r"arena\.New\[(?P<type>.+)\]\((?P<a><NAME>)\)", "p := arena.New[int](a)", _new),
    _form(
        r"arena\.MakeSlice\[(?P<type>.+)\]\((?P<a><NAME>), ?(?P<len><N>), ?(?P<cap><N>)\)",
        "s := arena.MakeSlice[byte](a, 10, 64)", _make_slice,
    ),
    _form(r"arena\.Clone\((?P<p><NAME>)\)", "q := arena.Clone(p)", lambda run, its: run.lab.clone(run.place(its["p"]))),
    _form(r"weak\.Make\((?P<p><NAME>)\)", "w := weak.Make(p)", lambda run, its: run.lab.make_weak(run.place(its["p"]))),
    _form(
        r"(?P<w><NAME>)\.Value\(\)", "q := w.Value()",
        lambda run, its: run.named(its["w"], Weak, "a weak pointer").value(),
    ),
    _form(r"\*(?P<a><NAME>)", "b := *a", _copy),
)  # fmt: skip


# statements


def _declare(run: Names, found: re.Match[str]) -> None:
    name = found["name"]
    if name in KEYWORDS or re.fullmatch(GLOBAL, name):
        raise ScenarioError(f"{shown(name)} is no name for a variable here; a, b, p and q are")
    if name != "_" and name in run.scopes[-1]:
        raise ScenarioError(f"{name} is declared already; write {name} = …, or take another name")
    value = run.given(found["value"])
    if name != "_":
        run.scopes[-1][name] = value


def _assign(run: Names, found: re.Match[str]) -> None:
    name = found["name"]
    if name == "_":
        run.lose(run.value(found["value"]))
        return
    scope = run.scope_of(name)
    before, scope[name] = scope[name], run.given(found["value"])
    run.lose(before)


def _set_nil(run: Names, found: re.Match[str]) -> None:
    scope = run.scope_of(found["name"])
    value, scope[found["name"]] = scope[found["name"]], None
    run.lose(value)


def _hold(run: Names, found: re.Match[str]) -> None:
    name = found["p"]
    value = run.named(name, Ptr | Slice, "a value of an arena")
    try:
        owner = last_of(run.lab, value)
    except ScenarioError:
        how = f"write {found['g']} = {name} right after the line that makes {name}"
        raise ScenarioError(f"a global of the model holds the newest value of an arena; {how}") from None
    run.lab.perform(ops.Hold(_global(found), owner))


def _unhold(run: Names, found: re.Match[str]) -> None:
    run.lab.perform(ops.Unhold(_global(found)))


def _global(found: re.Match[str]) -> int:
    return int(found["g"].removeprefix("global") or 0)


def _free(run: Names, found: re.Match[str]) -> None:
    arena = run.arena(found["a"])
    if isinstance(arena, ArenaCopy):
        run.lab.perform(ops.Free(arena.arena.number, copied=True))
    else:
        arena.free()


def _many(run: Names, found: re.Match[str]) -> None:
    times, go_type = number(found["n"].replace(",", "")), run.type(found["type"])
    run.ask(times, go_type)
    run.live(found["a"]).new_many(go_type, times)


def _store(run: Names, found: re.Match[str]) -> None:
    value = run.stored(found["value"])
    place = run.place(found["p"])
    if found["index"]:
        place[number(found["index"])] = value
    else:
        run.pointer(found["p"]).set(found["field"] or "value", value)


def _read(run: Names, found: re.Match[str]) -> None:
    place = run.place(found["p"])
    if found["index"]:
        row, offset = place.object, place.offset + number(found["index"]) * place.type.size
        run.lab.perform(ops.Read(row, offset))
    elif found["field"]:
        run.pointer(found["p"]).read(found["field"])
    else:
        run.lab.perform(ops.Read(place.object, place.offset))


#: What `p.next`, `s[3]` or `*p` is: as three patterns with the same groups.
PLACES = (
    r"\*(?P<p><NAME>)(?P<field>)(?P<index>)", r"(?P<p><NAME>)\.(?P<field><NAME>)(?P<index>)",
    r"(?P<p><NAME>)(?P<field>)\[(?P<index><N>)\]",
)  # fmt: skip
STATEMENTS = (
    _form(r"type (?P<declared>.+)", "type node struct { next *node; n int }", lambda run, its: run.lab.types(its[0])),
    _form(r"(?P<n><N>|[\d,]+) × arena\.New\[(?P<type>.+)\]\((?P<a><NAME>)\)", "", _many),
    _form(r"(?P<g><GLOBAL>) = nil", "global = nil", _unhold),
    _form(r"(?P<g><GLOBAL>) = (?P<p><NAME>)", "global = p", _hold),
    _form(r"(?P<name><NAME>) = nil", "a = nil", _set_nil),
    _form(r"(?P<a><NAME>)\.Free\(\)", "a.Free()", _free),
    _form(r"runtime\.GC\(\)", "runtime.GC()", lambda run, _: run.lab.gc()),
    _form(r"mark_begin\(\)", "mark_begin()", lambda run, _: run.lab.mark_begin()),
    _form(r"mark_end\(\)", "mark_end()", lambda run, _: run.lab.mark_end()),
    _form(
        r"runtime\.SetFinalizer\((?P<p><NAME>), ?.+\)", "runtime.SetFinalizer(p, f)",
        lambda run, its: run.lab.set_finalizer(run.place(its["p"])),
    ),
    *(_form(f"_ = {place}", "_ = p.n", _read) for place in PLACES),
    *(_form(rf"println\({place}\)", "", _read) for place in PLACES),
    *(_form(f"{place} = (?P<value>.+)", "p.next = q", _store) for place in PLACES),
    _form(r"(?P<name><NAME>) := (?P<value>.+)", "", _declare),
    _form(r"(?P<name><NAME>) = (?P<value>.+)", "", _assign),
)  # fmt: skip
