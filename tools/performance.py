"""Write docs/performance.md and its pictures from the figures of `make bench`.

    python -m tools.performance artifacts/bench.json docs

The page says what was measured where; nobody edits it by hand.
"""

from __future__ import annotations

import json
import math
import os
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

from arenalab.draw.still import Svg

Bench = dict[str, dict[str, Any]]  # name of a benchmark -> its extra_info
Line = list[tuple[float, float]]

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 800, 330, 100, 170, 34, 48

TEXT = """# Performance

Made by `make bench` on {date}; run it again to have this page for your own machine.

Machine: {cpu}, {cores} cores, {system}, Python {python}, numpy {numpy}. Times of
operations, seeks and bitmaps are of the processor, the best of some rounds, since other programs may be running and
slow these too, by sharing its caches; those of collections, of expanding and of pictures are elapsed. The load over
the last five minutes was {load:.1f}; alone the benchmarks make 1.

## An operation: step machine, bulk, real Go

The same rows, performed three ways. *Real Go* is Go 1.21.13 with `GOEXPERIMENT=arenas`, from the first chunk on: it
maps, faults in and zeroes its chunks, as the replay obtains them. An allocation alone, in a chunk that is there, costs
real Go {bump:.0f} ns in "mixed". *Bulk* includes the certificate of every run. It does not include the rows of the
ledger, of user arenas that came and went, and of their small objects: a run's event tells them all, and they are
written when somebody first reads them. *All read* adds that, once.

| workload | step machine | bulk | all read | real Go | bulk ÷ real Go | all read ÷ real Go | step ÷ bulk |
|---|---:|---:|---:|---:|---:|---:|---:|
{engines}

![Nanoseconds per operation of the three engines](pictures/performance-engines.svg)

Arenas that come and go ("many-small-arenas", "request-response") are made, filled and freed in runs as long as one
chunk is handed on by the reuse list: a run ends where a chunk is full, at a collection, and before an arena that is
freed or made outside of it. A collection flushes the caches, so the arena after it goes step by step. Where fewer than
a hundred rows follow each other undisturbed, the step machine does the work.

What limits bulk: some sixty passes of numpy over columns that stay in the processor's second cache, a nanosecond a
value or less each; half of them are the certificate's. A run costs a third of a millisecond besides, whatever its
length, so one of 32,768 rows adds 10 ns to each. Real Go's allocation alone, in a chunk that is there, is what an exact
model can't go below while it says where each value stands.

## What was tried

Measured on one machine with others at work on it, so each row compares two states of one hour.

| what | measured | kept |
|---|---|---|
| bits of slices by words of tiled masks, not value by value | "batch-decode" 320 → 138 ns | yes |
| runs of arenas | "request-response" 2,618 → 700 ns | yes |
| | "many-small-arenas" 15,200 → 1,470 ns | |
| rows of arenas that came and went made when somebody looks | "many-small-arenas" 1,470 → 470 ns | yes |
| 32-bit offsets for 64-bit addresses, no sort for one arena | "tree-build" 72 → 64 ns | yes |
| runs of 4,096, 8,192, 16,384 rows in place of 32,768 | "tree-build" 144, 103, 86 ns against 75 | no |
| mypyc on `growing`, `columns`, `deferred`, `heapbits`, `layout` | no build in five busy minutes: no figure | no |

The step machine makes 210,000 to 320,000 events a second, and a profile says why not a million. Of the 4.8 µs that an
event of a random allocation took on the busy machine no function takes more than a tenth: it passes through a generator
for each Go function on the way (`alloc`, `userArenaNextFree`, `heapBitsSetType`), is made as a record, looked up,
written to a table and to a journal, and kept. An operation makes some 80 calls of Python. The five leaf modules above
are a seventh of that, so free of charge they would not give half of the wanted factor of 2.

## From a thousand operations to a hundred million

"mixed", replayed in pieces of 2²⁰ operations. The time includes making the workload. Between two pieces the World
forgets what only pictures of the past read, so memory does not grow with the program.

| operations | ns per operation | against a tenth as many | peak memory of the process |
|---:|---:|---:|---:|
{scaling}

![Nanoseconds per operation against the number of operations](pictures/performance-scaling.svg)

## The rest

| what | measured | aim |
|---|---:|---:|
| memory of a History, per operation of a million | {history_bytes:.0f} bytes | ≤ 100 |
| the same once its ledger has been read | {read_bytes:.0f} bytes | ≤ 100 |
| the trace it refers to, per operation | {trace_bytes:.0f} bytes | |
| seek to a random moment of a million operations: median of 200 | {seek_median:.1f} ms | |
| the slowest of them | {seek_worst:.1f} ms | ≤ 50 ms |
| bitmap of a million mixed values, solved and certified | {bits:.0f} ms | ≤ 300 ms |
| a collection of the same program, {gc_chunks} chunks | {gc:.1f} ms | |
| expanding the largest run into micro-events ({expanded:,} operations) | {expand:.0f} ms | |
| first chunk map of a million objects | {first:.0f} ms | ≤ 1000 ms |
{views}

## On the screen

In JupyterLab, in a Chromium without a screen, one chunk of a million objects: from a click on "step back" until the
picture is painted, 60 clicks, a quarter of a second apart. *The explorer* is the whole of it, shapes, words and
raster; *the kernel's own* is the picture that the kernel draws after the click and that has the last word.

| what | median | p90 | aim |
|---|---:|---:|---:|
{screen}
"""

