"""Write docs/performance.md and its pictures from the figures of `make bench`.

    python -m tools.performance artifacts/bench.json docs

The page says what was measured where; nobody edits it by hand.
"""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from arenalab.draw.still import Svg
from tools.performance_text import BEFORE, TESTS, TEXT, TRIED

Bench = dict[str, dict[str, Any]]  # name of a benchmark -> its extra_info
Line = list[tuple[float, float]]

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 800, 330, 100, 170, 34, 48

#: What a browser test measures, by its name in `latency.json`.
SCREEN = {f"{kind}: click to painted frame, 10^6 objects": kind for kind in ("ChunkMap", "HeapBitmap")}


def main() -> None:
    """Read the figures named on the command line and write page and pictures into a folder."""
    figures, folder = Path(sys.argv[1]), Path(sys.argv[2])
    said = json.loads(figures.read_text(encoding="utf-8"))
    bench: Bench = {row["name"]: row["extra_info"] for row in said["benchmarks"]}
    latency = figures.with_name("latency.json")
    screen = json.loads(latency.read_text(encoding="utf-8")) if latency.exists() else {}
    opening = figures.with_name("opening.json")
    opened = json.loads(opening.read_text(encoding="utf-8")) if opening.exists() else []
    (folder / "performance.md").write_text(page(said, bench, screen, opened), encoding="utf-8")
    pictures = folder / "pictures"
    pictures.mkdir(exist_ok=True)
    (pictures / "performance-engines.svg").write_text(engines_chart(bench), encoding="utf-8")
    (pictures / "performance-scaling.svg").write_text(scaling_chart(bench), encoding="utf-8")
    print(f"wrote {folder / 'performance.md'} and two pictures")


def page(said: dict[str, Any], bench: Bench, screen: Bench, opened: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return the page's text; `screen` is what the browser tests measured, `opened` what bench_opening did."""
    machine, cpu = said["machine_info"], said["machine_info"]["cpu"]
    memory, seek, gc = bench["test_memory"], bench["test_seek"], bench["test_gc_cycle"]
    return TEXT.format(
        **_limits(bench),
        **_step(bench),
        tests="\n".join(f"| {' | '.join(row)} |" for row in TESTS),
        date=said["datetime"][:10],
        load=os.getloadavg()[1] if hasattr(os, "getloadavg") else math.nan,
        cpu=cpu.get("brand_raw", machine["machine"]),
        cores=cpu.get("count", "?"),
        system=f"{machine['system']} {machine['release']}",
        python=machine["python_version"],
        numpy=bench["test_memory"]["numpy"],
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
        opening="\n".join(opening_rows(opened)),
    )


def opening_rows(opened: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a row for each explorer and history that it opened."""
    return [
        f"| {it['shape']}, {it['events']:,} | {it['name']} | {it['first']:.2f} s | {1000 * it['step']:.0f} ms |"
        f" {1000 * it['worst']:.0f} ms | {it['memory'] / 2**20:,.0f} MiB |"
        for it in opened
    ] or ["| not measured | | | | | |"]


def _limits(bench: Bench) -> dict[str, float]:
    mixed, moved = bench["test_engines[mixed]"], bench["test_bytes_that_bits_move"]
    bit = bench["test_bitmap_of_a_million_values"]["cpu_ns"]
    event, least = bench["test_step_events"]["ns"], bench["test_least_for_an_event"]["ns"]
    return {
        "mixed": mixed["cpu_ns"],
        "bump": mixed["go_bump_ns"],
        "over_bump": mixed["cpu_ns"] / mixed["go_bump_ns"],
        "bit": bit,
        "moved": moved["ns"],
        "bytes": moved["moved"],
        "gigabytes": moved["gigabytes"],
        "over_moved": bit / moved["ns"],
        "event": event,
        "least": least,
        "over_least": event / least,
    }


def _step(bench: Bench) -> dict[str, Any]:
    events, profile = bench["test_step_events"], bench["test_step_profile"]
    least = bench["test_least_for_an_event"]["ns"]
    return {
        "per_second": events["per_second"],
        "calls": profile["calls"],
        "longest": profile["longest"],
        "rest": 1000 - least,
        "own": events["ns"] - least,
        "profile": "\n".join(f"| {part} | {share:.0%} |" for part, share in profile["shares"].items()),
        "tried": "\n".join(f"| {' | '.join(row)} |" for row in TRIED),
    }


def _screen_rows(screen: Bench) -> list[str]:
    aim = "≤ 50 and ≤ 100 ms"
    return [
        f"| {kind} | {screen[name]['median_ms']:.0f} ms | {screen[name]['p90_ms']:.0f} ms | {aim} |"
        if name in screen
        else f"| {kind} | not measured | | {aim} |"
        for name, kind in SCREEN.items()
    ]


def _engines(bench: Bench) -> Bench:
    return {name[13:-1]: row for name, row in bench.items() if name.startswith("test_engines[")}


def _scaling(bench: Bench) -> list[dict[str, Any]]:
    rows = [row for name, row in bench.items() if name.startswith("test_scaling[")]
    return sorted(rows, key=lambda row: int(row["operations"]))


def _engine_row(name: str, row: dict[str, Any]) -> str:
    step, bulk, go, thread = row["step_ns"], row["cpu_ns"], row["go_all_ns"], row["go_ns"]
    read = bulk + row["read_ns"]
    return (
        f"| {name} | {step:,.0f} ns | {bulk:,.0f} ns | {read:,.0f} ns | {go:,.0f} ns | {thread:,.0f} ns |"
        f" {bulk / go:.2f} | {bulk / thread:.2f} | {BEFORE.get(name, 'not measured')} | {read / thread:.2f} |"
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
        for word, key in (("step machine", "step_ns"), ("bulk", "cpu_ns"), ("real Go", "go_all_ns"))
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
