"""Procedures by version: each name has one body, the one whose versions hold the rules'."""

from dataclasses import MISSING, fields, replace

import pytest

from arenalab.errors import ArgumentError, ModelBug, ScenarioError
from arenalab.go import mirror
from arenalab.go.mirror import body_of, first_version, mirrors, within
from arenalab.go.versions import VERSIONS
from arenalab.machine import chunk, heap_bits
from arenalab.machine.machine import Machine
from arenalab.machine.runtime import LATER, NAMES, Runtime, runtime
from arenalab.syntax import type_of
from arenalab.world.ops import OPS, New, NewArena

SET_TYPE = ("arena.go", "userArenaHeapBitsSetType")

#: Go function -> the versions from which on its text is another, and our body of it.
BODIES = {
    "set_type": {"1.21": heap_bits.set_type_and_marks, "1.22": heap_bits.set_type},
    "alloc_user_arena_chunk": {
        "1.21": chunk.alloc_chunk_bits_apart,
        "1.22": chunk.alloc_chunk_limit_first,
        "1.24": chunk.alloc_chunk,
    },
    "new_user_arena_chunk": {
        "1.21": chunk.new_chunk_limit_shrinks,
        "1.22": chunk.new_chunk_object_shrinks,
        "1.24": chunk.new_chunk,
    },
    "set_user_arena_chunk_to_fault": {"1.21": chunk.set_to_fault_whole, "1.22": chunk.set_to_fault},
}


@pytest.mark.parametrize("version", VERSIONS)
def test_each_name_is_the_body_of_the_version(version):
    found = runtime(VERSIONS[version])
    for name, bodies in BODIES.items():
        since = max(first for first in bodies if first <= version)
        assert getattr(found, name) is bodies[since]
    assert runtime(replace(VERSIONS[version], gogc=50)) is found
    assert set(BODIES) == set(NAMES)


@pytest.mark.parametrize("name", LATER)
def test_what_came_later_has_its_body_from_its_version_on_and_is_refused_before(name):
    file, function, called = LATER[name]
    since = first_version(file, function)
    for version, rules in VERSIONS.items():
        if within(version, since):
            assert getattr(runtime(rules), name) is body_of(file, function, version)
            continue
        with pytest.raises(ScenarioError, match=rf"Go {version} has no {called}, which came with Go {since}"):
            getattr(runtime(rules), name)(None, 0)
    assert since != "1.21"


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.since != "1.21"])
def test_operation_of_a_later_go_is_refused_before_it_without_a_trace(op):
    machine = Machine(go="1.23")
    machine.run([NewArena(0), New(0, type_of("*int"))])
    events = len(machine.history)
    asked = op(**{field.name: 0 for field in fields(op) if field.default is MISSING})
    with pytest.raises(ScenarioError, match=rf"Go 1\.23 has no .*, which came with Go {op.since}"):
        machine.do(asked)
    assert (len(machine.history), len(machine.history.ops)) == (events, 2)


def test_a_body_of_a_version_yet_to_come_is_taken_from_it_on(monkeypatch):
    until = [m._replace(until="1.99") if m.body is heap_bits.set_type else m for m in mirror.MIRRORED]
    monkeypatch.setattr(mirror, "MIRRORED", until)

    @mirrors(*SET_TYPE, since="1.99")
    def sets_nothing(*_):
        yield from ()

    newest = list(VERSIONS.values())[-1]
    assert Runtime(newest).set_type is heap_bits.set_type
    assert Runtime(replace(newest, version="1.99")).set_type is sets_nothing


@pytest.mark.parametrize("version", ["1.20", "1.3"])
def test_version_before_the_first_body_is_refused(version):
    with pytest.raises(ModelBug, match="needs one body; there is none"):
        body_of(*SET_TYPE, version)


def test_two_bodies_for_one_version_are_refused(monkeypatch):
    monkeypatch.setattr(mirror, "MIRRORED", list(mirror.MIRRORED))
    mirrors(*SET_TYPE, since="1.21")(lambda *_: None)
    with pytest.raises(ModelBug, match="needs one body"):
        body_of(*SET_TYPE, "1.21")


@pytest.mark.parametrize("go", ["1.24", "1.24.11", "go1.24.11"])
def test_machine_of_a_version_has_its_rules(go):
    assert Machine(go=go).rules == VERSIONS["1.24"]


def test_version_beside_rules_is_refused():
    with pytest.raises(ArgumentError, match="they say the version"):
        Machine(VERSIONS["1.21"], go="1.24")


def test_version_that_is_not_modelled_is_refused_with_those_that_are():
    with pytest.raises(ScenarioError, match=r"'1\.20' is not modelled; expected one of: 1\.21, .*, 1\.27"):
        Machine(go="1.20")