#: What a browser test measures, by its name in `latency.json`.
SCREEN = {
    f"{kind}: click to painted {what}, 10^6 objects": (f"{kind}, {said}", aim)
    for kind in ("ChunkMap", "HeapBitmap")
    for what, said, aim in (
        ("explorer", "the explorer", "≤ 50 and ≤ 100 ms"), ("frame of the kernel", "the kernel's own", "")
    )
}  # fmt: skip


def main() -> None:
    """Read the figures named on the command line and write page and pictures into a folder."""
    figures, folder = Path(sys.argv[1]), Path(sys.argv[2])
    said = json.loads(figures.read_text(encoding="utf-8"))
    bench: Bench = {row["name"]: row["extra_info"] for row in said["benchmarks"]}
    latency = figures.with_name("latency.json")
    screen = json.loads(latency.read_text(encoding="utf-8")) if latency.exists() else {}
    (folder / "performance.md").write_text(page(said, bench, screen), encoding="utf-8")
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    (pictures / "performance-engines.svg").write_text(engines_chart(bench), encoding="utf-8")
    (pictures / "performance-scaling.svg").write_text(scaling_chart(bench), encoding="utf-8")
    print(f"wrote {folder / 'performance.md'} and two pictures")


def page(said: dict[str, Any], bench: Bench, screen: Bench) -> str:
    """Return the page's text; `screen` is what the browser tests measured."""
    machine, cpu = said["machine_info"], said["machine_info"]["cpu"]
    memory, seek, gc = bench["test_memory"], bench["test_seek"], bench["test_gc_cycle"]
    return TEXT.format(
        date=said["datetime"][:10],
        load=os.getloadavg()[1] if hasattr(os, "getloadavg") else math.nan,
        cpu=cpu.get("brand_raw", machine["machine"]),
        cores=cpu.get("count", "?"),
        system=f"{machine['system']} {machine['release']}",
        python=machine["python_version"],
        numpy=bench["test_memory"]["numpy"],
        bump=bench["test_engines[mixed]"]["go_bump_ns"],
        engines="\n".join(_engine_row(name, row) for name, row in _engines(bench).items()),
        scaling="\n".join(_scaling_rows(bench)),
        history_bytes=memory["history_bytes"],
        read_bytes=memory["read_bytes"],
        trace_bytes=memory["trace_bytes"],
        seek_median=seek["median_ms"],
        seek_worst=seek["worst_ms"],
        bits=bench["test_bitmap_of_a_million_values"]["cpu_ns"],
        gc=gc["ms"],
        gc_chunks=gc["chunks"],
        expanded=bench["test_expand_largest_run"]["operations"],
        expand=bench["test_expand_largest_run"]["ms"],
        first=bench["test_first_chunk_map"]["ms"],
        views="\n".join(
            _view_row(row) for name, row in bench.items() if name.startswith("test_chunk_map_at")
        ),
        screen="\n".join(_screen_rows(screen)),
    )


def _screen_rows(screen: Bench) -> list[str]:
    return [
        f"| {said} | {screen[name]['median_ms']:.0f} ms | {screen[name]['p90_ms']:.0f} ms | {aim} |"
        if name in screen
        else f"| {said} | not measured: no Chromium | | {aim} |"
        for name, (said, aim) in SCREEN.items()
    ]


def _engines(bench: Bench) -> Bench:
    return {name[13:-1]: row for name, row in bench.items() if name.startswith("test_engines[")}


def _scaling(bench: Bench) -> list[dict[str, Any]]:
    rows = [row for name, row in bench.items() if name.startswith("test_scaling[")]
    return sorted(rows, key=lambda row: int(row["operations"]))


