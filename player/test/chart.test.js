import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { arrived } from "../src/bokeh.js";
import { Chart } from "../src/chart.js";
import { chartPage, mountChart } from "../src/chart_page.js";
import { placed, scaled } from "../src/chart_axis.js";
import { sketch } from "../src/chart_map.js";
import { LINE, STATE, fakeBokeh } from "./fake_bokeh.js";

/** @type {ReturnType<typeof fakeBokeh>} */
let it_;
/** @type {any} */
let host;
/** @type {HTMLElement} */
let el;
/** @type {Chart} */
let chart;

afterEach(() => vi.useRealTimers());
beforeEach(async () => {
  it_ = fakeBokeh();
  /** @type {any} */ (window).Bokeh = it_.bokeh;
  host = { send: vi.fn(), goTo: vi.fn() };
  el = document.createElement("div");
  document.body.replaceChildren(el);
  chart = new Chart(el, host);
  await chart.show(STATE);
});

const press = (/** @type {string} */ key, more = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  el.dispatchEvent(event);
  return event.defaultPrevented;
};

describe("a chart", () => {
  it("leaves BokehJS nothing when it is made anew or closed", async () => {
    const { documents } = it_.bokeh, others = {};
    documents.unshift(others);
    await chart.show({ ...STATE, key: "another" });
    expect(documents).toEqual([others, it_.document]);
    chart.close();
    chart.close();
    expect(documents).toEqual([others]);
    expect(it_.document.clear).toHaveBeenCalledTimes(2);
  });

  it("takes over columns; what is no number lies nowhere", () => {
    expect(it_.source.data).toEqual({ x: [0, 5], y: [1, NaN] });
    expect(it_.figure.y_range.setv).toHaveBeenCalledWith({ start: 0, end: 9 });
    expect(it_.figure.title.text.text).toBe("upper");
  });

  it("moves the crosshair and writes values without asking anybody", () => {
    chart.at({ at: 42, said: "operation 42", values: { a: ["8 MiB"] } });
    expect(it_.span.location).toBe(42);
    expect(el.querySelector(".al-chart-value")?.textContent).toBe("8 MiB");
    expect(host.send).not.toHaveBeenCalled();
  });

  it("takes the colours of a paper", () => {
    expect(it_.glyph.line_color).toEqual({ value: "#111111" });
    document.body.dataset.jpThemeLight = "false";
    chart.paper();
    expect(it_.glyph.line_color).toEqual({ value: "#eeeeee" });
    delete document.body.dataset.jpThemeLight;
  });

  it("takes the paper that was chosen while bokeh was loading", async () => {
    it_.bokeh.embed.embed_item.mockImplementationOnce(async () => {
      document.body.dataset.jpThemeLight = "false";
      return new Set([{ model: { document: it_.document } }]);
    });
    await chart.show({ ...STATE, key: "another" });
    expect(it_.glyph.line_color).toEqual({ value: "#eeeeee" });
    delete document.body.dataset.jpThemeLight;
  });

  it("begins its titles at the edge where there is little room, but not those that end at the right", () => {
    Object.defineProperty(el, "clientWidth", { value: 390, configurable: true });
    chart.layOut();
    expect(it_.figure.title.offset).toBe(-72);
    it_.figure.title = { text: { text: "" }, align: "right", offset: 0 };
    chart.layOut();
    expect(it_.figure.title.offset).toBe(0);
  });

  it("keeps the document, zoom and hidden lines when data alone are new", async () => {
    chart.axis?.see([100, 200]);
    press("1");
    await chart.show({ ...STATE, columns: { a: { x: [0, 7], y: [1, 2] } }, whole: [0, 1200] });
    expect(it_.bokeh.embed.embed_item).toHaveBeenCalledTimes(1);
    expect([it_.range.start, it_.range.end, it_.range.bounds]).toEqual([100, 200, [0, 1200]]);
    expect(it_.line.visible).toBe(false);
    expect(it_.source.data.x).toEqual([0, 7]);
    await chart.show({ ...STATE, key: "another" });
    expect(it_.bokeh.embed.embed_item).toHaveBeenCalledTimes(2);
  });

  it("that shows a whole run shows it all when it grew", async () => {
    await chart.show({ ...STATE, whole: [0, 1200] });
    expect([it_.range.start, it_.range.end]).toEqual([0, 1200]);
  });

  it("follows a cursor that leaves the part that is seen", () => {
    chart.axis?.see([100, 200]);
    chart.at({ at: 150, said: "", values: {} });
    expect(it_.range.start).toBe(100);
    chart.at({ at: 500, said: "", values: {} });
    expect([it_.range.start, it_.range.end]).toEqual([450, 550]);
    chart.axis?.see([100, 200]); // the reader looks elsewhere, and the place is painted again
    chart.at({ at: 500, said: "", values: {} });
    expect([it_.range.start, it_.range.end]).toEqual([100, 200]);
  });

  it("goes where one clicks, to a whole step inside the run", () => {
    it_.tap(41.6);
    it_.tap(-3);
    it_.tap(1e9);
    expect(host.goTo.mock.calls).toEqual([[42, "operation"], [0, "operation"], [1000, "operation"]]);
  });

  it("hides a line with all that belongs to it, by click and by key", () => {
    const name = /** @type {HTMLElement} */ (el.querySelector(".al-chart-line"));
    name.click();
    expect([it_.line.visible, it_.go.visible, name.getAttribute("aria-checked")]).toEqual([false, false, "false"]);
    expect(press("1")).toBe(true);
    expect([it_.line.visible, name.getAttribute("aria-checked")]).toEqual([true, "true"]);
    expect(press("2")).toBe(false); // there is no second line
  });

  it("zooms about the cursor and moves by keys; arrows alone are the page's", () => {
    chart.at({ at: 800, said: "", values: {} });
    press("+");
    expect([it_.range.start, it_.range.end]).toEqual([400, 900]);
    press("ArrowLeft", { shiftKey: true });
    expect([it_.range.start, it_.range.end]).toEqual([275, 775]);
    press("0");
    expect([it_.range.start, it_.range.end]).toEqual([0, 1000]);
    expect([press("ArrowLeft"), press("1", { ctrlKey: true })]).toEqual([false, false]);
  });

  it("moves by W A S D as a scene does, and by its minimap, which shows the part that is seen", () => {
    chart.at({ at: 500, said: "", values: {} });
    for (const key of ["w", "W", "d"]) press(key);
    expect([it_.range.start, it_.range.end]).toEqual([437.5, 687.5]);
    for (const key of ["a", "s"]) press(key);
    expect([it_.range.start, it_.range.end]).toEqual([250, 750]);
    const map = /** @type {any} */ (el.querySelector(".al-chart-map"));
    const [part, here] = map.querySelectorAll("i");
    expect([map.hidden, part.style.left, part.style.width, here.style.left]).toEqual([false, "25%", "50%", "50%"]);
    map.getBoundingClientRect = () => ({ left: 100, width: 200 });
    const drag = (/** @type {string} */ kind, /** @type {number} */ clientX) => {
      map.dispatchEvent(Object.assign(new MouseEvent(kind, { clientX, buttons: 1 }), { pointerId: 1 }));
      return it_.range.start;
    };
    expect([drag("pointerdown", 220), drag("pointermove", 300), drag("pointermove", 100)]).toEqual([350, 500, 0]);
    expect(part.style.left).toBe("0%");
  });

  it("sketches a line from the left end to the right one, its highest value near the top", () => {
    expect(sketch([0, 50, 100], [0, 4, null], [0, 100])).toBe("0.00,100.0 50.00,8.0 100.00,100.0");
  });

  it("asks once for the details of a part, and for the whole again", async () => {
    vi.useFakeTimers();
    chart.axis?.see([100, 200]);
    chart.axis?.see([110, 210]);
    vi.advanceTimersByTime(300);
    chart.axis?.see([110, 210]);
    vi.advanceTimersByTime(300);
    expect(host.send.mock.calls).toEqual([[{ kind: "zoom", pane: "axis", start: 110, end: 210 }]]);
    press("0");
    vi.advanceTimersByTime(300);
    expect(host.send).toHaveBeenLastCalledWith({ kind: "zoom", pane: "axis", start: 0, end: 1000 });
  });

  it("that holds every value asks for nothing", async () => {
    await chart.show({ ...STATE, thinned: false });
    vi.useFakeTimers();
    chart.axis?.see([100, 200]);
    vi.advanceTimersByTime(300);
    expect(host.send).not.toHaveBeenCalled();
  });

  it("samples a line as it is drawn, with the page's own patterns", async () => {
    chart.legends.prefix = "s1-";
    const marked = { ...LINE, id: "b", marker: "square", filled: false, dash: "9 3" };
    await chart.show({ ...STATE, legend: [{ ...STATE.legend[0], lines: [LINE, marked] }] });
    const [first, second] = [...el.querySelectorAll(".al-chart-line svg")].map((svg) => svg.innerHTML);
    expect(first).toContain("url(#s1-h-series_0)");
    expect([second.includes('stroke-dasharray="9 3"'), second.includes("M8 1h10")]).toEqual([true, true]);
  });

  it("writes words as words", () => {
    expect(el.querySelector(".al-chart-told")?.textContent).toBe("a <b>sentence</b>");
    expect(el.querySelector(".al-chart-told b")).toBeNull();
    expect(el.getAttribute("aria-label")).toBe("a picture");
  });

  it("tells which points are selected by their rows, and selects what it is told", async () => {
    const columns = { a: { x: [1, 2, 3], y: [1, 2, 3], row: [7, 9, 40] } };
    await chart.show({ ...STATE, key: "dots", selects: ["a"], selected: [9], columns });
    expect(it_.source.selected.indices).toEqual([1]);
    vi.useFakeTimers();
    it_.source.selected.indices = [2, 0];
    it_.indices.emit();
    vi.advanceTimersByTime(100);
    expect(host.send).toHaveBeenCalledWith({ kind: "do", name: "select", rows: [7, 40] });
  });

  it("that cannot be drawn says so", async () => {
    it_.bokeh.embed.embed_item.mockRejectedValueOnce(new Error("planted"));
    await chart.show({ ...STATE, key: "broken" });
    expect(host.send).toHaveBeenCalledWith({ kind: "failed", text: "Error: planted" });
  });
});

