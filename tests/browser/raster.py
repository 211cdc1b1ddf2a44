"""The raster of the first explorer in an open notebook, as a reader meets it."""

from tests.browser.picture import EXPLORER, NAMES, at_rest

CANVAS = ".al-raster canvas[data-raster]"

#: A number for all pixels of the canvas.
PIXELS = f"""() => {{
  const canvas = document.querySelector('{CANVAS}');
  const words = new Uint32Array(canvas.getContext('2d').getImageData(0, 0, 1024, 1024).data.buffer);
  return words.reduce((sum, word, at) => (Math.imul(sum, 31) + word) | 0, 7);
}}"""
PIXEL = (
    f"""([x, y]) => [...document.querySelector('{CANVAS}').getContext('2d').getImageData(x, y, 1, 1).data]"""
)
RESTS = f"""() => document.querySelector('{CANVAS}')
  && document.querySelector('{EXPLORER}')?.dataset.last === '1'"""


class Raster:
    """What can be seen of it and done with it."""

    def __init__(self, tab):
        """Open its panel where it has one, and wait until it is painted."""
        self.page = tab.page
        self.root = tab.page.locator(EXPLORER).first
        tab.page.locator(f"{EXPLORER}[data-key]").first.wait_for(timeout=20_000)
        panel = self.root.get_by_role("button", name="All words")
        if panel.count():
            panel.click()
        self.canvas = self.root.locator(CANVAS)
        self.rests()

    def rests(self):
        """Wait until nothing is under way and the page has painted."""
        self.page.wait_for_function(RESTS, timeout=20_000)
        self.page.wait_for_timeout(150)

    def pixels(self):
        """Return a number that stands for all pixels."""
        return self.page.evaluate(PIXELS)

    def pixel(self, x, y):
        """Return the colour of one pixel of the canvas, "#rrggbb"."""
        return "#" + "".join(f"{part:02x}" for part in self.page.evaluate(PIXEL, [x, y])[:3])

    def changes(self, act):
        """Do something and wait until the raster has followed."""
        before = self.pixels()
        act()
        self.differs(before)

    def differs(self, before):
        """Wait until the pixels are others than before, and nothing is under way."""
        self.page.wait_for_function(f"before => ({PIXELS})() !== before", arg=before, timeout=30_000)
        self.rests()

    def click(self, name):
        """Press a button of the explorer."""
        self.changes(lambda: self.root.locator(f".al-{NAMES.get(name, name)}").click())

    def told(self):
        """Return the words about the word that is pointed at."""
        return self.root.locator(".al-raster-told").inner_text()

    def point(self, word, cells=1024, left=0, top=0):
        """Move the mouse to a word, of a view that shows `cells` across, where the canvas is when nothing moves it."""
        box = self.resting()
        at = [(word % 1024 - left + 0.5) / cells, (word // 1024 - top + 0.5) / cells]
        self.page.mouse.move(box["x"] + at[0] * box["width"], box["y"] + at[1] * box["height"])

    def resting(self):
        """Return the canvas's box once the page around it is laid out."""
        return at_rest(self.page, self.canvas.bounding_box)
