import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ListingBox, blocks } from "../src/listing.js";

const LINES = /** @type {[string, number, number][]} */ ([
  ["a := arena.NewArena()", 0, 0], ["for range 20 {", -1, 0], ...Array.from({ length: 12 }, (_, at) => ["x()", at + 1, 1]), ["}", -1, 0], ["a.Free()", 13, 0],
]);
/** @type {ListingBox} */
let box;
const jump = vi.fn(), loop = vi.fn(), lines = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  vi.useFakeTimers();
  box = new ListingBox({ jump, loop, lines });
  document.body.replaceChildren(box.box);
  box.take({ lines: LINES });
});
afterEach(() => vi.useRealTimers());

test("a block ends before the next line that is not deeper", () => {
  expect(blocks([["", 0, 0], ["", 0, 1], ["", 0, 2], ["", 0, 1], ["", 0, 0]])).toEqual([3, 2, 2, 3, 4]);
});

test("a long loop begins folded, and the mark of a hidden line stands at the loop", () => {
  expect(box.rows.filter((row) => row.hidden).length).toBe(12);
  box.mark(7);
  expect(box.rows[1].getAttribute("aria-current")).toBe("step");
  box.fold(1, false);
  expect([box.rows[1].getAttribute("aria-current"), box.rows[7].getAttribute("aria-current")]).toEqual([null, "step"]);
});

test("a click jumps behind the operation of the line; one upon the mark of a loop folds", () => {
  box.rows[15].querySelector("code")?.click();
  expect(jump.mock.calls).toEqual([[13]]);
  /** @type {HTMLElement} */ (box.rows[1].querySelector(".al-fold")).click();
  expect(box.rows[2].hidden).toBe(false);
  expect(jump.mock.calls.length).toBe(1);
});

test("a loop shows each time around, and its body once again; it stays as its reader folded it", () => {
  const head = /** @type {[string, number, number, number, boolean]} */ (["for range 20 {", 1, 0, 7, false]);
  box.take({ lines: [LINES[0], head, ...LINES.slice(2)] });
  expect(box.rows[2].hidden).toBe(true);
  const opened = /** @type {[string, number, number, number, boolean]} */ ([...head.slice(0, 4), true]);
  /** @type {HTMLElement} */ (box.rows[1].querySelector(".al-each")).click();
  expect([loop.mock.calls, jump.mock.calls]).toEqual([[[7, true]], []]);
  box.take({ lines: [LINES[0], opened, ...LINES.slice(2)] });
  expect(box.rows[2].hidden).toBe(false);
  expect(box.rows[1].querySelector(".al-each")?.textContent).toBe("once");
  box.fold(1, true);
  box.take({ lines: [LINES[0], opened, ...LINES.slice(2)] });
  expect(box.rows[2].hidden).toBe(true);
  box.rows[1].focus();
  box.lines.dispatchEvent(new KeyboardEvent("keydown", { key: "e" }));
  expect(loop.mock.calls.at(-1)).toEqual([7, false]);
});

test("of a long program the lines around the one at hand are asked for, once", () => {
  box.take({ lines: LINES, first: 2000, total: 9000 });
  expect([box.before.textContent, box.after.textContent]).toEqual(["2,000 lines before these", `${(7000 - LINES.length).toLocaleString("en")} lines after these`]);
  expect(box.rows[0].querySelector(".al-number")?.textContent).toBe("2,001");
  box.mark(2015);
  expect(box.rows[15].getAttribute("aria-current")).toBe("step");
  for (const line of [8000, 8000, 8001]) box.mark(line);
  vi.advanceTimersByTime(1000);
  expect(lines.mock.calls).toEqual([[8001]]);
  expect(box.rows[15].getAttribute("aria-current")).toBe(null);
  box.take({ lines: LINES, first: 7990, total: 9000 });
  expect(box.rows[1].getAttribute("aria-current")).toBe("step"); // the folded loop around it
  box.after.click();
  vi.advanceTimersByTime(1000);
  expect(lines.mock.calls.at(-1)).toEqual([7990 + LINES.length]);
});

test("without a kernel there is no more than what is here", () => {
  box.take({ lines: [["for range 4 { x() }", 1, 0, 7, false]], first: 2000, total: 9000 }, false);
  expect([box.before.hidden, box.after.hidden, box.rows[0].querySelector(".al-each")]).toEqual([true, true, null]);
  box.mark(5);
  vi.advanceTimersByTime(1000);
  expect(lines.mock.calls).toEqual([]);
});
