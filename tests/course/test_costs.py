"""Measured costs as tables and charts, and what the notebooks tell in a line."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import arenalab
from arenalab.course.chart import Chart, Line
from arenalab.course.costs import load_costs
from arenalab.course.tell import go_changes, mapped_mib, scanned
from arenalab.errors import ScenarioError
from arenalab.explore.bundle import WIDGET
from arenalab.world.ops import Free, New, NewArena, Rep, RunGC
from tests.kept import pictures


def row(on, nodes, ns, **more):
    usual = {"live_mib": 32, "open": 1, "gogc": "100", "cycles": 3, "peak_rss_mib": 70}
    return {"on": on, "nodes": nodes, "cpu_ns": ns} | usual | more


DATA = Path(__file__).parents[2] / "notebooks" / "data"
MACHINE = {
    "cpu": "Z80",
    "processors": 1,
    "system": "CP/M",
    "go": "go1.21.13",
    "date": "1976-07-01",
    "rounds": 1,
}


@pytest.fixture
def costs(tmp_path):
    rows = [
        row("heap", 1, 60.0), row("arena", 1, 240.0), row("heap", 1000, 60.0), row("arena", 1000, 30.0),
        row("heap", 1000, 40.0, gogc="off"), row("arena", 1000, 40.0, gogc="off"),
    ]  # fmt: skip
    path = tmp_path / "costs.jsonl"
    lines = [{"machine": MACHINE}, {"pieces": {"bytes": {"node": 48}, "new node": 20.0}}, *rows]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return load_costs(path)


def test_break_even_lies_where_the_ratio_passes_one(costs):
    # A factor of 4 too dear at 1, of 2 too cheap at 1000: two thirds of the way, in ratios.
    assert costs.break_even() == pytest.approx(100)


def test_table_varies_one_setting_and_keeps_off_last(costs):
    assert [value for value, _, _ in costs.pairs("gogc")] == ["100", "off"]
    assert costs.table("gogc", "GOGC").splitlines()[2].split() == ["100", "60", "30", "3", "3", "70", "70"]
    with pytest.raises(ScenarioError, match="'weather' was not varied"):
        costs.pairs("weather")


def test_verdict_is_that_of_the_sizes_that_were_measured(costs):
    assert costs.verdict() == "an arena costs less from about 100 nodes on, at best 50% less, at 1,000 nodes"
    dear = replace(costs, rows=tuple(each for each in costs.rows if each["nodes"] == 1))
    assert dear.verdict() == "an arena costs more at every size, 300% more even at 1 node"
    cheap = replace(costs, rows=tuple(each for each in costs.rows if each["nodes"] == 1000))
    assert cheap.verdict() == "an arena costs less at every size, at best 50% less, at 1,000 nodes"


def test_machine_is_named(costs):
    assert costs.where() == "go1.21.13 on Z80, 1 processor, CP/M, 1976-07-01"


@pytest.mark.parametrize("text", ["", "{}\n{}\n", "not json\n", "[]\n[]\n"])
def test_file_without_costs_is_refused(tmp_path, text):
    path = tmp_path / "strange.jsonl"
    path.write_text(text)
    with pytest.raises(ScenarioError, match=r"strange\.jsonl: no measured costs .* tools.measure_costs"):
        load_costs(path)


def test_chart_tells_its_numbers_and_draws_them_to_scale(costs):
    chart = costs.chart("nodes", "Time", "nodes of a request")
    assert chart.text().splitlines() == [
        "Time (ns a value)", "  in arenas: 240, 30", "  on the heap: 60, 60", "  nodes of a request: 1, 1,000",
    ]  # fmt: skip
    bundle = chart._repr_mimebundle_()
    assert bundle["text/plain"] == chart.text() == repr(chart)
    assert pictures(bundle["text/html"]) == [" ".join(chart.text().split())]
    dots = [shape for shape in chart.scene().shapes if "<circle" in shape]
    ys = [float(shape.partition('cy="')[2].partition('"')[0]) for shape in dots]
    assert ys[0] < ys[2] == ys[3] < ys[1]
    # Equal ratios are equal distances: 240 to 60 is twice as far as 60 to 30.
    assert ys[2] - ys[0] == pytest.approx(2 * (ys[1] - ys[2]), abs=0.05)


def test_chart_escapes_its_words():
    chart = Chart("<script>", "a", "b", ("<b>", "2"), (Line("<i>", (1.0, 2.0)),))
    assert not any(tag in str(chart.still()) for tag in ("<script>", "<b>", "<i>"))


def test_chart_is_live_where_a_kernel_runs(costs):
    chart = costs.chart("nodes", "Time", "nodes of a request")
    assert set(chart._repr_mimebundle_()) == {WIDGET, "text/plain", "text/html"}
    live = chart.live()
    shown = live.page._chart
    assert [tuple(shown["columns"][f"line {at}"]["y"]) for at in range(2)] == [
        line.values for line in chart.lines
    ]
    assert shown["columns"]["line 0"]["t1"] == ["240 ns a value", "30 ns a value"]
    assert shown["columns"]["line 0"]["said"] == ["240", "30"]
    assert shown["label"] == "Time, ns a value"
    assert shown["across"] == ""  # nobody steps along it
    assert any(chart.text() in getattr(child, "value", "") for child in live.widget.children)


def test_scale_of_a_chart_is_said_to_be_logarithmic_and_the_first_line_is_whole(costs):
    [plot] = costs.chart("nodes", "Time", "nodes of a request").plots().every()
    assert (plot.upward.log, plot.upward.said()) == (True, "ns a value (log scale)")
    assert [line.dash for line in plot.lines] == ["", "7 4"]
    assert plot.across.ticks == ("1", "1,000")


def test_mapped_memory_is_what_free_left():
    machine = arenalab.Machine(arenalab.GO_1_21)
    machine.run([NewArena(0), Rep(0, arenalab.type_of("[2097152]byte"), 5)])
    assert mapped_mib(machine.world) == 16
    machine.do(RunGC())
    machine.do(Free(0))
    assert mapped_mib(machine.world) == 8


def test_an_empty_chunk_is_read_by_one_word_an_oblet_a_full_one_whole():
    machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1), in_bulk=True)
    machine.run([NewArena(0), New(0, arenalab.type_of("*int"))])
    assert scanned(machine.do(RunGC(detail=True))) == "64 bitmap words, work 8 bytes"
    machine.do(Rep(0, arenalab.type_of("[16384]*int"), 63))
    # 63 oblets of pointers and one word of the next, all read in full up to the last value's end.
    assert scanned(machine.do(RunGC(detail=True))) == "16129 bitmap words, work 8,257,544 bytes"


@pytest.mark.parametrize("go", ["1.22", "1.27"])
def test_a_scan_that_ends_at_ptrbytes_reads_no_word_behind_it(go):
    """Since Go 1.22 a chunk's last oblet is shorter than the others."""
    machine = arenalab.Lab(go, gogc="off", in_bulk=True)
    machine.run([NewArena(0), New(0, arenalab.type_of("*int"))])
    assert scanned(machine.do(RunGC(detail=True))) == "1 bitmap word, work 8 bytes"
    machine.do(Rep(0, arenalab.type_of("[16384]*int"), 62))
    assert scanned(machine.do(RunGC(detail=True))) == "15873 bitmap words, work 8,126,472 bytes"


def test_changes_are_those_that_go_recorded():
    recording = arenalab.load_recording(DATA / "quarantine-1.21.jsonl.gz")
    changes = go_changes(recording, "largeFreeCount")
    assert changes == [0, 0, 0, 0, 0, 3, 0, 0, 0, 0]
