"""Slides in a real browser, by keyboard: one at a time, from disk, nothing fetched, nothing wider than the page."""

import pytest

from tools import slides

pytestmark = pytest.mark.browser

WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
IS_SHOWN = "number => document.getElementById('number').textContent === number"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 800)])
def test_slides_are_walked_through_by_keyboard(tmp_path, chromium, width, height):
    [path] = slides.make(tmp_path, ["02_two_ends"])
    page = chromium.new_page(viewport={"width": width, "height": height})
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(path.as_uri())
    count = page.locator("section").count()
    for number in range(1, count + 1):
        page.wait_for_function(IS_SHOWN, arg=f"{number} / {count}")
        assert page.locator("section:visible").count() == 1
        assert not page.evaluate(WIDE), f"slide {number} is wider than the page"
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.wait_for_function(IS_SHOWN, arg=f"1 / {count}")
    assert page.locator("h1").is_visible()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert errors == []
    page.close()
