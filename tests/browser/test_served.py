"""`arenalab serve` in a browser, without a notebook: it steps, changes explorers, and says when nobody answers."""

from threading import Thread
from time import monotonic, sleep

import pytest

from arenalab.serving.server import Server
from tests.browser.axe import keeps_nobody_out
from tests.programs import RECORDINGS

pytestmark = [pytest.mark.browser, pytest.mark.brief]


@pytest.fixture
def server():
    with Server(RECORDINGS / "small-1.jsonl", "small-1.jsonl") as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield running
        running.shutdown()


def keys(page):
    return [root.get_attribute("data-key") for root in page.locator(".arenalab-explorer").all()]


def until(true, seconds=10):
    deadline = monotonic() + seconds
    while not true():
        assert monotonic() < deadline
        sleep(0.02)


def test_run_is_stepped_through_in_one_explorer_and_in_two(chromium, server):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(server.url)
    page.wait_for_function("document.querySelector('.arenalab-explorer')?.dataset.key === '0'")
    assert "Go 1.21, 100 operations, 323 events" in page.inner_text(".al-served-about")
    for step in (1, 2, 3):
        page.keyboard.press("ArrowRight") if step > 1 else page.click(".al-next")
        page.wait_for_function(f"document.querySelector('.arenalab-explorer')?.dataset.key === '{step}'")
    told = page.locator(".al-told").first
    heights = []
    page.set_viewport_size({"width": 420, "height": 1000})  # some sentences need two lines
    page.wait_for_timeout(1500)
    for step in range(4, 24):
        page.keyboard.press("ArrowRight")
        page.wait_for_function(f"document.querySelector('.arenalab-explorer')?.dataset.key === '{step}'")
        heights.append(told.bounding_box()["height"])
    assert heights == sorted(heights)  # what stands below moves down once, and not up and down
    assert heights[0] < heights[-1]
    page.set_viewport_size({"width": 1280, "height": 1000})
    page.select_option(".al-served-second", "Counters")
    page.wait_for_selector(".al-served-place:nth-of-type(3) .al-chart canvas", state="attached")
    page.locator(".al-last").first.click()
    page.wait_for_function(
        "[...document.querySelectorAll('.arenalab-explorer')].map((it) => it.dataset.key).join() === '100,100'"
    )
    page.select_option(".al-served-first", "Heap bitmap")
    page.wait_for_function("document.querySelector('.arenalab-explorer').ariaLabel === 'Heap bitmap'")
    page.wait_for_function("document.querySelector('.arenalab-explorer')?.dataset.key === '100'")
    page.locator(".al-more").first.click()
    with page.expect_download() as saved:
        page.locator("button:has-text('save SVG')").first.click()
    assert saved.value.path().read_text().startswith("<svg")
    assert keys(page) == ["100", "100"]
    page.route("**/send?*", lambda route: route.abort())
    page.locator(".al-first").first.click()
    page.wait_for_function("document.querySelector('.al-served-error')?.hidden === false")
    assert "does not answer" in page.inner_text(".al-served-error")
    page.unroute("**/send?*")
    page.goto("about:blank")
    until(lambda: server.views == {})
    assert errors == []
    context.close()


def test_page_is_read_on_a_dark_desktop(chromium, server):
    context = chromium.new_context(viewport={"width": 900, "height": 800}, color_scheme="dark")
    page = context.new_page()
    page.goto(server.url)
    page.wait_for_function("document.querySelector('.arenalab-explorer')?.dataset.key === '0'")
    keeps_nobody_out(page)
    context.close()


def test_what_a_page_offers_is_done(chromium, server):
    context = chromium.new_context(viewport={"width": 1280, "height": 1000}, accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page, told = context.new_page(), "document.querySelector('.al-told')?.innerText?"
    page.goto(server.url)
    root = page.locator(".arenalab-explorer")
    page.wait_for_function("document.querySelector('.arenalab-explorer')?.dataset.key === '0'")
    for _ in range(3):
        root.press("ArrowRight")
    page.wait_for_function(f"{told}.includes('operation 3 of')")
    root.locator(".al-more").click()
    copied = "() => navigator.clipboard.readText()"
    root.get_by_role("button", name="copy text").click()
    page.wait_for_function(
        "async () => (await navigator.clipboard.readText()).startsWith('Chunk map, operation 3')"
    )
    for words, start in (("save PNG", b"\x89PNG"), ("save SVG", b"<svg"), ("save page", b"<!doctype html>")):
        with page.expect_download() as saved:
            root.get_by_role("button", name=words).click()
        assert saved.value.path().read_bytes().startswith(start)
    root.get_by_role("button", name="copy link").click()
    page.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('http')")
    link = page.evaluate(copied)
    root.locator(".al-fit").select_option(index=1)
    root.get_by_role("button", name="undo").click()
    page.wait_for_function("document.querySelector('.al-fit')?.selectedIndex === 0")
    root.get_by_role("button", name="full screen").click()
    page.wait_for_function("document.fullscreenElement?.matches('.arenalab-explorer')")
    root.press("f")
    page.wait_for_function("!document.fullscreenElement")
    root.press("?")
    assert root.get_by_role("dialog").is_visible()
    page.keyboard.press("Escape")
    assert not root.get_by_role("dialog").is_visible()
    other = context.new_page()
    other.goto(link)
    other.wait_for_function(f"{told}.includes('operation 3 of')")
    context.close()
