// Points of a chart that are selected: what the reader chose is told to the kernel, what the kernel chose is shown.

import { settled } from "./dom.js";

const SETTLED = 60; // ms: a lasso changes it with each move

/** Tell which points of some sources are selected, by their column `row`. @param {any[]} sources @param {(rows: number[]) => void} tell */
export function hearSelection(sources, tell) {
  const told = settled(() => {
    const rows = sources.flatMap((it) => [...it.selected.indices].map((at) => it.data.row[at]));
    tell(rows.sort((a, b) => a - b));
  }, SETTLED);
  for (const it of sources) it.selected.properties.indices.change.connect(told);
}

/** Select points; nothing happens where they are. @param {any[]} sources @param {number[]} rows */
export function select(sources, rows) {
  const wanted = new Set(rows);
  for (const it of sources) {
    const found = [...it.data.row].flatMap((row, at) => (wanted.has(row) ? [at] : []));
    if (String(found) !== String(it.selected.indices)) it.selected.indices = found;
  }
}
