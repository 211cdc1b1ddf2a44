"""How bokeh rules and writes the scales of plots; no word from outside goes into any of this code."""

from __future__ import annotations

import math
from typing import Any

from bokeh import models

from arenalab.draw.plots import BYTES, NUMBER, PERCENT, SECONDS, Axis, strip_ticks

#: Numbers in words, by their unit.
WORDS = {
    BYTES: """
const size = Math.abs(tick), power = size < 1024 ? 0 : Math.min(3, Math.floor(Math.log2(size) / 10));
return `${Number((tick / 2 ** (10 * power)).toPrecision(4))} ${["B", "KiB", "MiB", "GiB"][power]}`;
""",
    SECONDS: """
if (tick === 0) return "0";
const power = Math.max(0, Math.min(3, Math.ceil(-Math.log10(Math.abs(tick)) / 3 - 1e-9)));
return `${Number((tick * 10 ** (3 * power)).toPrecision(3))} ${["s", "ms", "µs", "ns"][power]}`;
""",
    PERCENT: "return `${Number(tick.toPrecision(4))} %`;",
    NUMBER: 'return Number(tick.toPrecision(12)).toLocaleString("en");',
}
#: All digits, where one points; of bytes in words as well.
EXACT = {
    BYTES: f"const tick = value, words = (() => {{{WORDS[BYTES]}}})(), all = tick.toLocaleString('en');\n"
    "return Math.abs(tick) < 1024 ? words : `${words} (${all} bytes)`;",
    SECONDS: "return `${value.toPrecision(6)} s`;",
    PERCENT: "return `${Number(value.toPrecision(4))} %`;",
    NUMBER: 'return value.toLocaleString("en", { maximumFractionDigits: 6 });',
}  # fmt: skip
#: 1, 2, 5, 10 … as far as they are seen; a part that holds fewer than three is ruled evenly.
RULERS = """
const low = Math.min(cb_data.start, cb_data.end), high = Math.max(cb_data.start, cb_data.end);
const round = (it) => Number(it.toPrecision(12)), rulers = [];
const powers = Math.log10(high / low), firsts = powers > 5 ? [1] : powers > 2.5 ? [1, 3] : [1, 2, 5];
for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
  for (const first of firsts) rulers.push(round(first * 10 ** power));
const seen = rulers.filter((it) => low <= it && it <= high);
if (seen.length > 2) return seen;
const least = (high - low) / 6;
const step = [1, 2, 5, 10].map((it) => it * 10 ** Math.floor(Math.log10(least))).find((it) => it >= least);
const even = [];
for (let at = Math.ceil(low / step); at * step <= high; at++) even.push(round(at * step));
return even;
"""


def ticker(axis: Axis, *, few: bool) -> Any:
    """Return what rules a scale at round numbers: bytes at powers of two."""
    if few:
        return models.FixedTicker(ticks=strip_ticks(axis))
    if axis.log and axis.unit == BYTES:
        return models.LogTicker(
            base=2 ** max(1, math.ceil(math.log2(axis.high / axis.low) / 5)), num_minor_ticks=0
        )
    if axis.log:
        return models.CustomJSTicker(major_code=RULERS)
    if axis.unit == BYTES:
        return models.AdaptiveTicker(
            base=2, mantissas=[1], desired_num_ticks=4, num_minor_ticks=0, min_interval=1
        )
    if axis.unit == PERCENT:
        return models.FixedTicker(ticks=[0, 25, 50, 75, 100])
    least = 1 if axis.unit == NUMBER else 0
    return models.AdaptiveTicker(
        mantissas=[1, 2, 5], desired_num_ticks=4, num_minor_ticks=0, min_interval=least
    )
