import { beforeEach, expect, test, vi } from "vitest";
import { Line, show } from "../src/served.js";

/** @type {any[][]} */
let posted;
/** @type {((answers: any) => void)[]} */
let answers;
/** @type {string[]} */
let complaints;
/** @type {Line} */
let line;

const settle = () => new Promise((resolve) => setTimeout(resolve));
/** @param {any[]} contents */
const post = (contents) => {
  posted.push(contents);
  return new Promise((resolve, reject) => answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer))));
};

beforeEach(() => {
  posted = [];
  answers = [];
  complaints = [];
  line = new Line(post, (error) => complaints.push(error));
});

test("what gathers while an answer is awaited is sent together, in order", async () => {
  for (const key of ["1", "2", "3"]) line.send({ kind: "moved", key });
  expect(posted).toEqual([[{ kind: "moved", key: "1" }]]);
  answers[0]([]);
  await settle();
  expect(posted[1].map(({ key }) => key)).toEqual(["2", "3"]);
});

test("each explorer hears its own messages, their parts as bytes", async () => {
  const hear = [vi.fn(), vi.fn()];
  hear.forEach((each, place) => line.model(place).on("msg:custom", each));
  line.model(1).send({ kind: "open" });
  expect(posted[0]).toEqual([{ kind: "open", place: 1 }]);
  answers[0]([{ place: 1, content: { kind: "state" }, buffers: [btoa("\x01\xff")] }]);
  await settle();
  expect(hear[0]).not.toHaveBeenCalled();
  expect(hear[1]).toHaveBeenCalledWith({ kind: "state" }, [new Uint8Array([1, 255])]);
});

test("what is asked for again while it is under way is not sent twice, afterwards it is", async () => {
  line.send({ kind: "ask", ask: "a" });
  line.send({ kind: "ask", ask: "a" });
  answers[0]([]);
  await settle();
  expect(posted.length).toBe(1);
  line.send({ kind: "ask", ask: "a" });
  expect(posted.length).toBe(2);
});

test("a carrier that fails is told of, and the next action tries again", async () => {
  line.send({ kind: "moved", key: "1" });
  line.send({ kind: "moved", key: "2" });
  answers[0](new Error("nobody answers"));
  await settle();
  expect(complaints).toEqual(["nobody answers"]);
  expect(posted.length).toBe(1);
  line.send({ kind: "moved", key: "3" });
  answers[1]([]);
  await settle();
  expect(complaints).toEqual(["nobody answers", ""]);
});

test("explorers are offered by name, and why one is not shown stays until another choice", async () => {
  const el = document.createElement("div");
  const session = { kind: "session", about: "<run>", names: ["Chunk map", "Counters"], shown: ["Chunk map"], style: "a{}", error: "" };
  const stop = show(el, post);
  expect(posted[0]).toEqual([{ kind: "explorer", place: 0, name: "" }]);
  answers[0]([{ place: 0, content: session, buffers: [] }]);
  await settle();
  const [first, second] = el.querySelectorAll("select");
  expect([...second.options].map(({ value }) => value)).toEqual(["none", "Chunk map", "Counters"]);
  expect([first.value, second.value, el.querySelector(".al-served-about")?.innerHTML]).toEqual(["Chunk map", "none", "&lt;run&gt;"]);
  first.value = "Counters";
  first.dispatchEvent(new Event("change"));
  answers[1]([]);
  await settle();
  expect(posted.at(-1)?.at(-1)).toEqual({ kind: "explorer", place: 0, name: "Counters" });
  answers.at(-1)?.([{ place: 0, content: { ...session, error: "refused" }, buffers: [] }]);
  await settle();
  expect([first.value, el.querySelector(".al-served-error")?.textContent]).toEqual(["Chunk map", "refused"]);
  stop();
});
