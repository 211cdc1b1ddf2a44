"""A chart in an open page, as a reader meets it: what bokeh shows, where a value is on the screen, what is told."""

CHART = ".al-chart[data-shown]"
#: A document of bokeh by what it holds; the first that is shown.
FIND = """
const views = (it, wanted) => [
  ...(wanted(it) ? [it] : []), ...[...(it.child_views ?? [])].flatMap((each) => views(each, wanted)),
];
const roots = [...Object.values(window.Bokeh.index.roots ?? window.Bokeh.index)];
const figures = roots.flatMap((root) => views(root, (it) => it.frame !== undefined && it.canvas_view));
const models = [...new Set(figures.flatMap((it) => [...it.model.document.all_models]))];
const named = (name) => models.filter((it) => it.name === name);
const source = (name) => named(name).find((it) => "data" in it);
const drawn = (name) => named(name).filter((it) => "glyph" in it);
const chosen = (name) => source(name).selected.indices.map((at) => source(name).data.row[at]);
const ends = (it) => [it.start, it.end];
"""
PLACE = f"""([title, x, y]) => {{ {FIND}
  const view = figures.find((it) => it.model.title.text.text.startsWith(title));
  const box = view.canvas_view.el.getBoundingClientRect(), {{ x_scale, y_scale }} = view.frame;
  return [box.x + x_scale.compute(x), box.y + y_scale.compute(y)];
}}"""
SEEN = f"(name) => {{ {FIND} return drawn(name).map((it) => it.visible); }}"
DATA = f"(name) => {{ {FIND} return Array.from(source(name).data.x); }}"
COLOURS = f"(name) => {{ {FIND} return drawn(name).map((it) => it.glyph.line_color?.value ?? ''); }}"
RANGES = f"() => {{ {FIND} return figures.map(({{ model }}) => [model.x_range, model.y_range].map(ends)); }}"
SPANS = f"() => {{ {FIND} return [...new Set(named('cursor').map((it) => it.location))]; }}"


class Charted:
    """The first chart of a page, within `root`."""

    def __init__(self, page, root):
        """Wait until it is shown."""
        self.page, self.root = page, root
        self.chart = root.locator(CHART).first
        self.chart.wait_for(timeout=20_000)
        page.wait_for_timeout(400)
        self.asked = []
        page.on("request", lambda request: self.asked.append(request.url))

    def ask(self, what, *given):
        """Return what a piece of JavaScript answers."""
        return self.page.evaluate(what, *given)

    def at(self, title, x, y):
        """Return where a value of a plot is on the screen."""
        return self.ask(PLACE, [title, x, y])

    def waits(self, what, wanted, given=None):
        """Wait until a piece of JavaScript answers what is wanted."""
        same = f"([given, wanted]) => JSON.stringify(({what})(given)) === JSON.stringify(wanted)"
        self.page.wait_for_function(same, arg=[given, wanted])

    def hovers(self, title, x, y):
        """Point at a value and return what is shown there."""
        tip = self.page.locator(".al-chart-tip").last
        for _ in range(10):  # a picture that is drawn again meanwhile has lost the pointer
            left, top = self.at(title, x, y)
            self.page.mouse.move(left + 1, top + 1)
            self.page.mouse.move(left, top)
            self.page.wait_for_timeout(500)
            if tip.is_visible():
                break
        tip.wait_for()
        return tip.inner_text().split("\n")

    def values(self):
        """Return line -> the values at the cursor that stand beside it, in all plots."""
        rows = self.root.locator(".al-chart-legend tr:has(button)")
        told = [row.locator("th, td").all_inner_texts() for row in rows.all()]
        return [(name.strip(), *values) for name, *values in told]

    def name(self, name):
        """Return the first name of a line."""
        return self.root.get_by_role("checkbox", name=name).first

    def zooms(self, most):
        """Turn the wheel three times, ctrl held, and wait until the chart shows a part of fewer values than that."""
        self.page.keyboard.down("Control")
        for _ in range(3):
            self.page.mouse.wheel(0, -300)
        self.page.keyboard.up("Control")
        near = "([it, most]) => { const [a, b] = (it.dataset.part ?? '').split(' '); return b - a < most; }"
        self.page.wait_for_function(near, arg=[self.chart.element_handle(), most])

    def part(self):
        """Return the first and the last that the axis shows."""
        return [int(it) for it in self.chart.get_attribute("data-part").split()]

    def foreign(self):
        """Return what was asked of somebody else than this machine."""
        return [
            url
            for url in self.asked
            if not url.startswith(("http://localhost", "http://127.0.0.1", "data:", "blob:", "file:"))
        ]
