import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { make } from "../src/dom.js";
import { Page } from "../src/page.js";
import { FakeStore } from "./fake_store.js";

/** @type {Page} */
let page;
/** @type {FakeStore} */
let store;
/** @type {HTMLElement} */
let root;

const CONTROLS = [
  { name: "unit", kind: "choice", label: "by", value: "operation", options: [["operation", "operation"], ["event", "event"]], place: "bar" },
  { name: "follow", kind: "toggle", label: "follow", value: true, place: "more" },
  { name: "chunk", kind: "number", label: "inside chunk", value: 0, min: 0, max: 7, place: "more" },
];
const listing = { lines: [["p1 := 1", 0, 0], ["p2 := 2", 1, 0]] };
const find = (/** @type {string} */ selector) => /** @type {any} */ (root.querySelector(selector));
const press = (/** @type {string} */ key, from = /** @type {Element} */ (root)) =>
  from.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const sent = (/** @type {string} */ kind) => store.sent.filter((it) => it.kind === kind);

beforeEach(async () => {
  vi.useFakeTimers();
  root = make("div", "");
  document.body.replaceChildren(root);
  store = new FakeStore(9, /** @type {any} */ ({ controls: CONTROLS, listing, breakpoints: [], finds: ["ObjectAllocated"] }));
  store.prompt = true;
  page = new Page(root, store);
  await page.open();
  await vi.advanceTimersByTimeAsync(600);
});
afterEach(() => {
  page.close();
  vi.useRealTimers();
});

test("keys step, and the words, the slider and the picture follow", async () => {
  press("ArrowRight");
  await vi.advanceTimersByTimeAsync(200);
  expect(find(".al-sentence").textContent).toBe("step 1 happens");
  expect([find(".al-slider").value, find(".al-jump").value, find(".al-end").textContent]).toEqual(["1", "1", "/ 9"]);
  expect(find(".al-scene").getAttribute("aria-label")).toBe("picture 1");
  expect(find(".al-live").textContent).toBe("step 1 happens");
  expect([root.dataset.key, root.dataset.last]).toEqual(["1", "1"]);
});

test("a slider says where it stands in words", () => {
  expect(find(".al-slider").getAttribute("aria-valuetext")).toBe("operation 0 of 9: step 0 happens");
});

test("what is said is text, never HTML", () => {
  page.told.show({ sentence: "<img src=x onerror=alert(1)>", call: "<b>", kind: "<i>", remarks: ["<u>"], go: { name: "f", url: "javascript:alert(1)" } });
  expect(root.querySelectorAll(".al-told img, .al-told i, .al-told u, .al-told a").length).toBe(0);
});

test("lines of the program begin where the outermost of them does", () => {
  page.told.show({ sentence: "", source: [[9, "\t\tfor {", false], [10, "\t\t\ta.Free()", true], [11, "", false]], lines: 3 });
  expect([...root.querySelectorAll(".al-source > div")].map((it) => it.textContent)).toEqual(["     9  for {", "▸   10  \ta.Free()", "    11  "]);
});

test("the row of controls is one stop of Tab, and every control has a name", () => {
  const bar = find(".al-bar");
  const controls = [...bar.querySelectorAll("button, input, select")];
  expect(controls.filter((it) => it.tabIndex === 0).length).toBe(1);
  for (const it of root.querySelectorAll("button, input, select")) {
    const name = it.getAttribute("aria-label") || it.textContent?.trim() || /** @type {any} */ (it).labels?.[0]?.textContent.trim();
    expect(name, it.outerHTML).toBeTruthy();
  }
  controls[0].focus();
  press("ArrowRight", controls[0]);
  expect(document.activeElement).toBe(controls[1]);
  expect(controls[1].tabIndex).toBe(0);
  expect(page.frame?.key).toBe("0");
});

test("a control tells its value, and takes the kernel's", () => {
  const unit = find(".al-unit");
  unit.selectedIndex = 1;
  unit.dispatchEvent(new Event("change"));
  find(".al-follow").click();
  expect(sent("set")).toEqual([{ kind: "set", name: "unit", value: "event" }, { kind: "set", name: "follow", value: false }]);
  store.hear({ kind: "state", epoch: 0, controls: CONTROLS.map((it) => (it.name === "chunk" ? { ...it, value: 5 } : it)) });
  expect(find("input.al-chunk").value).toBe("5");
  expect(find(".al-unit")).toBe(unit);
});

test("Enter sets a number; one that is emptied, or refused, shows again what holds", () => {
  const field = find("input.al-chunk");
  field.focus();
  const typed = (/** @type {string} */ value, /** @type {string} */ key) => {
    field.value = value;
    press(key, field);
  };
  typed("3", "Enter");
  field.dispatchEvent(new Event("change")); // as browsers tell it, too
  expect(sent("set")).toEqual([{ kind: "set", name: "chunk", value: 3 }]);
  store.hear({ kind: "state", epoch: 0, controls: CONTROLS.map((it) => (it.name === "chunk" ? { ...it, value: 3 } : it)) });
  typed("99", "Enter");
  store.hear({ kind: "state", epoch: 0, error: "chunk is 99; it must be one of 0 to 7" });
  expect(field.value).toBe("3");
  typed("", "Enter");
  expect(field.value).toBe("3");
  typed("", "Tab");
  field.blur();
  expect(field.value).toBe("3");
  typed("6", "Escape");
  expect([field.value, sent("set").length]).toEqual(["3", 2]);
});

