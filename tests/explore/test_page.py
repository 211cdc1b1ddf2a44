"""The page's protocol: one patch a step, none before the last is painted, BokehJS only when it lacks."""

import pytest

from arenalab.explore import HeapBitmap
from arenalab.explore.page import scripts
from arenalab.machine.machine import Machine
from arenalab.syntax import type_of
from arenalab.world import ops
from tests.strategies import GC_OFF


class Wire:
    """Stands in for the page: keeps what the kernel sends, answers by hand."""

    def __init__(self, explorer, monkeypatch):
        self.page, self.sent = explorer.page, []
        monkeypatch.setattr(type(explorer.page), "send", lambda _, content, **__: self.sent.append(content))

    def tell(self, **content):
        self.page._hear(None, content, [])

    def kinds(self):
        return [content["kind"] for content in self.sent]


@pytest.fixture
def explorer():
    machine = Machine(GC_OFF)
    machine.run([ops.NewArena(0), *[ops.New(0, type_of("*int"))] * 5])
    return HeapBitmap(machine)


@pytest.fixture
def wire(explorer, monkeypatch):
    return Wire(explorer, monkeypatch)


def opened(wire, *, missing=False):
    wire.tell(kind="open", id="view", missing=missing, dark=False)
    wire.tell(kind="painted")
    return wire


def test_nothing_is_sent_before_somebody_looks(explorer, wire):
    explorer.back()
    assert wire.sent == []


def test_view_gets_the_whole_document_and_the_script_if_it_lacks(wire):
    opened(wire, missing=True)
    assert wire.kinds() == ["open"]
    assert wire.sent[0]["scripts"] == scripts()
    opened(wire)
    assert wire.sent[1]["scripts"] == []


def test_a_step_is_one_patch(explorer, wire):
    opened(wire)
    explorer.back()
    assert wire.kinds() == ["open", "patch"]
    changed = {(event["kind"], event["attr"]) for event in wire.sent[1]["patch"]["events"]}
    assert changed == {("ColumnDataChanged", "data")}


def test_frames_are_dropped_while_the_page_paints(explorer, wire):
    opened(wire)
    for _ in range(4):
        explorer.back()
    assert wire.kinds() == ["open", "patch"]
    wire.tell(kind="painted")
    assert wire.kinds() == ["open", "patch", "patch"]
    models = [event["model"]["id"] for event in wire.sent[2]["patch"]["events"]]
    assert len(models) == len(set(models))
    wire.tell(kind="painted")
    assert wire.kinds() == ["open", "patch", "patch"]


def test_reloaded_page_gets_the_present_picture(explorer, wire):
    opened(wire)
    explorer.first()
    opened(wire)
    item = str(wire.sent[-1]["item"])
    assert wire.sent[-1]["kind"] == "open"
    assert "no chunk yet" in item
