// The cells of a raster: how runs change them, which pixels they have, what is seen of them. All of it is pure but
// `paint`.

/** @typedef {{x: number, y: number, cells: number}} View the first cell that is seen, and how many across */

const NEAREST = 16; // cells across when zoomed in most

/**
 * Change `words` as `runs` say; return the lines of `columns` that changed.
 * @param {Uint8Array} words
 * @param {Uint32Array} runs triples (first word, words, class)
 * @param {number} columns
 * @returns {[number, number]}
 */
export function apply(words, runs, columns) {
  let first = words.length;
  let last = 0;
  for (let at = 0; at < runs.length; at += 3) {
    const end = runs[at] + runs[at + 1];
    words.fill(runs[at + 2], runs[at], end);
    if (runs[at] < first) first = runs[at];
    if (end > last) last = end;
  }
  return [Math.floor(first / columns), Math.ceil(last / columns)];
}

/** Return the runs that take `runs` back from `words`, to which they are not yet applied. @param {Uint8Array} words @param {Uint32Array} runs */
export function inverse(words, runs) {
  /** @type {number[]} */
  const back = [];
  for (let at = 0; at < runs.length; at += 3) {
    for (let word = runs[at]; word < runs[at] + runs[at + 1]; word++) {
      const open = back.length && word > runs[at] && back[back.length - 1] === words[word];
      if (open) back[back.length - 2]++;
      else back.push(word, 1, words[word]);
    }
  }
  return Uint32Array.from(back);
}

/** Return the pixel of each class for colours like "#0072b2". @param {string[]} colours */
export function pixelsOf(colours) {
  const bytes = new Uint8ClampedArray(256 * 4);
  colours.forEach((colour, at) => {
    const rgb = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
    bytes.set([...rgb, 255], at * 4);
  });
  return new Uint32Array(bytes.buffer);
}

/**
 * Give the words from one cell to another their pixels.
 * @param {Uint32Array} pixels @param {Uint8Array} words @param {Uint32Array} lut @param {number} first @param {number} last
 */
export function tint(pixels, words, lut, first, last) {
  const end = Math.min(words.length, last);
  for (let at = first; at < end; at++) pixels[at] = lut[words[at]];
}

/**
 * Keep a view inside a raster of which `most` cells are seen across.
 * @param {View} view @param {number} most @param {number} ratio @returns {View}
 */
export function kept({ x, y, cells }, most, ratio) {
  const across = Math.min(Math.max(cells, Math.min(NEAREST, most)), most);
  const inside = (/** @type {number} */ at, /** @type {number} */ share) =>
    Math.min(Math.max(at, 0), Math.round((most - across) / share));
  return { x: inside(x, 1), y: inside(y, ratio), cells: across };
}

/**
 * Paint the part of a sheet (a canvas with one pixel per word) that `view` shows.
 * @param {CanvasRenderingContext2D} context @param {HTMLCanvasElement} sheet @param {View} view
 */
export function paint(context, sheet, view) {
  const { width, height } = context.canvas;
  context.imageSmoothingEnabled = false; // a cell is one colour
  context.clearRect(0, 0, width, height);
  const down = (view.cells * height) / width;
  if (sheet.height) context.drawImage(sheet, view.x, view.y, view.cells, down, 0, 0, width, height);
}

/** Return runs of (start, length, class) from steps between starts, then lengths, then classes. @param {number[]} packed */
export function unpacked(packed) {
  const count = packed.length / 3;
  const runs = new Uint32Array(packed.length);
  for (let at = 0, start = 0; at < count; at += 1) {
    start += packed[at];
    runs.set([start, packed[count + at], packed[2 * count + at]], 3 * at);
  }
  return runs;
}
