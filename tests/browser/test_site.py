"""The site, from disk and with the network off: pages, films, links, search, papers; and what it is made of."""

import re

import pytest

from arenalab.draw.theme import EVERY_LOOK
from tests.browser.axe import keeps_nobody_out
from tests.browser.charted import COLOURS
from tests.browser.conftest import ARTIFACTS
from tests.browser.picture import is_no_wider
from tests.browser.reach import nameless
from tools import site

pytestmark = pytest.mark.browser

INDEX = """# %% [markdown]
# # A course of one chapter
#
# Begin with [chapter 1](01_small.ipynb); words are in the [glossary](glossary.md#chunk).
#
# One word is long: `GOEXPERIMENT=nogreenteagc,nosizespecializedmalloc,noneofthemistoolongforaphone`.
"""
SMALL = """# %% [markdown]
# # 1 · A small chapter
#
# About the *quarantine* list: `<script>window.pwned=1</script>` is text here.

# %%
import arenalab
from arenalab.explore import ChunkMap, LifeCycle
from arenalab.world.ops import New, NewArena

machine = arenalab.Machine(arenalab.GO_1_21)
machine.run([NewArena(0), *[New(0, arenalab.type_of('struct{ p *int "<script>window.pwned=2</script>" }'))] * 3])
print("3 values & <more>   in a row   of columns" + "." * 60)

# %%
print("a sentence of its own:", "and many words " * 9)

# %%
ChunkMap(machine)

# %%
LifeCycle(machine)

# %%
arenalab.explore.Types("struct{ on bool; next *int; name string }")

# %%
from arenalab.course.chart import Chart, Line

Chart("Time of nodes", "nodes", "ns", ("1", "10"), (Line("heap", (58.0, 50.0)), Line("arenas", (308.0, 62.0))))
"""
FILLER = "Words and words.\n\n" * 60
GLOSSARY = f'# Glossary\n\n{FILLER}## <a id="chunk"></a>chunk\n\nEight mebibytes of addresses.\n\n{FILLER}'
#: Is something cut at its right edge, until one moves it sideways?
CUT = "(what) => (({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)(document.querySelector(what))"
EDGES = """() => ({ scrolled: window.scrollY, header: document.querySelector("header").getBoundingClientRect().bottom,
  target: document.getElementById("chunk").getBoundingClientRect().top })"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A small site."""
    notebooks, folder = tmp_path_factory.mktemp("notebooks"), tmp_path_factory.mktemp("site")
    for name, text in (("index.py", INDEX), ("01_small.py", SMALL), ("glossary.md", GLOSSARY)):
        (notebooks / name).write_text(text, encoding="utf-8")
    site.make(folder, notebooks)
    return folder


@pytest.fixture
def offline(chromium, made):
    context = chromium.new_context(viewport={"width": 1280, "height": 1400}, offline=True)
    page, errors, asked = context.new_page(), [], []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda it: errors.append(it.text) if it.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.goto((made / "index.html").as_uri())
    yield page
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    context.close()


def test_site_links_lead_to_its_own_pages(made):
    for page in made.glob("*.html"):
        targets = re.findall(r'(?:href|src)="([^"#:]+)(?:#([^"]*))?"', page.read_text(encoding="utf-8"))
        assert targets
        assert [target for target, _ in targets if not (made / target).exists()] == []
        for target, anchor in targets:
            assert not anchor or f'id="{anchor}"' in (made / target).read_text(encoding="utf-8")


def test_no_page_is_wider_than_a_phone(offline, made):
    offline.set_viewport_size({"width": 390, "height": 844})
    for name in ("index", "01_small", "glossary"):
        offline.goto((made / f"{name}.html").as_uri())
        is_no_wider(offline, 390)
        keeps_nobody_out(offline)
    offline.goto((made / "01_small.html").as_uri())
    assert [offline.evaluate(CUT, kind) for kind in ("pre.columns", "pre.out:not(.columns)")] == [True, False]


def test_what_has_no_film_is_laid_out_for_a_phone_on_the_paper_that_was_chosen_on_another_page(offline):
    offline.set_viewport_size({"width": 390, "height": 844})
    assert offline.locator("nav li").filter(visible=True).count() == 0
    offline.click("nav summary")
    assert offline.locator("nav li").filter(visible=True).count() == 3
    offline.click("#paper")
    offline.click('nav >> text="1 · A small chapter"')
    offline.locator(".arenalab-dark .arenalab-w360 svg, .arenalab-dark .arenalab-w280 svg").filter(
        visible=True
    ).wait_for()
    assert offline.locator(".arenalab-light svg").filter(visible=True).count() == 0
    chart = offline.locator(".arenalab-chart")
    chart.get_by_role("checkbox", name="arenas").wait_for()
    assert chart.bounding_box()["width"] <= 366
    dark = EVERY_LOOK["series_0"].dark.edge
    offline.wait_for_function(f"dark => ({COLOURS})('line 0').includes(dark)", arg=dark)
    offline.screenshot(path=ARTIFACTS / "site_phone.png", full_page=True)


def test_site_steps_searches_and_changes_its_paper_offline(offline):
    offline.click('main >> text="chapter 1"')
    offline.locator(".arenalab-saved .al-told").nth(1).wait_for(timeout=20_000)
    offline.wait_for_timeout(500)
    first = offline.locator(".arenalab-saved").first
    end = first.locator(".al-told").inner_text()
    first.locator(".al-back").click()
    assert first.locator(".al-told").inner_text() != end
    first.locator(".al-next").click()
    assert first.locator(".al-told").inner_text() == end
    assert "3 values & <more>" in offline.locator("pre.out").first.inner_text()
    offline.screenshot(path=ARTIFACTS / "site_light.png")
    offline.click("#paper")
    offline.wait_for_timeout(300)
    offline.screenshot(path=ARTIFACTS / "site_dark.png")
    keeps_nobody_out(offline)
    offline.fill("#search", "eight mebi")
    offline.click('#found >> text="Glossary — chunk"')
    offline.wait_for_url("**/glossary.html")
    assert offline.evaluate("() => window.pwned") is None


def test_link_to_a_word_of_the_glossary_lands_below_the_header(offline):
    offline.click('main >> text="glossary"')
    offline.wait_for_url("**/glossary.html#chunk")
    places = offline.evaluate(EDGES)
    assert places["scrolled"] > 500
    assert places["target"] >= places["header"]
    keeps_nobody_out(offline)


def test_buttons_of_the_site_are_named(offline):
    assert nameless(offline.locator("header")) == []


def test_site_search_that_finds_nothing_says_so(offline):
    offline.fill("#search", "zebra <b>")
    assert offline.inner_text("#found").startswith("nothing found")
