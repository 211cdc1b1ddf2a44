// A text for every step of a film, stored as changes against the row before; player/film.py writes them.

/** @typedef {[number, number, number?, string?][]} Rows [step, kept in front, kept behind, between] or [step, an earlier row] */

export class Texts {
  /** @param {Rows} rows */
  constructor(rows) {
    this.from = rows.map((row) => row[0]);
    let last = "";
    /** @type {string[]} */
    this.texts = [];
    for (const [, front, behind, between] of rows) {
      if (behind === undefined) last = this.texts[front];
      else last = last.slice(0, front) + between + last.slice(last.length - behind);
      this.texts.push(last);
    }
  }

  /** Return which text holds at a step: the last that begins at it or before. @param {number} step */
  version(step) {
    let low = 0;
    let high = this.from.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.from[middle] <= step) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** @param {number} step */
  at(step) {
    return this.texts[this.version(step)] ?? "";
  }
}

/** The same for JSON: what does not change is read once. */
export class Values {
  /** @param {Rows | undefined} rows @param {any} none where there are no rows */
  constructor(rows, none) {
    this.texts = rows?.length ? new Texts(rows) : null;
    this.none = none;
    /** @type {Map<number, any>} */
    this.read = new Map();
  }

  /** @param {number} step */
  at(step) {
    if (!this.texts) return this.none;
    const version = this.texts.version(step);
    if (!this.read.has(version)) this.read.set(version, JSON.parse(this.texts.texts[version] || "null"));
    return this.read.get(version);
  }
}