describe("a chart alone", () => {
  it("is asked of the kernel, shown, and told of the paper", async () => {
    /** @type {(content: any) => void} */
    let hear = () => {};
    const model = { get: () => true, send: vi.fn(), on: (/** @type {string} */ _, /** @type {any} */ run) => (hear = run), off: vi.fn() };
    const place = document.createElement("div");
    document.body.append(place);
    const close = chartPage({ model, el: place });
    await vi.waitFor(() => expect(model.send).toHaveBeenCalledWith({ kind: "open", dark: false }));
    hear({ kind: "chart", chart: STATE });
    await vi.waitFor(() => expect(place.querySelector(".al-chart-line")?.textContent).toBe("alpha"));
    document.body.dataset.jpThemeLight = "false";
    await vi.waitFor(() => expect(it_.glyph.line_color).toEqual({ value: "#eeeeee" }));
    expect(model.send).toHaveBeenLastCalledWith({ kind: "paper", dark: true });
    delete document.body.dataset.jpThemeLight;
    close();
    expect(model.off).toHaveBeenCalled();
  });

  it("stands in a saved page", async () => {
    const place = document.createElement("div");
    place.innerHTML = `<script type="application/json">${JSON.stringify(STATE)}</script>`;
    await mountChart(place);
    expect(place.querySelector(".al-chart")?.getAttribute("aria-label")).toBe("a picture");
    it_.bokeh.embed.embed_item.mockRejectedValueOnce(new Error("planted"));
    place.innerHTML = `<script type="application/json">${JSON.stringify(STATE)}</script>`;
    await mountChart(place);
    expect(place.textContent).toBe("The chart cannot be shown: Error: planted");
  });
});

describe("BokehJS", () => {
  it("is asked for once, however many charts there are", async () => {
    /** @type {any} */ (window).Bokeh = undefined;
    const others = [0, 1].map(() => new Chart(document.createElement("div"), host));
    const shown = others.map((other) => other.show(STATE));
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
    expect(host.send.mock.calls).toEqual([[{ kind: "bokeh" }]]);
    /** @type {any} */ (window).Bokeh = it_.bokeh;
    arrived([]);
    await Promise.all(shown);
    expect(it_.bokeh.embed.embed_item).toHaveBeenCalledTimes(3);
  });
});

describe("a part of an axis", () => {
  it("is scaled about what is seen, and stays inside", () => {
    expect(scaled([0, 100], 0.5, [0, 100], 80)).toEqual([40, 90]);
    expect(scaled([40, 60], 10, [0, 100], NaN)).toEqual([0, 100]);
    expect(scaled([0, 8], 0.1, [0, 100], 500)).toEqual([2, 6]);
    expect(placed(90, 20, [0, 100])).toEqual([80, 100]);
  });
});
