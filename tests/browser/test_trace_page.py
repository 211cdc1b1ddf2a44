"""The page of `arenalab trace --html`: drawn with the network off, its movie steps, its colours follow the paper."""

import re
from pathlib import Path

import pytest

import arenalab
from arenalab.advice.report import report_of
from arenalab.explore.trace_page import save_report
from tests.browser.picture import is_no_wider

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SAMPLE = Path(__file__).parents[1] / "data/execution-traces/plain-go1.27.3.trace.gz"
BAR = "document.querySelector('.arenalab-report .bar i')"
FILL = f"() => getComputedStyle({BAR}).backgroundColor"


def test_page_is_whole_with_the_network_off(chromium, tmp_path):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, offline=True)
    page, errors, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(save_report(tmp_path / "told.html", report_of(arenalab.open(SAMPLE))).as_uri())
    page.wait_for_function("() => window.Bokeh?.documents.length")
    movie = page.locator(".arenalab-saved")
    movie.locator(".al-told").wait_for()
    before = movie.locator(".al-told").inner_text()
    movie.locator(".al-next").click()
    page.wait_for_function("t => document.querySelector('.al-told').innerText !== t", arg=before)
    assert re.match(r"Would an arena help\?", page.locator("h2").first.inner_text())
    page.set_viewport_size({"width": 390, "height": 844})
    is_no_wider(page, 390)
    assert max(row.bounding_box()["height"] for row in page.locator(".arenalab-report tr").all()) < 120
    assert page.locator(".bar").first.bounding_box()["width"] > 300
    light = page.evaluate(FILL)
    page.evaluate("() => document.body.setAttribute('data-jp-theme-light', 'false')")
    assert page.evaluate(FILL) != light
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []
    context.close()