test("where the row is narrow, what else there is to choose stands in the panel", () => {
  expect(find(".al-bar .al-unit")).not.toBeNull();
  page.controls.fit(true);
  expect([find(".al-bar .al-unit"), find(".al-more-panel .al-unit") !== null]).toEqual([null, true]);
});

test("where the page stands is told before anything else is asked", async () => {
  press("ArrowRight");
  find(".al-follow").click();
  expect(store.sent.slice(-2).map(({ kind }) => kind)).toEqual(["moved", "set"]);
});

test("find, and a breakpoint that is listed and cleared", () => {
  page.more();
  find(".al-find").value = "0xc000";
  press("n");
  find(".al-stop").click();
  expect(sent("do")).toEqual([
    { kind: "do", name: "find", text: "0xc000", forwards: true }, { kind: "do", name: "break", text: "0xc000", on: true },
  ]);
  store.hear({ kind: "state", epoch: 0, breakpoints: [{ text: "0xc000", count: 1200 }] });
  expect(find(".al-stops").textContent).toContain("0xc000: 1,200 matches");
  find(".al-stops button").click();
  expect(sent("do").at(-1)).toEqual({ kind: "do", name: "break", text: "0xc000", on: false });
});

test("an error of the kernel stands in the page until it is gone", () => {
  store.hear({ kind: "state", epoch: 0, error: "no such <chunk>" });
  expect([find(".al-error").hidden, find(".al-error").textContent]).toEqual([false, "no such <chunk>"]);
  store.hear({ kind: "state", epoch: 0, error: "" });
  expect(find(".al-error").hidden).toBe(true);
});

test("the program opens beside the picture; a click on a line goes behind its operation", async () => {
  find(".al-tab-program").click();
  expect(find(".al-side").hidden).toBe(false);
  find(".al-line[data-line='1'] code").click();
  await vi.advanceTimersByTimeAsync(100);
  expect(page.frame?.key).toBe("2");
  expect(find(".al-line[aria-current]").dataset.line).toBe("1");
});

test("the words of the picture are asked for where they are seen, and follow", async () => {
  expect(sent("words")).toEqual([]);
  find(".al-tab-words").click();
  await vi.advanceTimersByTimeAsync(100);
  expect(sent("words")).toEqual([{ kind: "words", key: "0" }]);
  store.hear({ kind: "words", key: "0", text: "a <b>" });
  expect(find(".al-words-text").textContent).toBe("a <b>");
});

test("what an explanation is one hover or one focus away from", () => {
  find(".al-key").dispatchEvent(new Event("focusin", { bubbles: true }));
  expect([find(".al-tip").hidden, find(".al-tip").textContent]).toEqual([false, "nothing lies there"]);
  find(".al-event").dispatchEvent(new Event("focusin", { bubbles: true }));
  expect(find(".al-tip").textContent).toBe("an object is made");
});

test("keys go on stepping where what had the focus is drawn anew", async () => {
  find(".al-event").focus();
  press("ArrowRight", /** @type {Element} */ (document.activeElement));
  press("ArrowRight", /** @type {Element} */ (document.activeElement));
  await vi.advanceTimersByTimeAsync(100);
  expect(page.frame?.key).toBe("2");
  expect(document.activeElement).toBe(find(".al-event"));
});

test("a link to this moment is copied, with a clipboard or without one, and shown where the browser refuses", async () => {
  const copied = vi.fn(() => true);
  document.execCommand = copied;
  page.more();
  press("ArrowRight");
  find(".al-do-copy-link").click();
  await vi.advanceTimersByTimeAsync(0);
  expect([copied.mock.calls, find(".al-error").hidden]).toEqual([[["copy"]], true]);
  document.execCommand = () => false;
  find(".al-do-copy-link").click();
  await vi.advanceTimersByTimeAsync(0);
  expect(find(".al-error").textContent).toContain("#arenalab=Fake.0@1");
});

test("help lists the keys, those of the explorer among them", () => {
  page.state = { ...page.state, doc: "Shows\nthings.\n\nMore.", keys: [["ArrowUp", "does something"]] };
  press("?");
  expect(find(".al-help-box").hasAttribute("open")).toBe(true);
  expect(find(".al-help-box").textContent).toContain("↑does something");
  expect(find(".al-doc").textContent).toBe("Shows things.\n\nMore.");
});

test("a frame that cannot be drawn is told to the kernel, and the page goes on", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  vi.spyOn(page.stage, "paint").mockImplementationOnce(() => {
    throw new Error("broken");
  });
  press("ArrowRight");
  expect(sent("failed").length).toBe(1);
  press("ArrowRight");
  await vi.advanceTimersByTimeAsync(100);
  expect(find(".al-sentence").textContent).toBe("step 2 happens");
});
