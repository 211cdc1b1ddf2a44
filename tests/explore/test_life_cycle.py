"""The life cycle's own controls: which chunk's story is told, going where it happened, what the lanes count."""

import re

import pytest

from arenalab.explore import LifeCycle
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.player.telling import choose, control, press, tell
from tests.strategies import GC_OFF

BIG = type_of("[2097152]byte")  #: a quarter of a chunk


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, BIG)] * 9, ops.Free(0), ops.RunGC()])
    return LifeCycle(machine)


def test_clicked_chunk_tells_its_story(explorer):
    choose(explorer, "chunk 1")
    assert (explorer.chunk, explorer.shown.story.chunk) == (1, 1)
    assert control(explorer, "follow")["value"] is False
    assert explorer.error == ""


def test_clicked_line_goes_to_its_moment_and_keeps_the_story(explorer):
    choose(explorer, "chunk 1")
    moment = int(explorer.shown.story.lines.moment[0])
    choose(explorer, f"at {moment}")
    assert explorer.cursor == moment
    lines = explorer.shown.story.lines
    assert lines.moment[lines.current].tolist() == [moment]
    assert explorer.shown.story.chunk == 1


def test_every_key_that_is_drawn_can_be_chosen(explorer):
    keys = set(re.findall(r'data-tap="([^"]*)"', "".join(explorer.drawn())))
    assert len(keys) > len(explorer.history.world.spans)
    for key in sorted(keys):
        choose(explorer, key)
        assert explorer.error == ""


def test_arrows_turn_to_another_chunk_and_stop_at_the_ends(explorer):
    explorer.chunk = 1
    shown = []
    for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
        press(explorer, key)
        shown.append(explorer.shown.focus)
    assert shown == [0, 0, 1]
    explorer.chunk = 7
    press(explorer, "ArrowDown")
    assert explorer.chunk == 7


def test_lanes_count_events_or_operations(explorer):
    assert explorer.shown.end == len(explorer.history.ops)
    explorer.scale = "events"
    assert (explorer.shown.end, explorer.shown.at) == (len(explorer.history), explorer.cursor)


def test_moves_of_a_history_are_read_once_and_follow_it(explorer):
    lives = explorer.lives
    explorer.back()
    assert explorer.lives is lives
    explorer.do(ops.NewArena(1))
    assert (explorer.lives is lives, explorer.shown.tokens.user_arena.max()) == (True, 1)


def test_lanes_and_the_map_above_them_move_and_zoom(explorer):
    def panes():
        return re.findall(
            r'data-(pane|map)="run" data-part="(\d+) (\d+)" data-whole="(\d+)"', "".join(explorer.drawn())
        )

    end = len(explorer.history.ops)
    assert panes() == [("map", "0", str(end), str(end)), ("pane", "0", str(end), str(end))]
    tell(explorer, kind="zoom", pane="run", start=1, end=11)
    assert panes() == [("map", "1", "11", str(end)), ("pane", "1", "11", str(end))]
    assert (explorer.window, explorer.fit) == ((1, 11), "custom")
    assert f"by operations, 1 to 11 of {end}" in explorer.text()
    explorer.fit = "whole run"
    assert (explorer.window, explorer.shown.window) == (None, (0, end))
    tell(explorer, kind="zoom", pane="run", start=2, end=12)
    explorer.scale = "events"
    assert explorer.shown.window == (0, len(explorer.history))


def test_buttons_turn_to_the_lanes_of_other_chunks():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, BIG)] * 70])
    explorer = LifeCycle(machine, chunk=0)
    pages = [explorer.shown.first]
    for _ in range(2):
        ((_, ahead),) = re.findall(
            r'<g class="al-press" data-tap="(chunk (\d+))"><title>the next chunks', "".join(explorer.drawn())
        )
        choose(explorer, f"chunk {ahead}")
        pages.append(explorer.shown.first)
    (back,) = re.findall(r'data-tap="(chunk \d+)"><title>the chunks before', "".join(explorer.drawn()))
    choose(explorer, back)
    assert [*pages, explorer.shown.first] == [0, 8, 16, 8]
