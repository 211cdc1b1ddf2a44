"""A scene in a real JupyterLab: shapes keep their nodes, words are words, click and Enter choose, papers differ."""

import pytest

from tests.browser.picture import EXPLORER, ScenePicture, write_notebook

pytestmark = pytest.mark.browser

CODE = """
from dataclasses import dataclass
from arenalab import Machine
from arenalab.draw.scene import WIDTH, Scene
from arenalab.explore import Explorer
from arenalab.view.reading import Reading, reading
from arenalab.world.ops import NewArena

EVIL = "</title><script>window.pwned=1</script><img src=x onerror=window.pwned=2>"

@dataclass
class Seen:
    reading: Reading
    focus: int
    def text(self):
        return self.reading.text()

class Bars(Explorer):
    name = "Bars"
    meanings = ("state_ready", "state_fault")
    chosen = ""
    def view_of(self, place):
        return Seen(reading(self.history, place.cursor, place.op), 0)
    def draw(self, view, width=WIDTH):
        scene = Scene(120, "Bars", width=width)
        for bar in range(4):
            meaning = "state_fault" if bar < view.reading.op + 1 else "state_ready"
            scene.area((20 + 60 * bar, 10, 50, 40), meaning, tip=f"bar {bar} {EVIL}", tap=f"bar {bar}")
        scene.text(20, 100, self.chosen or EVIL)
        return scene
    def on_choose(self, key):
        if key == "bar 3":
            raise ValueError("planted")
        self.chosen = f"chosen: {key}"
        self.render()

machine = Machine()
machine.run([NewArena(0), NewArena(1), NewArena(2)])
bars = Bars(machine)
bars
"""


@pytest.fixture
def shown(open_notebook, lab_root):
    write_notebook(lab_root, "scene.ipynb", CODE)
    tab = open_notebook("scene.ipynb").run_all()
    return tab, ScenePicture(tab)


def test_scene_steps_back_to_the_identical_picture_and_keeps_what_stays(shown):
    tab, picture = shown
    end = picture.drawn()
    picture.shape("bar 0").evaluate("it => { it.dataset.kept = 'yes'; }")
    picture.click("back")
    assert picture.shape("bar 0").get_attribute("data-kept") == "yes"
    picture.click("step")
    picture.shape("bar 0").evaluate("it => { delete it.dataset.kept; }")
    assert picture.drawn() == end
    assert tab.errors == []


def test_scene_tells_and_is_chosen_by_mouse_and_keyboard(shown):
    tab, picture = shown
    assert picture.hovers("bar 1").startswith("bar 1 </title><script>window.pwned=1</script>")
    tab.screenshot("scene_hover", EXPLORER)
    picture.changes(lambda: picture.shape("bar 1").click(force=True))
    assert "chosen: bar 1" in picture.drawn()
    picture.root.locator("svg.al-scene").focus()
    for _ in range(3):  # the first arrow goes to the first bar
        tab.page.keyboard.press("ArrowRight")
    picture.press("Enter")
    assert "chosen: bar 2" in picture.drawn()
    picture.shape("bar 3").click(force=True)
    picture.root.get_by_text("ValueError: planted").wait_for()
    assert tab.page.evaluate("() => window.pwned") is None
    assert tab.errors == []


LOSE = """
page = bars.page_shown
page.send = lambda *_, **__: None
{}
del page.send
"""
UNHEARD = "a shape that the page never heard of"


def test_scene_whose_message_was_lost_on_the_way_is_drawn_anew(shown):
    tab, picture = shown
    picture.click("first")
    tab.page.wait_for_timeout(400)
    tab.ask(LOSE.format(f"bars.chosen = '{UNHEARD}'; bars.render()"))
    picture.changes(lambda: tab.ask("bars.go(bars.stepper.place(2))"))
    assert picture.told().startswith("operation 2 of 3")
    drawn = picture.drawn()
    assert UNHEARD in drawn
    picture.click("step")
    picture.click("back")
    assert picture.drawn() == drawn
    assert tab.errors == []


def test_scene_has_the_colours_of_its_paper(shown):
    tab, picture = shown
    fill = "it => getComputedStyle(it.querySelector('rect')).fill"
    light, drawn = picture.shape("bar 0").evaluate(fill), picture.drawn()
    tab.theme("JupyterLab Dark")
    assert picture.shape("bar 0").evaluate(fill) != light
    assert picture.drawn() == drawn
    tab.page.wait_for_timeout(300)
    tab.screenshot("scene_dark", EXPLORER)
    assert tab.errors == []
