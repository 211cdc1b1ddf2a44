// The axis across that the plots of a chart share: which part of it is seen, and how a reader changes that.

/** @typedef {[number, number]} Part */

const LEAST = 4; // steps that a zoomed axis shows at least

/**
 * Return a part `factor` times as wide as another, inside `whole`; `fixed` stays where it is if it is seen.
 * @param {Part} part
 * @param {number} factor
 * @param {Part} whole
 * @param {number} fixed
 * @returns {Part}
 */
export function scaled([start, end], factor, whole, fixed) {
  const most = whole[1] - whole[0];
  const width = Math.min(Math.max((end - start) * factor, Math.min(LEAST, most)), most);
  const about = fixed >= start && fixed <= end ? fixed : (start + end) / 2;
  return placed(about - ((about - start) / (end - start || 1)) * width, width, whole);
}

/**
 * Return a part of a width that begins at `start`, or as near to it as it can inside `whole`.
 * @param {number} start
 * @param {number} width
 * @param {Part} whole
 * @returns {Part}
 */
export function placed(start, width, whole) {
  const first = Math.min(Math.max(start, whole[0]), Math.max(whole[0], whole[1] - width));
  return [first, first + Math.min(width, whole[1] - whole[0])];
}

export class ChartAxis {
  /**
   * @param {any} range bokeh's
   * @param {Part} whole
   * @param {() => void} changed the part that is seen is another
   */
  constructor(range, whole, changed) {
    this.range = range;
    this.whole = whole;
    range.change.connect(changed);
  }

  /** The part that is seen. @returns {Part} */
  get part() {
    return [this.range.start, this.range.end];
  }

  isWhole() {
    return this.range.start <= this.whole[0] && this.range.end >= this.whole[1];
  }

  /** Take other ends; who saw the whole axis, or is to see it, sees the new one. @param {Part} whole @param {boolean} anew */
  bound(whole, anew) {
    const all = anew || this.isWhole();
    this.whole = whole;
    this.range.bounds = whole;
    if (all) this.see(whole);
  }

  /** @param {Part} part */
  see([start, end]) {
    this.range.setv({ start, end });
  }

  /** Show a part `factor` times as wide, about `fixed` where that is seen. @param {number} factor @param {number} fixed */
  zoom(factor, fixed) {
    this.see(scaled(this.part, factor, this.whole, fixed));
  }

  /** Move the part that is seen by a share of it. @param {number} share */
  pan(share) {
    const [start, end] = this.part;
    this.see(placed(start + share * (end - start), end - start, this.whole));
  }

  /** See to it that a place is seen. @param {number} at */
  follow(at) {
    const [start, end] = this.part;
    if (at < start || at > end) this.see(placed(at - (end - start) / 2, end - start, this.whole));
  }
}
