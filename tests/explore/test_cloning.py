"""The Clone explorer's own controls: the run's latest Clone, or one that is asked about."""

import pytest

from arenalab.errors import ArgumentError
from arenalab.explore import Cloning
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.player.telling import do, sets
from tests.strategies import GC_OFF

NODE = type_of("struct{ next *int; value int }")


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), ops.New(0, NODE), ops.MakeSlice(0, NODE, 4), ops.Clone(0, NODE)])
    return Cloning(machine)


def test_runs_latest_clone_is_shown_until_an_object_is_named(explorer):
    assert (explorer.shown.asked, explorer.shown.copy.title) == (False, "object 2, made by Clone")
    sets(explorer, "object", 1)
    assert (explorer.object, explorer.shown.asked, explorer.shown.copied) == (1, True, 64)
    do(explorer, "latest")
    assert not explorer.shown.asked
    assert explorer.error == ""


@pytest.mark.parametrize(("kind", "copied"), [("ptr", 16), ("slice", 64), ("string", 64)])
def test_object_may_be_declared_of_another_kind(explorer, kind, copied):
    explorer.object, explorer.kind = 1, kind
    assert explorer.shown.copied == copied


def test_before_the_clone_a_telling_object_is_asked_about(explorer):
    explorer.back()
    assert explorer.shown.asked
    assert "object 1" in explorer.shown.call


def test_object_not_made_yet_is_said(explorer):
    explorer.object = 1
    explorer.first()
    assert explorer.shown.facts == ("there is nothing to clone yet",)


def test_length_beyond_the_object_is_no_crash(explorer):
    explorer.object, explorer.kind, explorer.length = 1, "slice", 2
    assert explorer.shown.copied == 32
    with pytest.raises(ArgumentError, match="length: got -5; expected a whole number of 0 or more"):
        explorer.length = -5
    assert (explorer.length, explorer.shown.copied) == (2, 32)


def test_length_is_typed_and_left_again(explorer):
    explorer.object = 1
    sets(explorer, "length", 3)
    assert explorer.shown.copied == 48
    sets(explorer, "length", None)
    assert (explorer.length, explorer.shown.copied) == (None, 64)
