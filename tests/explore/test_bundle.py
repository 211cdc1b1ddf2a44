"""What a cell shows and keeps: two outputs, the live one first, and nothing in them twice or unescaped."""

import re

import pytest
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell

from arenalab import explore
from arenalab.course import Exercise, Overview
from arenalab.course.chart import Chart, Line
from arenalab.explore.bundle import GONE, LONGEST_ALT, kept_html, kept_picture
from arenalab.explore.recorded import Recorded
from arenalab.explore.types import Types
from arenalab.machine.machine import Machine
from arenalab.notebook_parts import WIDGET
from tests.explore.test_explorers import PROGRAM
from tests.kept import pictures
from tests.recorded import PLAIN, run_of
from tests.strategies import GC_OFF

ROOM = 8_000  #: bytes that all but the dots and the words of a picture may take in a saved notebook.
EVIL = '"><script>window.pwned=1</script>'


#: What shows a run: explorers of a history, of a recorded trace.
KINDS = [
    getattr(explore, name) for name in explore.__all__ if name not in {"Explorer", "SceneExplorer", "Types"}
]
OTHERS = {
    "Types": Types,
    "Chart": lambda: Chart("Time", "nodes", "ns", ("1", "2"), (Line("heap", (1.0, 2.0)),)),
    "Exercise": lambda: Exercise("which-end"),
    "Overview": Overview,
}


@pytest.fixture(scope="module", params=[*KINDS, *OTHERS], ids=lambda it: getattr(it, "__name__", it))
def value(request):
    """One of each kind that a chapter shows."""
    if request.param in OTHERS:
        return OTHERS[request.param]()
    if issubclass(request.param, Recorded):
        return request.param(run_of(PLAIN))
    machine = Machine(GC_OFF)
    machine.run(PROGRAM)
    return request.param(machine)


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


def test_live_output_comes_first_and_what_is_kept_holds_a_picture_once_and_little_beside_it(value, shown):
    live, kept = shown(value)
    assert live.keys() == {WIDGET}
    assert kept.keys() == {"text/plain", "text/html"}
    words = kept["text/plain"]
    assert words == repr(value)
    assert 'class="arenalab-kept"' in kept["text/html"]
    page = re.sub(r"base64,[\w+/=]*", "", kept["text/html"])
    assert len(page) - len(words) < ROOM
    if "<img" in page:
        [alt] = pictures(kept["text/html"])
        assert 0 < len(alt) <= LONGEST_ALT
        assert alt.rstrip("…") in " ".join(words.split())


def test_what_is_live_can_say_that_its_kernel_is_gone(value):
    root = value.shown_widget()
    assert "arenalab-alive" in root._dom_classes
    assert root.children[-1].value == GONE


def test_words_from_outside_are_escaped_beside_a_picture_and_in_its_name():
    page = kept_html(kept_picture(Types().still(), f"{EVIL} {EVIL}"))
    assert "<script>" not in page
    assert pictures(page) == [f"{EVIL} {EVIL}"]
