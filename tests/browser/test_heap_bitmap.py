"""The heap bitmap in a real JupyterLab: it draws, steps there and back, turns its page, and is safe to look at."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import replace

import arenalab
from arenalab.explore import HeapBitmap
from arenalab.world.ops import MakeSlice, New, NewArena

names = (
    'struct{ p *int "<script>window.pwned=1</script><img src=x onerror=window.pwned=2>"; q [40]*int; n [9]int }',
    "[7]*int", "struct{ p *int; n, m int }",
)
evil, seven, triple = map(arenalab.type_of, names)
machine = arenalab.Machine(replace(arenalab.GO_1_21, gogc=-1))
machine.run([NewArena(0), New(0, evil), New(0, seven), MakeSlice(0, triple, 60), New(0, seven)])
HeapBitmap(machine)
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "heap_bitmap.ipynb", CODE)
    tab = open_notebook("heap_bitmap.ipynb").run_all()
    return tab, ScenePicture(tab)


def test_heap_bitmap_steps_back_to_the_identical_picture_on_either_paper(shown):
    tab, picture = shown
    picture.steps_back_to_itself()
    picture.root.locator(".al-unit").select_option(label="event")
    picture.root.locator("[aria-valuetext^='event ']").wait_for()  # until then a step is one of operations
    last = picture.event()
    for back in range(1, 5):  # the last event of an allocation draws nothing new here
        picture.root.locator(".al-back").click()
        picture.root.get_by_text(f"event {last - back} of {last}").wait_for()
    tab.page.wait_for_timeout(500)
    picture.is_the_same_on_either_paper(tab, "heap_bitmap")
    assert tab.errors == []


def test_heap_bitmap_keys_turn_the_page_and_step(shown):
    tab, picture = shown
    picture.root.focus()
    end = picture.drawn()
    picture.press("ArrowDown")
    assert "words 8 to 15 of 16,384" in picture.drawn()
    picture.press("ArrowUp")
    assert picture.drawn() == end
    picture.press("Home")
    assert "no chunk yet" in picture.drawn()
    picture.press("End")
    assert picture.drawn() == end
    assert tab.errors == []


def test_heap_bitmap_buttons_turn_the_page(shown):
    tab, picture = shown
    end = picture.drawn()
    for word, said in ((8, "words 8 to 15 of 16,384"), (0, "words 0 to ")):
        picture.changes(picture.root.locator(f'[data-tap="word {word}"]').click)
        assert said in picture.drawn()
    assert picture.drawn() == end
    assert tab.errors == []


def test_heap_bitmap_hover_tells_the_bit_and_runs_no_script(shown):
    tab, picture = shown
    text = picture.hovers("bit 0 of word 0").splitlines()
    assert text[:2] == ["bit 0 of word 0", "1: the collector follows what stands here"]
    assert text[2].startswith("0x40c000000000: word 0 of a value of type struct")
    assert "<script>window.pwned=1</script>" in text[2]
    tab.screenshot("heap_bitmap_hover", EXPLORER)
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []
