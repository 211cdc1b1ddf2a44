"""The advice explorer: what is selected comes back, by hand and by choice; what it saves, refuses and leaves behind."""

from html import escape

import numpy as np
import pytest

from arenalab.draw import advice_plots as drawing
from arenalab.errors import ArgumentError, NoSuchError, ScenarioError
from arenalab.explore import Advice
from arenalab.notebook_parts import WIDGET
from tests.intake.making import batch, leb, trace
from tests.kept import pictures
from tests.recorded import ORDERS, evil_run, read, run_of, strings


@pytest.fixture
def advice():
    return Advice(run_of(ORDERS))


def hear(advice, **content):
    advice.chart_page._hear(None, content, [])


def test_points_selected_in_the_page_come_back_as_records(advice):
    assert len(advice.selection) == 0
    hear(advice, kind="do", name="select", rows=[1, 0])
    assert isinstance(advice.selection, np.recarray)
    assert advice.selection.scope.tolist() == [1, 0]
    assert advice.selection[0].escapes == 4
    assert advice.selection.dtype.names == (
        "scope", "goroutine", "begin", "lasts", "objects", "bytes", "dead", "escapes", "undecided",
    )  # fmt: skip
    assert (advice.error, advice.select.value) == ("", "custom")


def test_lifetimes_are_those_of_the_selected_scopes(advice):
    every = advice.chart()["columns"]["surely"]
    advice.selected = (0,)
    chart = advice.chart()
    assert chart["columns"]["surely"] != every
    assert "1 of 60 scopes selected" in chart["titles"][-1]
    assert chart["selected"] == [0]
    advice.selected = ()
    assert advice.chart()["columns"]["surely"] == every


def test_choices_select_without_a_mouse(advice):
    advice.select.value = "something escapes"
    assert (advice.selection.escapes > 0).all()
    assert len(advice.selection) == 10
    assert advice.chart()["selected"] == list(advice.selected)
    advice.select.value = "the largest tenth"
    assert len(advice.selection) == 6
    assert advice.selection.bytes.min() >= np.sort(advice.view().points.bytes)[-6]
    advice.select.value = "no scope"
    assert advice.selected == ()


def test_another_kind_has_other_points_and_no_selection(advice):
    advice.selected = (1, 2)
    advice.kind = next(kind for kind in advice.run.scopes() if kind != "http")
    assert advice.selected == ()
    columns = advice.chart()["columns"]
    assert sum(len(columns[name]["x"]) for name in advice.chart()["selects"]) == len(
        advice.run.found[advice.kind]
    )
    assert "60 scopes, " in advice.words.value
    with pytest.raises(NoSuchError, match="scope"):
        advice.kind = "task nothing"


def test_what_the_page_has_is_not_sent_again(advice, monkeypatch):
    sent = []
    monkeypatch.setattr(advice.chart_page, "send", sent.append)
    hear(advice, kind="open", dark=True)
    assert advice.paper == "dark"
    [first] = sent
    assert set(first["chart"]["selects"]) < set(first["chart"]["columns"])
    hear(advice, kind="do", name="select", rows=[4])
    [_, second] = sent
    assert second["chart"]["key"] == first["chart"]["key"]
    assert set(second["chart"]["columns"]) == {
        "surely",
        "perhaps",
        "between",
        "probe 2",
    }  # the curves, no point
    hear(advice, kind="do", name="select", rows=[4])
    assert len(sent) == 2
    hear(advice, kind="failed", text="no canvas")
    assert "no canvas" in advice.error


def test_another_view_gets_all_of_it(advice, monkeypatch):
    sent = []
    monkeypatch.setattr(advice.chart_page, "send", sent.append)
    for _ in range(2):
        hear(advice, kind="open", dark=False)
    assert sent[0] == sent[1]
    hear(advice, kind="bokeh")
    assert "Bokeh" in sent[2]["scripts"][0]


def test_of_scopes_that_are_not_all_drawn_the_right_ones_come_back(monkeypatch):
    monkeypatch.setattr(drawing, "MOST", 20)
    advice = Advice(run_of(ORDERS))
    chart = advice.chart()
    rows = sorted(row for name in chart["selects"] for row in chart["columns"][name]["row"])
    assert len(rows) < 60
    hear(advice, kind="do", name="select", rows=rows[7:8])
    assert advice.selected == (rows[7],) != (7,)
    assert "of them are not drawn" in advice.chart()["titles"][-1]


def test_wrong_selections_are_refused_and_change_nothing(advice):
    advice.selected = (3,)
    for wrong in ((60,), (-1,), ("a",)):
        with pytest.raises((NoSuchError, ArgumentError)):
            advice.selected = wrong
    assert advice.selected == (3,)


def test_verdict_is_what_the_run_is_advised_and_says_when_there_are_no_costs(advice, monkeypatch):
    lines = list(advice.run.advise("http").lines())
    assert "\n".join(lines) in advice.text()
    assert escape(lines[0]) in advice.words.value
    assert advice.text().index(lines[0]) < advice.text().index("http: 60 scopes")

    def refuse(*_, **__):
        raise ScenarioError("there are no costs of <b>Go</b>")

    monkeypatch.setattr(type(advice.run), "advise", refuse)
    other = Advice(advice.run)
    assert "no forecast: there are no costs of &lt;b&gt;Go" in other.words.value
    assert other.error == ""


def test_trace_without_scopes_says_so():
    info = batch(b"\x01" + b"".join(map(leb, (0xC000000000, 8192, 8, 2048))), experiment=1)
    advice = Advice(read(trace(info, batch(b"\x32\x08" + leb(15_625_000)), strings("x"))))
    assert "this trace holds no scopes" in advice.text()
    assert advice.still().startswith("<svg")
    assert len(advice.selection) == 0


def test_bundle_is_widget_words_and_picture_and_names_are_escaped():
    advice = Advice(evil_run())
    bundle = advice._repr_mimebundle_()
    assert set(bundle) == {WIDGET, "text/plain", "text/html"}
    [alt] = pictures(bundle["text/html"])
    assert alt.startswith("Advice, task main.")
    for html in (bundle["text/html"], advice.words.value):
        assert "<script" not in html
        assert "<img src=x" not in html