def _engine_row(name: str, row: dict[str, Any]) -> str:
    step, bulk, go = row["step_ns"], row["cpu_ns"], row["go_ns"]
    read = bulk + row["read_ns"]
    return (
        f"| {name} | {step:,.0f} ns | {bulk:,.0f} ns | {read:,.0f} ns | {go:,.0f} ns | {bulk / go:.2f} |"
        f" {read / go:.2f} | {step / bulk:,.1f} |"
    )


def _scaling_rows(bench: Bench) -> list[str]:
    rows, texts = _scaling(bench), []
    for number, row in enumerate(rows):
        change = f"{row['cpu_ns'] / rows[number - 1]['cpu_ns'] - 1:+.0%}" if number else ""
        memory = f"{row['peak_bytes'] / 2**20:,.0f} MiB"
        texts.append(f"| {row['operations']:,} | {row['cpu_ns']:,.0f} | {change} | {memory} |")
    return texts


def _view_row(row: dict[str, Any]) -> str:
    return f"| chunk map of a million objects, {row['fit']} | {row['ms']:.1f} ms | |"


def engines_chart(bench: Bench) -> str:
    """Draw the engines' times, workload by workload, on a logarithmic scale."""
    engines = _engines(bench)
    lines = {
        word: [(float(at), row[key]) for at, row in enumerate(engines.values())]
        for word, key in (("step machine", "step_ns"), ("bulk", "cpu_ns"), ("real Go", "go_ns"))
    }
    ticks = {float(at): name for at, name in enumerate(engines)}
    return str(_chart("Nanoseconds per operation", lines, ticks, linked=False))


def scaling_chart(bench: Bench) -> str:
    """Draw the time per operation against the length of the program."""
    rows = _scaling(bench)
    lines = {"bulk, streamed": [(math.log10(row["operations"]), row["cpu_ns"]) for row in rows]}
    ticks = {x: f"10^{round(x)}" for x, _ in lines["bulk, streamed"]}
    return str(_chart("Nanoseconds per operation, by operations", lines, ticks, linked=True))


def _chart(title: str, lines: dict[str, Line], ticks: dict[float, str], *, linked: bool) -> Svg:
    """Draw named lines; the upward scale is logarithmic, whole powers of ten."""
    values = [y for line in lines.values() for _, y in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    xs = sorted(ticks)

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - xs[0]) / ((xs[-1] - xs[0]) or 1)
        up = (math.log10(y) - low) / ((high - low) or 1)
        return LEFT + 20 + across * (WIDTH - LEFT - RIGHT - 50), HEIGHT - BOTTOM - up * (
            HEIGHT - TOP - BOTTOM
        )

    svg = Svg(
        WIDTH, HEIGHT, "light", title, "; ".join(f"{name}: {_said(line)}" for name, line in lines.items())
    )
    svg.text(LEFT, 20, title, bold=True)
    for power in range(low, high + 1):
        _, y = place(xs[0], 10.0**power)
        svg.line((LEFT, y), (WIDTH - RIGHT, y), "line", 0.5)
        svg.text(LEFT - 8, y + 4, f"{10**power:,} ns" if power >= 0 else f"{10.0**power} ns", anchor="end")
    for number, (x, name) in enumerate(ticks.items()):
        across, _ = place(x, 10.0**low)
        svg.text(across, HEIGHT - BOTTOM + (18 if number % 2 == 0 else 34), name, anchor="middle", size=11)
    for number, (name, line) in enumerate(lines.items()):
        _draw(svg, name, [place(x, y) for x, y in line], number, linked=linked)
    return svg


STROKES = ("now", "text", "faint")


def _draw(svg: Svg, name: str, points: Line, number: int, *, linked: bool) -> None:
    """Draw one line: its points as short strokes of its own tone and width, its name at the right."""
    tone, width = STROKES[number % len(STROKES)], 5.0 - 1.5 * number
    if linked:
        for start, end in pairwise(points):
            svg.line(start, end, tone, 2)
    for x, y in points:
        svg.line((x - 12, y), (x + 12, y), tone, width)
    key = TOP + 16 + 20 * number
    svg.line((WIDTH - RIGHT + 14, key - 4), (WIDTH - RIGHT + 38, key - 4), tone, width)
    svg.text(WIDTH - RIGHT + 46, key, name)


def _said(line: Line) -> str:
    return ", ".join(f"{y:,.0f} ns" for _, y in line)


if __name__ == "__main__":
    main()
