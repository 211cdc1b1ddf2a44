"""The workbench: opens anything, in one explorer or two, and tells what it can't open."""

import pytest

from arenalab.explore import Explorer, Workbench
from arenalab.explore import workbench_parts as parts
from arenalab.explore.workbench_parts import ABOVE, BESIDE, ONE
from arenalab.machine.machine import Machine
from arenalab.notebook_parts import WIDGET
from arenalab.scenarios import load_scenario, scenarios
from arenalab.world import ops
from tests.kept import pictures
from tests.player.telling import sets
from tests.programs import RECORDINGS
from tests.replay.test_what_if import KEPT
from tests.strategies import GC_OFF

EVIL = "no</div><script>window.pwned=1</script>"


@pytest.fixture
def machine():
    machine = Machine(GC_OFF)
    machine.run(KEPT)
    return machine


def test_every_explorer_is_offered_by_its_name(machine):
    offered = parts.explorers()
    assert {"Chunk map", "Heap bitmap", "What if"} <= set(offered)
    bench = Workbench(machine)
    for name, kind in offered.items():
        bench.first = name
        assert [type(each) for each in bench.explorers] == [kind]
        assert bench.error == ""


@pytest.mark.parametrize("layout", [BESIDE, ABOVE])
def test_two_explorers_share_cursor_and_chunk(machine, layout):
    bench = Workbench(machine, layout=layout)
    one, other = bench.explorers
    one.first()
    assert other.cursor == 0
    other.step()
    assert one.cursor == other.cursor > 0
    sets(other, "chunk", 3)
    assert one.chunk == one.shown.focus == 3
    assert len(bench._body.children) == 2


def test_other_layout_and_explorer_keep_the_moment(machine):
    bench = Workbench(machine)
    bench.explorers[0].first()
    bench.explorers[0].step()
    at = bench.explorers[0].cursor
    bench.bar.layout.value = BESIDE
    bench.bar.kinds[1].value = "What if"
    assert [each.name for each in bench.explorers] == ["Chunk map", "What if"]
    assert [each.cursor for each in bench.explorers] == [at, at]


def test_file_is_opened_by_its_path_and_from_the_box():
    bench = Workbench(str(RECORDINGS / "small-1.jsonl"))
    assert len(bench.explorers[0].history.ops) == 100
    bench.bar.path.value = str(RECORDINGS / "gc-1.jsonl")
    assert {type(op) for op in bench.explorers[0].history.ops} >= {ops.RunGC}
    assert "gc-1.jsonl" in bench.about


@pytest.mark.parametrize("given", [EVIL, 17, []], ids=["path", "number", "list"])
def test_nonsense_is_one_error_in_the_workbench_and_shows_nothing(given):
    bench = Workbench(given)
    assert bench.error
    assert "\n" not in bench.error
    assert "<script>" not in bench._error.value
    assert bench.explorers == []
    bundle = bench._repr_mimebundle_()
    assert bench.error in bundle["text/plain"]
    assert pictures(bundle["text/html"]) == [f"Workbench: nothing chosen yet {bench.error}"]


def test_nonsense_leaves_what_was_shown(machine):
    bench = Workbench(machine)
    before = bench.explorers
    bench.bar.path.value = EVIL
    assert "can't be read" in bench.error
    assert bench.explorers == before
    bench.bar.path.value = str(RECORDINGS / "small-1.jsonl")
    assert bench.error == bench._error.value == ""


def test_scenario_is_chosen_and_tells_what_it_is_about():
    bench = Workbench()
    names = [label for label, _ in bench.bar.source.options]
    assert len([name for name in names if name.startswith("scenario: ")]) == len(scenarios())
    scenario = load_scenario("quarantine-is-kept-by-one-interior-pointer")
    bench.bar.source.label = f"scenario: {scenario.name}"
    assert len(bench.explorers[0].history.ops) == len(scenario.ops)
    assert scenario.about in bench._about.value
    bench.bar.path.value = str(RECORDINGS / "small-1.jsonl")
    assert bench.bar.source.label == parts.NOTHING
    bench.bar.source.label = f"scenario: {scenario.name}"
    assert (bench.bar.path.value, bench.about) == ("", f"{scenario.name}: {scenario.about}")


def test_scenario_that_go_would_not_start_is_told():
    bench = Workbench(load_scenario("init-chunk-of-partial-pages-throws"))
    assert "user arena chunk size is not a multiple" in bench.error


def test_cells_own_histories_are_offered(machine, monkeypatch):
    monkeypatch.setattr(parts, "cells", lambda: {"mine": machine})
    bench = Workbench()
    bench.bar.source.label = "cell: mine"
    bench.explorers[0].do(ops.NewArena(8))
    assert bench.given is machine
    later = Machine(GC_OFF).history
    monkeypatch.setattr(parts, "cells", lambda: {"mine": machine, "later": later})
    bench.bar.again.click()
    assert bench.given is machine
    bench.bar.source.label = "cell: later"
    assert bench.given is later


def test_error_of_an_explorer_is_told(machine, monkeypatch):
    bench = Workbench(machine)
    monkeypatch.setattr(Explorer, "view", lambda _: 1 / 0)
    bench.layout = BESIDE
    assert bench.error == "ZeroDivisionError: division by zero"
    assert len(bench.explorers) == 1


def test_text_and_picture_hold_both_explorers(machine):
    bench = Workbench(machine, layout=ABOVE)
    bundle = bench._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "text/plain", "text/html"}
    assert bundle["text/plain"] == bench.text() == repr(bench)
    assert all(each.text() in bench.text() for each in bench.explorers)
    light, dark = bench.still(), bench.still("dark")
    assert light.count("<svg") == 3
    assert light != dark
    assert Workbench(machine, layout=ONE).still().count("<svg") == 2


def test_every_control_has_a_name():
    bench = Workbench()
    controls = [control for line in bench.widget.children[:2] for control in line.children]
    assert all(getattr(it, "tooltip", "") or getattr(it, "value", "") for it in controls)
