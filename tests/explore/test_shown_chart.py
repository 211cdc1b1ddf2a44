"""A chart in a notebook: it is sent when a page opens, named, and hides no error."""

import numpy as np
import pytest

from arenalab.draw.plots import Axis, Line, Plot, Plots
from arenalab.explore.shown_chart import ShownChart
from arenalab.player.bokeh_text import bokeh_html, scripts
from arenalab.player.chart_page import ChartPage, chart_html

LINE = Line("a", "</script><b>", "series_0", np.array([1, 2]), np.array([3, 4]))
PLOTS = Plots("A <chart>", ((Plot("title", Axis("x", 1, 2), Axis("y", 0, 4), (LINE,)),),))


@pytest.fixture
def sent(monkeypatch):
    sent = []
    monkeypatch.setattr(ChartPage, "send", lambda _, content, **__: sent.append(content))
    return sent


@pytest.fixture
def shown():
    return ShownChart(PLOTS, "it is at 1, <b>2</b>")


def tell(shown, **content):
    shown.page._hear(None, content, [])


def test_chart_is_sent_to_each_page_that_opens_and_to_no_other(shown, sent):
    assert sent == []
    tell(shown, kind="open", dark=True)
    tell(shown, kind="paper", dark=False)  # the page has the colours of both papers
    assert [(it["kind"], it["chart"]["label"]) for it in sent] == [("chart", "A <chart>")]
    tell(shown, kind="open", dark=False)
    assert sent[0] == sent[1]


def test_page_gets_bokehs_script_when_it_asks(shown, sent):
    tell(shown, kind="open", dark=False)
    tell(shown, kind="bokeh")
    assert sent[1] == {"kind": "bokeh", "scripts": scripts()}


def test_failure_of_the_page_stands_above_it(shown):
    tell(shown, kind="failed", text="no <canvas>")
    assert "could not draw: no &lt;canvas&gt;" in shown.widget.children[0].value


def test_words_for_screen_readers_are_escaped(shown):
    [words] = [it.value for it in shown.widget.children if "arenalab-live" in getattr(it, "value", "")]
    assert "<b>" not in words


def test_saved_chart_and_bokeh_end_no_script_early():
    chart = chart_html(ShownChart(PLOTS, "").page._chart)
    assert chart.count("</script") == 1
    assert "<b>" not in chart
    assert bokeh_html().count("</script") == 1
