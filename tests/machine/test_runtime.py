"""Procedures by version: each name has one body, the one whose versions hold the rules'."""

from dataclasses import replace

import pytest

from arenalab.errors import ModelBug
from arenalab.go import mirror
from arenalab.go.mirror import body_of, mirrors
from arenalab.machine import chunk, heap_bits
from arenalab.machine import runtime as runtime_module
from arenalab.machine.machine import Machine
from arenalab.machine.runtime import Runtime, runtime
from arenalab.syntax import type_of
from arenalab.world.ops import New, NewArena
from tests.strategies import GC_OFF

LATER = replace(GC_OFF, version="1.22")
SET_TYPE = ("arena.go", "userArenaHeapBitsSetType")


@pytest.fixture
def a_later_go(monkeypatch):
    """A Go 1.22 that sets no bits, beside the bodies of 1.21."""
    until = [m._replace(until="1.22") if (m.file, m.function) == SET_TYPE else m for m in mirror.MIRRORED]
    monkeypatch.setattr(mirror, "MIRRORED", until)
    monkeypatch.setattr(runtime_module, "_RESOLVED", {})

    @mirrors(*SET_TYPE, since="1.22")
    def sets_nothing(*_):
        yield from ()

    return sets_nothing


def test_each_name_is_the_body_of_the_version():
    found = runtime(GC_OFF)
    assert found.set_type is heap_bits.set_type
    assert found.alloc_user_arena_chunk is chunk.alloc_user_arena_chunk
    assert found.set_user_arena_chunk_to_fault is chunk.set_user_arena_chunk_to_fault
    assert runtime(replace(GC_OFF, gogc=50)) is found


def test_second_body_is_taken_from_its_version_on(a_later_go):
    assert Runtime(GC_OFF).set_type is heap_bits.set_type
    assert Runtime(LATER).set_type is a_later_go


@pytest.mark.usefixtures("a_later_go")
def test_version_changes_a_run():
    program = [NewArena(0), New(0, type_of("*int"))]
    ones = [int(Machine(rules).run(program).world.bits.word(0, 0)) for rules in (GC_OFF, LATER)]
    assert ones == [1, 0]


@pytest.mark.parametrize("version", ["1.20", "1.3"])
def test_version_before_the_first_body_is_refused(version):
    with pytest.raises(ModelBug, match="needs one body; there is none"):
        body_of(*SET_TYPE, version)


def test_two_bodies_for_one_version_are_refused(monkeypatch):
    monkeypatch.setattr(mirror, "MIRRORED", list(mirror.MIRRORED))
    mirrors(*SET_TYPE, since="1.21")(lambda *_: None)
    with pytest.raises(ModelBug, match="needs one body"):
        body_of(*SET_TYPE, "1.21")
