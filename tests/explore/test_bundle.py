"""What a cell shows and keeps: two outputs, the live one first, and nothing in them twice or unescaped."""

import re

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from arenalab import explore
from arenalab.course import Exercise, Overview
from arenalab.course.chart import Chart, Line
from arenalab.explore.bundle import GONE, LONGEST_ALT, WIDGET, kept_html, kept_picture
from arenalab.explore.types import Types
from arenalab.machine.machine import Machine
from tests.explore.test_explorers import PROGRAM
from tests.kept import pictures
from tests.strategies import GC_OFF

ROOM = 8_000  #: bytes that all but the dots and the words of a picture may take in a saved notebook.
EVIL = '"><script>window.pwned=1</script>'


def everything():
    """Return one of each kind that a chapter shows."""
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    bases = {"Explorer", "SceneExplorer", "Types"}
    kinds = [getattr(explore, name) for name in explore.__all__ if name not in bases]
    chart = Chart("Time", "nodes", "ns", ("1", "2"), (Line("heap", (1.0, 2.0)),))
    return [*(kind(machine) for kind in kinds), Types(), chart, Exercise("which-end"), Overview()]


@pytest.fixture
def shown(monkeypatch):
    """Show a value as the last one of a cell does; return the data of each output."""
    shell = InteractiveShell.instance()
    publisher = CapturingDisplayPublisher()
    monkeypatch.setattr(shell, "display_pub", publisher)

    def show(value):
        publisher.outputs.clear()
        assert shell.display_formatter.format(value) == ({}, {})
        return [output["data"] for output in publisher.outputs]

    yield show
    InteractiveShell.clear_instance()


@pytest.mark.parametrize("value", everything(), ids=lambda value: type(value).__name__)
def test_live_output_comes_first_and_what_is_kept_is_an_output_of_its_own(value, shown):
    live, kept = shown(value)
    assert live.keys() == {WIDGET}
    assert kept.keys() == {"text/plain", "text/html"}
    assert kept["text/plain"] == repr(value)
    assert 'class="arenalab-kept"' in kept["text/html"]


@pytest.mark.parametrize("value", everything(), ids=lambda value: type(value).__name__)
def test_saved_file_holds_a_picture_once_and_little_beside_it(value, shown):
    _, kept = shown(value)
    page = re.sub(r"base64,[\w+/=]*", "", kept["text/html"])
    assert len(page) - len(repr(value)) < ROOM
    if "<img" in page:
        [alt] = pictures(kept["text/html"])
        assert 0 < len(alt) <= LONGEST_ALT
        assert alt.rstrip("…") in " ".join(repr(value).split())


@pytest.mark.parametrize("value", everything(), ids=lambda value: type(value).__name__)
def test_what_is_live_can_say_that_its_kernel_is_gone(value):
    root = value.shown_widget()
    assert "arenalab-alive" in root._dom_classes
    assert root.children[-1].value == GONE


def test_words_from_outside_are_escaped_beside_a_picture_and_in_its_name():
    page = kept_html(kept_picture(Types().still(), f"{EVIL} {EVIL}"))
    assert "<script>" not in page
    assert pictures(page) == [f"{EVIL} {EVIL}"]
