"""The address space's own controls: which chunk is followed, which rows are shown."""

import pytest

from arenalab.explore import AddressSpace
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.view.address_space import ACROSS, PAGE
from arenalab.world import ops
from tests.player.telling import choose, press
from tests.strategies import GC_OFF

BIG = type_of("[2097152]byte")  #: a quarter of a chunk


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, BIG)] * 4 * ACROSS * PAGE, ops.NewArena(1)])
    return AddressSpace(machine)


def test_clicked_chunk_is_followed(explorer):
    choose(explorer, "chunk 33")
    assert (explorer.chunk, explorer.shown.focus) == (33, 33)
    explorer.first()
    assert (explorer.chunk, explorer.shown.focus) == (33, -1)
    assert explorer.error == ""


def test_arrows_turn_rows_and_stop_at_the_ends(explorer):
    assert explorer.shown.first == 1  # the last page is full
    shown = []
    for key in ["ArrowUp"] * (PAGE + 1) + ["ArrowDown"]:
        press(explorer, key)
        shown.append((explorer.shown.first, explorer.shown.focus))
    assert shown[0] == (0, ACROSS * (PAGE - 1))
    assert shown[-2:] == [(0, 0), (0, ACROSS)]
    explorer.chunk = 39
    press(explorer, "ArrowDown")
    assert explorer.chunk == 39
